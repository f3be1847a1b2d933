"""An answer to reset is read to its last byte and not one further."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smartcard.atr import ATR, MAX_BYTES, missing
from smartcard.atr_machine import FIRST_ETU, logical, receive
from smartcard.convention import turned
from smartcard.errors import ATRError
from smartcard.machine import Action, Read
from tests.unit.smartcard.protocols.card_side import anything, run

CARD_LIST = Path("/usr/share/pcsc/smartcard_list.txt")
NAGRA = bytes.fromhex("3FFF9500FF918171FE4700444E4153503134322052657647303410")


def receive_from(line: bytes) -> tuple[bytes, int]:
    """What was read of ``line``, and how many reads found less than they asked for."""
    at, short = 0, 0

    def carry_out(action: Action) -> bytes:
        nonlocal at, short
        assert isinstance(action, Read)
        piece = line[at : at + action.count]
        at += len(piece)
        short += len(piece) < action.count
        return piece

    return run(receive(), carry_out, 40), short


@pytest.mark.parametrize(
    "raw",
    ["3B00", "3B021450", "3B9D968131FE4D8073C021805753544220504956E7", "3B9F210E49524445544F204143532056342E319D"],
)
def test_nothing_is_waited_for_beyond_the_end(raw: str) -> None:
    whole = bytes.fromhex(raw)
    assert receive_from(whole + b"noise") == (whole, 0)


def test_inverse_convention_is_read_raw() -> None:
    raw, short = receive_from(turned(NAGRA) + b"noise")
    assert (logical(raw), short) == (NAGRA, 0)


@pytest.mark.parametrize("raw", [b"", b"\x00\x3b\x00", b"\xff" * 40])
def test_silence_and_noise_end_at_once(raw: bytes) -> None:
    assert receive_from(raw)[0] == raw[:1]


def test_the_first_character_comes_within_40000_clocks() -> None:
    read = next(receive())
    assert isinstance(read, Read)
    assert read.first_etu == FIRST_ETU == pytest.approx(107.5, abs=0.1)


@given(st.binary(max_size=60), st.sampled_from([b"\x3b", b"\x3f", b"\x03"]))
def test_any_line_is_read_within_33_bytes(tail: bytes, ts: bytes) -> None:
    raw, _ = receive_from(ts + tail)
    assert len(raw) <= MAX_BYTES
    assert (ts + tail).startswith(raw)


@given(st.lists(st.binary(max_size=5), max_size=60))
def test_any_pieces(pieces: list[bytes]) -> None:
    assert len(run(receive(), anything(pieces), 60)) <= MAX_BYTES


@pytest.mark.needs_peer(f"pcsc-tools:{CARD_LIST}")
def test_the_public_list_is_read_to_the_end() -> None:
    """Every whole ATR of Debian's list whose parts are as announced is known to be complete exactly at its end."""
    count = 0
    for line in CARD_LIST.read_text("utf-8", "replace").splitlines():
        if not re.fullmatch(r"3[BF]( [0-9A-F]{2})+", line.strip()):
            continue
        raw = bytes.fromhex(line)
        try:
            faults = ATR.parse(raw).faults
        except ATRError:
            continue
        if {"history_short", "tck_missing", "trailing_bytes"} & set(faults) or len(raw) > MAX_BYTES:
            continue
        assert [missing(raw[:end]) > 0 for end in range(len(raw) + 1)] == [True] * len(raw) + [False], line
        count += 1
    assert count > 3600
