"""Answer to reset, PPS, convention and parity of the simulated card (ISO/IEC 7816-3 clauses 7 to 9), and T=14."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.tools.card_sim.line.rig import T0_ATR, T1_ATR, FixedCard, Rig
from tools.card_sim.core import MuteCard
from tools.card_sim.faults import Faults
from tools.card_sim.line.card import LineCard
from tools.card_sim.line.wire import PortSettings, mirrored, parity_moment

VERIFY = "0020008000"
ANSWERS = {"00200080": "63C3"}
FAST_T0 = "3B1096"
"""TA1 96: F 512, D 32."""
CLOCK = 3_571_200


def test_the_mirror_of_the_standards_own_example() -> None:
    """8.1: TS 3F of inverse convention reads 03 in direct convention; 3B stands for itself in its own."""
    assert mirrored(b"\x3f") == b"\x03"
    assert mirrored(bytes(range(256))) != bytes(range(256))
    assert mirrored(mirrored(bytes(range(256)))) == bytes(range(256))
    assert mirrored(b"\x00\xff\x01") == b"\xff\x00\x7f"


def test_parity_of_a_few_characters_by_hand() -> None:
    """3B has five ones: even parity sets the bit; 03, two ones, in odd parity sets it as well."""
    assert (parity_moment(0x3B, "E"), parity_moment(0x03, "E"), parity_moment(0x03, "O")) == (1, 0, 1)
    assert (parity_moment(0x00, "N"), parity_moment(0x00, "M"), parity_moment(0xFF, "S")) == (1, 1, 0)


def test_the_answer_to_reset_begins_in_time_and_a_warm_reset_repeats_it() -> None:
    card = FixedCard(T0_ATR, ANSWERS)
    rig = Rig(card)
    assert rig.atr == T0_ATR
    rig.line.reset()
    say = rig.line.act()
    assert say is not None
    assert 400 <= say.after * rig.line.etu * CLOCK <= 40_000
    assert card.resets == 2


def test_a_card_in_reset_or_mute_says_and_hears_nothing() -> None:
    for card in (MuteCard(), FixedCard(T0_ATR, ANSWERS)):
        rig = Rig(card)
        rig.line.power_off()
        assert rig.tell(VERIFY) == ""
        assert (rig.line.patience, rig.line.etu * CLOCK) == (None, 372)


def test_a_reset_in_the_middle_of_a_command_forgets_it() -> None:
    rig = Rig(FixedCard(T0_ATR, ANSWERS))
    rig.tell("002000")
    rig.line.reset()
    assert rig.collect() == T0_ATR
    assert rig.tell(VERIFY) == "63C3"


@pytest.mark.parametrize(
    ("atr", "request_", "answer", "etu"),
    [
        (FAST_T0, "FF1096" + "79", "FF109679", 512 / 32),
        (FAST_T0, "FF1095" + "7A", "FF10957A", 512 / 16),
        (FAST_T0, "FF1011" + "FE", "FF1011FE", 372),
        (FAST_T0, "FF1013" + "FC", "FF1013FC", 372 / 4),
        (FAST_T0, "FF00FF", "FF00FF", 372),
        (FAST_T0, "FF1097" + "78", "FF00FF", 372),
        (FAST_T0, "FF1086" + "69", "FF00FF", 372),
        ("3B1018", "FF1018" + "F7", "FF1018F7", 372 / 12),
        (T0_ATR, "FF1018" + "F7", "FF00FF", 372),
    ],
)
def test_pps_is_echoed_where_the_card_can_and_changes_the_rate_behind_it(
    atr: str, request_: str, answer: str, etu: float
) -> None:
    rig = Rig(FixedCard(atr, ANSWERS))
    rig.line.hear(bytes.fromhex(request_))
    assert rig.line.etu * CLOCK == pytest.approx(372)
    assert rig.collect() == answer
    assert rig.line.etu * CLOCK == pytest.approx(etu)
    assert rig.tell(VERIFY) == "63C3"
    rig.line.reset()
    assert rig.line.etu * CLOCK == pytest.approx(372)


def test_pps2_and_pps3_are_left_out() -> None:
    assert Rig(FixedCard(FAST_T0, ANSWERS)).tell("FF709601" + "02" + "1A") == "FF109679"


@pytest.mark.parametrize("request_", ["FF109600", "FF1196" + "78", "FF00FE"])
def test_a_request_that_is_wrong_is_not_answered_until_a_reset(request_: str) -> None:
    rig = Rig(FixedCard(FAST_T0, ANSWERS))
    assert rig.tell(request_) == ""
    assert rig.tell(VERIFY) == ""
    rig.line.reset()
    assert rig.collect() == FAST_T0
    assert rig.tell(VERIFY) == "63C3"


def test_pps_chooses_between_the_protocols() -> None:
    """T=0 first (TD1 80, TD2 01); T=1 after a PPS that asks for it."""
    both = "3B808001" + "01"
    rig = Rig(FixedCard(both, ANSWERS))
    assert rig.tell(VERIFY) == "63C3"
    rig.line.reset()
    rig.collect()
    assert rig.tell("FF01FE") == "FF01FE"
    assert rig.tell("00C101FE3E") == "00E101FE1E"


def test_no_pps_is_the_first_protocol_at_the_default_rate() -> None:
    rig = Rig(FixedCard(FAST_T0, ANSWERS))
    assert rig.tell(VERIFY) == "63C3"
    assert rig.line.etu * CLOCK == pytest.approx(372)


@pytest.mark.parametrize(("ta2", "cycles"), [("01", 512 / 32), ("11", 372)])
def test_specific_mode_speaks_at_once(ta2: str, cycles: float) -> None:
    """TA2: T=1; bit 5 says that the rate is not TA1's."""
    rig = Rig(FixedCard(f"3B909611{ta2}00", ANSWERS))
    assert rig.line.etu * CLOCK == pytest.approx(cycles)
    assert rig.tell("00C101FE3E") == "00E101FE1E"


