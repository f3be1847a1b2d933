"""Faults by name, and those that do not depend on the line."""

from __future__ import annotations

import pytest

from tests.unit.tools.card_sim.line.rig import T0_ATR, T1_ATR, FixedCard
from tools.card_sim.core import CardPulled, MuteCard
from tools.card_sim.dressed import CardWithATR, FaultyCard
from tools.card_sim.faults import FAULTS, Faults, FaultUnknown

GET_DATA = bytes.fromhex("00CB3FFF00")


def card(*faults: str, answers: dict[str, str] | None = None) -> FaultyCard:
    return FaultyCard(FixedCard(T1_ATR, answers or {}), Faults(faults))


def test_a_fault_strikes_as_often_as_it_says() -> None:
    faults = Faults(["wrong-lrc", "slow:3", "abort:always", "mute"])
    assert [faults.strikes("wrong-lrc") for _ in range(3)] == [True, False, False]
    assert [faults.strikes("slow") for _ in range(4)] == [True, True, True, False]
    assert all(faults.strikes(name) for name in ("abort", "mute") for _ in range(100))
    assert not faults.strikes("parity")


@pytest.mark.parametrize("text", ["", "nothing", "Mute", "slow:0", "slow:-1", "slow:x", "slow:1.5", "slow:²"])
def test_what_is_no_fault(text: str) -> None:
    with pytest.raises(FaultUnknown):
        Faults([text])


def test_the_known_ones_are_told() -> None:
    with pytest.raises(FaultUnknown, match="null-flood"):
        Faults(["nul-flood"])
    assert len(FAULTS) == 14


def test_a_fault_that_nobody_could_see_is_refused() -> None:
    Faults(["wrong-lrc"]).check(["T=0", "T=1"])
    with pytest.raises(FaultUnknown, match=r"'wrong-lrc' cannot happen over T=0 or T=14"):
        Faults(["mute", "wrong-lrc"]).check(["T=0", "T=14"])


def test_mute() -> None:
    once = card("mute:1")
    assert (once.power_on(), once.atr, once.reset(), once.atr) == (b"", b"", bytes.fromhex(T1_ATR), once.card.atr)
    assert card("mute").reset() == b""


def test_tck_wrong() -> None:
    assert card("tck-wrong").power_on().hex() == "3b800180"
    for without in (FixedCard(T0_ATR, {}), MuteCard()):
        with pytest.raises(FaultUnknown, match="TCK"):
            FaultyCard(without, Faults(["tck-wrong"]))


def test_6c_after_61() -> None:
    faulty = card("6c-after-61", answers={"00CB3FFF00": "6110", "00C0000010": "AB" * 16 + "9000"})
    assert faulty.process(GET_DATA).hex() == "610f"
    assert faulty.process(bytes.fromhex("00C000000F")).hex() == "6c10"
    assert faulty.process(bytes.fromhex("00C0000010")).hex() == "ab" * 16 + "9000"
    assert faulty.process(GET_DATA).hex() == "6110"


def test_6c_after_61_with_256_bytes() -> None:
    faulty = card("6c-after-61", answers={"00CB3FFF00": "6100", "00C0000000": "9000"})
    assert faulty.process(GET_DATA).hex() == "61ff"
    assert faulty.process(bytes.fromhex("00C00000FF")).hex() == "6c00"
    assert faulty.process(bytes.fromhex("00C0000000")).hex() == "9000"


def test_removal_and_swap() -> None:
    with pytest.raises(CardPulled) as gone:
        card("removal-in-apdu").process(GET_DATA)
    assert gone.value.other is None
    other = FixedCard(T0_ATR, {})
    swapped = FaultyCard(FixedCard(T1_ATR, {}), Faults(["swap"]), other=other)
    with pytest.raises(CardPulled) as gone:
        swapped.process(GET_DATA)
    assert gone.value.other is other
    assert swapped.process(GET_DATA).hex() == "6d00"
    with pytest.raises(FaultUnknown, match="another card"):
        card("swap")


def test_another_atr() -> None:
    inner = FixedCard(T1_ATR, {"00CB3FFF00": "9000"})
    dressed = CardWithATR(inner, bytes.fromhex(T0_ATR))
    assert (dressed.atr, dressed.power_on(), dressed.reset()) == (bytes.fromhex(T0_ATR),) * 3
    assert inner.resets == 2
    assert dressed.process(GET_DATA).hex() == "9000"
    assert dressed.takes_body(b"\x00\xa4\x00\x00\x00") and not dressed.takes_body(b"\x00\xb0\x00\x00\x00")
