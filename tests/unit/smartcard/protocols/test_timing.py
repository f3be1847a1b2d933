"""Times against figures worked out by hand from ISO/IEC 7816-3."""

from __future__ import annotations

import pytest

from smartcard.atr import ATR
from smartcard.convention import turned
from smartcard.timing import (
    CLOCKS,
    Rate,
    block_waiting_etu,
    character_waiting_etu,
    extra_guard_etu,
    waiting_etu,
)

SLOW, FAST = CLOCKS["3.57"], CLOCKS["6"]
T1_ATR = ATR.parse(bytes.fromhex("3B9D968131FE4D8073C021805753544220504956E7"))


@pytest.mark.parametrize(
    ("f", "d", "slow", "fast"),
    [(372, 1, 9600, 16129), (372, 12, 115200, 193548), (512, 16, 111600, 187500), (512, 32, 223200, 375000)],
    ids=["11", "18", "95", "96"],
)
def test_baud(f: int, d: int, slow: int, fast: int) -> None:
    assert (Rate(f, d, SLOW).baud, Rate(f, d, FAST).baud) == (slow, fast)
    assert Rate(f, d, SLOW).etu == pytest.approx(1 / slow, rel=1e-4)


def test_waiting_time_of_t0_is_about_a_second_at_every_rate() -> None:
    atr = ATR.parse(bytes.fromhex("3B00"))
    assert waiting_etu(atr, 1) == 9600
    assert waiting_etu(atr, 32) * Rate(512, 32, SLOW).etu == pytest.approx(1.376, abs=0.001)
    wi_is_ff = ATR.parse(bytes.fromhex("3B8040FF"))
    assert waiting_etu(wi_is_ff, 1) == 960 * 255
    assert waiting_etu(ATR.parse(bytes.fromhex("3B804000")), 1) == 9600, "a reserved WI is the default"


def test_waiting_times_of_t1() -> None:
    assert (T1_ATR.cwi, T1_ATR.bwi) == (13, 4)
    assert character_waiting_etu(T1_ATR) == 8203
    slow = Rate.default(SLOW)
    assert block_waiting_etu(T1_ATR, slow) * slow.etu == pytest.approx(1.6 + 11 / 9600)
    fast = Rate(512, 32, SLOW)
    assert block_waiting_etu(T1_ATR, fast) * fast.etu == pytest.approx(1.6 + 11 / 223200), "seconds, whatever the rate"


@pytest.mark.parametrize(("n", "t0", "t1"), [(0, 0, 0), (5, 5, 5), (254, 254, 254), (255, 0, -1)])
def test_guard_time(n: int, t0: int, t1: int) -> None:
    atr = ATR.parse(bytes((0x3B, 0x40, n)))
    assert (extra_guard_etu(atr, 0), extra_guard_etu(atr, 1)) == (t0, t1)


def test_a_port_shows_inverse_convention_turned() -> None:
    assert turned(bytes.fromhex("033F")) == bytes.fromhex("3F03"), "TS of 3F is seen as 03"
    assert turned(turned(bytes(range(256)))) == bytes(range(256))