INVERSE = "3F00"


def test_inverse_convention_as_a_port_sees_it() -> None:
    """03 FF: reversed and complemented, and odd parity (facts; 7.3, 8.1)."""
    rig = Rig(FixedCard(INVERSE, ANSWERS), settings=PortSettings(parity="O"))
    assert rig.atr == "03FF"
    assert rig.line.parity == "O"
    assert rig.tell("FFFBFFFEFF") == "393C"  # 00 20 00 80 00 -> 63 C3, worked out by hand
    even = Rig(FixedCard(INVERSE, ANSWERS), settings=PortSettings(parity="E"))
    assert even.tell("FFFBFFFEFF") == ""


def test_a_block_with_a_wrong_parity_is_an_edc_error() -> None:
    """T=1 can say so, and goes on with the block that comes again."""
    rig = Rig(FixedCard(T1_ATR, {"00200080": "63C3"}), settings=PortSettings(parity="O"))
    assert rig.tell("00000400200080" + "A4") == "00810081"
    rig.settings = PortSettings(parity="E")
    assert rig.tell("00000400200080" + "A4") == "00000263C3" + "A2"


def test_a_port_without_parity_is_right_by_chance() -> None:
    """Its stop bit stands where the parity bit is: right for characters with an odd number of ones."""
    settings = PortSettings(parity="N")
    assert [settings.suits(raw, "E") for raw in (0x01, 0x03, 0x07)] == [True, False, True]
    assert [settings.suits(raw, "N") for raw in (0x01, 0x03)] == [True, True]


T14_ATR = "3B80" + "0E" + "8E"
FRAME = "0102000300003F"
"""The serial number's command of an Irdeto card as OSCAM sends it."""


def test_t14_frames() -> None:
    rig = Rig(FixedCard(T14_ATR, {"0200030000": "414243" + "0000"}), settings=PortSettings(parity="N"))
    assert rig.line.parity == "N"
    answer = bytes.fromhex(rig.tell(FRAME))
    assert (answer[0], answer[2:4], answer[7], answer[8:11]) == (1, b"\x00\x00", 3, b"ABC")
    total = 0
    for byte in answer:
        total ^= byte
    assert total == 0x3F
    assert len(answer) == 12


def test_t14_with_data_in_pieces_and_behind_noise() -> None:
    card = FixedCard(T14_ATR, {"0205000002AABB": "0000"})
    rig = Rig(card)
    assert rig.tell("FF00" + "0102050000") == ""
    assert rig.tell("02AABB") == ""
    assert len(rig.tell("2A")) == 18
    assert card.asked == ["0205000002AABB"]


def test_t14_with_a_wrong_check_is_not_answered() -> None:
    rig = Rig(FixedCard(T14_ATR, {"0200030000": "410000"}), "parity")
    assert rig.tell(FRAME[:-2] + "3E") == ""
    assert rig.tell("01020003") == ""
    assert rig.line.patience is not None
    rig.line.silence()
    damaged = rig.tell(FRAME)
    whole = rig.tell(FRAME)
    assert (damaged[:-2], damaged == whole) == (whole[:-2], False)


def test_a_t14_card_takes_no_pps() -> None:
    assert Rig(FixedCard(T14_ATR, {})).tell("FF00FF") == ""


@given(
    st.sampled_from([T0_ATR, T1_ATR, T14_ATR, INVERSE, FAST_T0, "3B808001" + "01"]),
    st.lists(st.binary(min_size=1, max_size=200), max_size=4),
)
def test_any_bytes_after_any_reset(atr: str, pieces: list[bytes]) -> None:
    line = LineCard(FixedCard(atr, ANSWERS), Faults())
    line.power_on()
    for piece in pieces:
        line.hear(piece, PortSettings(parity="E"))
        for _ in range(200):
            if line.act() is None:
                break
        line.silence()
    line.reset()
    say = line.act()
    assert say is not None
    assert say.data in (bytes.fromhex(atr), mirrored(bytes.fromhex(atr)))
