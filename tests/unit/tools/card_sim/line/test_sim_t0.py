"""T=0, the card's side, byte for byte (ISO/IEC 7816-3 10.3, 12.2)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.tools.card_sim.line.rig import T0_ATR, FixedCard, Rig
from tools.card_sim.faults import Faults
from tools.card_sim.line.card import LineCard
from tools.card_sim.line.wire import PortSettings

ANSWERS = {
    "00200080": "63C3",
    "00D6000002BEEF": "9000",
    "00A40400023F00": "6F0284009000",
    "00B0000004": "DEADBEEF9000",
    "00B0000000": "DEADBEEF9000",
    "00C0000005": "0102030405" + "9000",
    "00E40000": "",
}


def rig(*faults: str) -> Rig:
    return Rig(FixedCard(T0_ATR, ANSWERS), *faults)


@pytest.mark.parametrize(
    ("steps", "why"),
    [
        ([("0020008000", "63C3")], "case 1: no body, the status at once"),
        ([("00D6000002", "D6"), ("BEEF", "9000")], "case 3: INS asks for the whole body"),
        ([("00B0000004", "B0DEADBEEF9000")], "case 2: INS, the data, the status"),
        ([("00B0000000", "6C04"), ("00B0000004", "B0DEADBEEF9000")], "a wrong Le is told the right one"),
        ([("00A4040002", "A4"), ("3F00", "6104"), ("00C0000004", "C06F0284009000")], "case 4: GET RESPONSE"),
        ([("00A4040002", "A4"), ("3F00", "6104"), ("00C0000000", "6C04")], "GET RESPONSE with a wrong length"),
        (
            [("00A4040002", "A4"), ("3F00", "6104"), ("00C0000003", "C06F02846101"), ("00C0000001", "C0009000")],
            "in parts",
        ),
        ([("00C0000005", "C001020304059000")], "GET RESPONSE with nothing kept is the card's own"),
        ([("0068000000", "6D00"), ("0098000001", "6D00")], "an INS that would look like a status word"),
        ([("0020008001", "20"), ("00", "6D00")], "what the card does not know, after its body"),
        ([("00E4000000", "")], "a card that says nothing"),
        ([("002000", ""), ("8000", "63C3")], "a header in pieces"),
        ([("00200080000020008000", "63C363C3")], "two commands at once"),
    ],
)
def test_the_bytes_of_a_command(steps: list[tuple[str, str]], why: str) -> None:
    card = rig()
    assert card.atr == "3B00"
    for sent, answer in steps:
        assert card.tell(sent) == answer, why


def test_a_refused_command_is_carried_out_once() -> None:
    """The answer is kept while the reader corrects the length: GET RESPONSE of the card must not lose it."""
    card = FixedCard(T0_ATR, ANSWERS)
    line = Rig(card)
    line.tell("00B0000000")
    line.tell("00B0000004")
    assert card.asked == ["00B0000000"]
    assert line.tell("00B0000000") == "6C04"
    assert card.asked == ["00B0000000"] * 2


def test_256_bytes_are_asked_for_as_0() -> None:
    card = Rig(FixedCard(T0_ATR, {"00B0000000": "AB" * 256 + "9000", "00CB3FFF0101": "CD" * 256 + "6110"}))
    assert card.tell("00B0000000") == "B0" + "AB" * 256 + "9000"
    assert card.tell("00CB3FFF01") == "CB"
    assert card.tell("01") == "6100"
    assert card.tell("00C0000000") == "C0" + "CD" * 256 + "6110"


def test_an_extended_command_comes_in_envelopes() -> None:
    """12.2.7: the pieces of one APDU; the card sees by its lengths which is the last."""
    whole = "00D60000" + "000200" + "5A" * 512
    card = FixedCard(T0_ATR, {whole: "9000"})
    line = Rig(card)
    for begin in range(0, len(whole), 510):
        piece = whole[begin : begin + 510]
        assert line.tell(f"00C20000{len(piece) // 2:02X}") == "C2"
        assert line.tell(piece) == "9000"
    assert card.asked == [whole]


def test_characters_leave_a_turn_and_its_guard_time() -> None:
    card = rig()
    card.tell("00B0000004")
    assert [(say.after, say.gap, say.linger) for say in card.said] == [(16, 12, 0)]


def test_a_slow_card_answers_after_three_quarters_of_its_waiting_time() -> None:
    card = Rig(FixedCard("3B10" + "95", ANSWERS), "slow")
    card.tell("0020008000")
    assert card.said[0].linger == 0.75 * 960 * 10
    with_wi_2_and_d_2 = Rig(FixedCard("3B90" + "12" + "40" + "02", ANSWERS), "slow")
    assert with_wi_2_and_d_2.tell("FF1012FD") == "FF1012FD"
    with_wi_2_and_d_2.tell("0020008000")
    assert with_wi_2_and_d_2.said[0].linger == 0.75 * 960 * 2 * 2


def test_null_after_null() -> None:
    for_ever = rig("null-flood")
    assert for_ever.tell("00B0000004") == "60" * 50
    assert for_ever.said[0].linger > 0
    thrice = rig("null-flood:3")
    assert thrice.tell("00B0000004") == "606060" + "B0DEADBEEF9000"


def test_6c_after_61() -> None:
    card = rig("6c-after-61")
    card.tell("00A4040002")
    assert card.tell("3F00") == "6105"
    assert card.tell("00C0000005") == "6C04"
    assert card.tell("00C0000004") == "C06F0284009000"


@pytest.mark.parametrize("command", ["0020008000", "00B0000004"])
def test_a_damaged_procedure_byte_is_none(command: str) -> None:
    card = rig("parity")
    raw = bytes.fromhex(card.tell(command))
    ins = bytes.fromhex(command)[1]
    assert raw[0] not in (ins, ins ^ 0xFF)
    assert raw[0] >> 4 not in (0x6, 0x9)
    assert card.said[0].damaged == 0
    assert card.tell("0020008000") == "63C3"


def test_a_character_with_the_wrong_parity_is_never_answered() -> None:
    """7.3: the card waits for the character to be repeated, which a reader of this kind does not do."""
    line = LineCard(FixedCard(T0_ATR, ANSWERS), Faults())
    line.power_on()
    while line.act():
        pass
    line.hear(bytes.fromhex("00200080"), PortSettings(parity="E"))
    line.hear(b"\x00", PortSettings(parity="O"))
    assert line.act() is None
    line.hear(bytes.fromhex("0020008000"), PortSettings(parity="E"))
    assert line.act() is None
    line.reset()
    assert line.act() is not None


@given(st.lists(st.binary(min_size=1, max_size=300), max_size=5))
def test_any_bytes_leave_the_card_in_its_senses(pieces: list[bytes]) -> None:
    card = rig()
    for piece in pieces:
        assert len(card.tell(piece.hex())) < 4096
    card.line.reset()
    assert card.collect() == "3B00"
    assert card.tell("0020008000") == "63C3"
