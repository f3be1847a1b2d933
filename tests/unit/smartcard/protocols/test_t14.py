"""T=14 of Irdeto's cards: frames and their check."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smartcard.apdu import ApduFormatError
from smartcard.errors import CardMute, EdcError, ParityFailure, ProtocolTimeout, SmartCardError
from smartcard.t14 import T14, check_byte
from tests.unit.smartcard.protocols.card_side import Scripted, Step, anything, run

COMMAND = bytes.fromhex("0200030000")


def answer(data: bytes, sw: str = "0000") -> bytes:
    frame = bytes.fromhex(f"0102{sw}000300") + bytes((len(data),)) + data
    return frame + bytes((check_byte(frame),))


def xor(data: bytes) -> int:
    total = 0
    for byte in data:
        total ^= byte
    return total


def test_a_frame_and_its_answer() -> None:
    card = Scripted([answer(b"3200000017".ljust(20, b"\x00"))])
    assert card.run(T14().transmit(COMMAND)) == (b"3200000017" + bytes(10), 0x0000)
    assert card.written == [bytes.fromhex("0102000300003F")], "01, the command, and a check that makes all of it 3F"
    assert xor(card.written[0]) == 0x3F
    assert [read.count for read in card.reads] == [8, 21]


def test_the_status_word_is_in_the_header() -> None:
    assert Scripted([answer(b"", "0D00")]).run(T14().transmit(COMMAND)) == (b"", 0x0D00)


GOOD = answer(b"12345")


@pytest.mark.parametrize(
    ("line", "error"),
    [
        (b"", CardMute),
        (GOOD[:7], ProtocolTimeout),
        (GOOD[:-1], ProtocolTimeout),
        (GOOD[:-1] + bytes((GOOD[-1] ^ 1,)), EdcError),
        (ParityFailure("x"), ParityFailure),
    ],
)
def test_faults(line: Step, error: type[SmartCardError]) -> None:
    with pytest.raises(error):
        Scripted([line]).run(T14().transmit(COMMAND))


@pytest.mark.parametrize("command", [b"", bytes(301)])
def test_what_is_no_frame(command: bytes) -> None:
    card = Scripted([])
    with pytest.raises(ApduFormatError):
        card.run(T14().transmit(command))
    assert not card.written


@given(st.lists(st.binary(max_size=260), max_size=4))
def test_any_line(pieces: list[bytes]) -> None:
    try:
        data, _ = run(T14().transmit(COMMAND), anything(pieces), 8)
    except SmartCardError:
        return
    assert len(data) <= 255
