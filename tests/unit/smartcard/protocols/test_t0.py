"""T=0: procedure bytes, the four cases, and what a card must not do."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smartcard.apdu import ApduFormatError, CommandAPDU
from smartcard.atr import ATR
from smartcard.errors import CardMute, FramingError, ParityFailure, ProtocolTimeout, SmartCardError
from smartcard.t0 import T0
from tests.unit.smartcard.protocols.card_side import Scripted, Step, TooLong, anything, run

ATR_T0 = ATR.parse(bytes.fromhex("3B00"))


def t0() -> T0:
    return T0(ATR_T0, 1)


def talk(command: str, *answers: str) -> tuple[Scripted, tuple[bytes, int]]:
    card = Scripted([bytes.fromhex(each) for each in answers])
    return card, card.run(t0().transmit(bytes.fromhex(command)))


def hexed(card: Scripted) -> list[str]:
    return [each.hex().upper() for each in card.written]


def test_case_1() -> None:
    card, answer = talk("00E00102", "9000")
    assert answer == (b"", 0x9000)
    assert hexed(card) == ["00E0010200"], "P3 is 00 (12.2.2)"


def test_case_2() -> None:
    card, answer = talk("00B0000004", "B001020304" + "9000")
    assert answer == (bytes.fromhex("01020304"), 0x9000)
    assert hexed(card) == ["00B0000004"]


def test_case_2_of_256_bytes() -> None:
    data = bytes(range(256))
    card, answer = talk("00B0000000", "B0" + data.hex() + "9000")
    assert answer == (data, 0x9000)
    assert hexed(card) == ["00B0000000"]


def test_case_3() -> None:
    card, answer = talk("00D6000003" + "AABBCC", "D6", "9000")
    assert answer == (b"", 0x9000)
    assert hexed(card) == ["00D6000003", "AABBCC"]


def test_case_4_leaves_le_to_get_response() -> None:
    card, answer = talk("00A4040002" + "3F00" + "00", "A4", "6112")
    assert answer == (b"", 0x6112)
    assert hexed(card) == ["00A4040002", "3F00"]


def test_no_data_where_the_status_comes_at_once() -> None:
    """Viaccess: P3 is 00 and nothing follows."""
    assert talk("CAACA40000", "9000")[1] == (b"", 0x9000)


def test_status_words_come_as_they_are() -> None:
    assert talk("00B0000010", "6C08")[1] == (b"", 0x6C08)
    assert talk("00B0000002", "B0FFFF6282")[1] == (b"\xff\xff", 0x6282)
    assert talk("D200030001" + "3F", "00", "9014")[1] == (b"", 0x9014)


def test_one_byte_at_a_time_out() -> None:
    """INS xor FF: the card takes the next byte alone (10.3.3)."""
    card, answer = talk("00D6000003" + "AABBCC", "29", "29", "D6", "9000")
    assert answer == (b"", 0x9000)
    assert hexed(card) == ["00D6000003", "AA", "BB", "CC"]


def test_one_byte_at_a_time_in() -> None:
    assert talk("00B0000003", "4F01" + "60" + "4F02" + "B003" + "9000")[1] == (b"\x01\x02\x03", 0x9000)


def test_null_asks_for_more_time_each_time() -> None:
    card, answer = talk("00B0000001", "6060" + "B0AA" + "60" + "9000")
    assert answer == (b"\xaa", 0x9000)
    assert {(read.first_etu, read.next_etu) for read in card.reads} == {(9600, 9600)}, "WT starts anew"


def test_waiting_time_goes_with_wi_and_d() -> None:
    card = Scripted([b"\x90\x00"])
    card.run(T0(ATR.parse(bytes.fromhex("3B804014")), 12).transmit(bytes.fromhex("00E00000")))
    assert card.reads[0].first_etu == 960 * 12 * 0x14


def test_more_than_255_bytes_go_in_envelopes() -> None:
    command = CommandAPDU(0x00, 0xD6, 0, 0, bytes(300), le=5).encode()
    card, answer = talk(command.hex(), "C2", "9000", "C2", "6105")
    assert answer == (b"", 0x6105)
    assert card.written[0] == bytes.fromhex("00C20000FF")
    assert card.written[1] + card.written[3] == command
    assert card.written[2] == bytes((0, 0xC2, 0, 0, len(command) - 255))


def test_an_envelope_that_is_refused_ends_it() -> None:
    command = CommandAPDU(0x00, 0xD6, 0, 0, bytes(300)).encode()
    card, answer = talk(command.hex(), "6D00")
    assert answer == (b"", 0x6D00)
    assert len(card.written) == 1


def test_short_commands_written_long() -> None:
    card, _ = talk("00B000000000FF", "6CFF")
    assert hexed(card) == ["00B00000FF"]
    card, _ = talk("00B00000000000", "6CFF")
    assert hexed(card) == ["00B0000000"], "65536 are asked for, 256 at a time"


@pytest.mark.parametrize(
    ("answers", "error"),
    [
        ([b""], CardMute),
        ([b"\x60\x60"], CardMute),
        ([b"\xb0\x01"], ProtocolTimeout),
        ([b"\xb0\x01\x02"], ProtocolTimeout),
        ([b"\x90"], ProtocolTimeout),
        ([b"\x00"], FramingError),
        ([b"\xb1\x01\x02\x90\x00"], FramingError),
        ([b"\xb0\x01\x02\xb0"], FramingError),
        ([b"\xb0\x01\x02\x4f"], FramingError),
        ([[b"\xb0\x01", ParityFailure("x")]], ParityFailure),
    ],
)
def test_faults(answers: list[Step | list[Step]], error: type[SmartCardError]) -> None:
    with pytest.raises(error):
        Scripted(answers).run(t0().transmit(bytes.fromhex("00B0000002")))


def test_what_is_no_apdu_is_not_sent() -> None:
    card = Scripted([])
    with pytest.raises(ApduFormatError):
        card.run(t0().transmit(b"\x00\xa4"))
    assert not card.written


COMMANDS = st.sampled_from(["00E00102", "00B0000004", "00D6000003AABBCC", "00A40400023F0000", "00D600000001"])
STEP = st.binary(max_size=6) | st.sampled_from([b"\xb0", b"\x4f", b"\xd6", b"\x29", b"\x60", b"\x90"])


@given(COMMANDS, st.lists(STEP | st.builds(ParityFailure, st.just("x")), max_size=60))
def test_any_line(command: str, pieces: list[Step]) -> None:
    try:
        data, sw = run(t0().transmit(bytes.fromhex(command)), anything(pieces), 200)
    except SmartCardError:
        return
    assert len(data) <= 256 and sw >> 12 in (0x6, 0x9)


def test_null_after_null_is_for_the_line_to_end() -> None:
    """The machine knows no seconds; it goes on as long as it is given time (tests of the line end it)."""
    with pytest.raises(TooLong):
        run(t0().transmit(bytes.fromhex("00B0000004")), lambda _: b"\x60", 1000)
