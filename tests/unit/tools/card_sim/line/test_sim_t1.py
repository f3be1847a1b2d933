"""T=1, the card's side, block by block (ISO/IEC 7816-3 clause 11)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.tools.card_sim.line.rig import T1_ATR, FixedCard, Rig
from tools.card_sim.line.blocks import check

ASK, ANSWER = "00B0000002", "BEEF9000"


def block(pcb: str, inf: str = "") -> str:
    """NAD 00 and the LRC around ``pcb`` and ``inf``."""
    raw = bytes.fromhex("00" + pcb) + bytes((len(inf) // 2,)) + bytes.fromhex(inf)
    lrc = 0
    for byte in raw:
        lrc ^= byte
    return (raw + bytes((lrc,))).hex().upper()


def rig(*faults: str, atr: str = T1_ATR) -> Rig:
    return Rig(FixedCard(atr, {ASK: ANSWER, "00B0000010": "AA" * 40 + "9000", "0102" * 3: "9000"}), *faults)


def test_blocks_as_others_print_them() -> None:
    """IFS, RESYNCH and an empty I-block, in full: not made by the helper that the other tests use."""
    card = rig()
    assert card.atr == T1_ATR
    assert card.tell("00C101FE3E") == "00E101FE1E"
    assert card.tell("00C000C0") == "00E000E0"
    assert card.tell("00C200C2") == "00E200E2"
    assert card.tell("000005" + ASK + "B7") == "000004" + ANSWER + "C5"
    assert card.tell("004005" + ASK + "F7") == "004004" + ANSWER + "85"
    assert card.tell("000005" + ASK + "B7") == "000004" + ANSWER + "C5"


def test_the_crc_is_that_of_iso_13239_not_turned_over() -> None:
    """The catalogue's check value of CRC-16/MCRF4XX, over the digits 1 to 9."""
    assert check(b"123456789", crc=True).hex() == "6f91"
    assert check(b"123456789", crc=False).hex() == "31"


def test_a_card_with_a_crc() -> None:
    """TC3 01 (behind TD1 80, TD2 41): two bytes of check, the high one first."""
    card = rig(atr="3B8081410141")
    command = bytes.fromhex("000005" + ASK)
    answer = bytes.fromhex(card.tell((command + check(command, crc=True)).hex()))
    assert answer[:-2].hex().upper() == "000004" + ANSWER
    assert check(answer[:-2], crc=True) == answer[-2:]
    assert len(answer) == 9


@pytest.mark.parametrize(
    ("sent", "answer", "why"),
    [
        ("000005" + ASK + "00", block("81"), "a wrong LRC: R(0), EDC"),
        (block("40", ASK), block("82"), "N(S) 1 where 0 is expected: R(0), other"),
        (block("01", ASK), block("82"), "reserved bits of an I-block"),
        (block("00", "AA" * 33), block("82"), "more than IFSC 32"),
        (block("80"), block("82"), "an R-block before there was anything"),
        (block("C3", "02"), block("82"), "WTX is the card's alone"),
        (block("C1", "FF"), block("82"), "IFS of 255 is reserved"),
        (block("C1", "00"), block("82"), "IFS of 0 is reserved"),
        (block("E1", "FE"), block("82"), "a response to nothing"),
        (block("C4"), block("82"), "no such S-block"),
    ],
)
def test_what_is_wrong_is_asked_for_again(sent: str, answer: str, why: str) -> None:
    card = rig()
    assert card.tell(sent) == answer, why
    assert card.tell(block("00", ASK)) == block("00", ANSWER), why


def test_an_r_block_gets_the_last_block_again() -> None:
    card = rig()
    card.tell(block("00", ASK))
    for _ in range(3):
        assert card.tell(block("81")) == block("00", ANSWER)
    assert card.tell(block("40", ASK)) == block("40", ANSWER)


def test_a_long_answer_is_chained_to_ifsd() -> None:
    """32 bytes at first; N(R) acknowledges by naming the next block, and asks again by naming the same."""
    card = rig()
    first = block("20", "AA" * 32)
    last = block("40", "AA" * 8 + "9000")
    assert card.tell(block("00", "00B0000010")) == first
    assert card.tell(block("80")) == first
    assert card.tell(block("90")) == last
    assert card.tell(block("92")) == last
    card.tell("00C101FE3E")
    assert card.tell(block("40", "00B0000010")) == block("00", "AA" * 40 + "9000")


def test_a_chained_command_is_acknowledged_link_by_link() -> None:
    card = rig()
    assert card.tell(block("20", "0102")) == block("90")
    assert card.tell(block("90")) == block("90")
    assert card.tell(block("60", "0102")) == block("80")
    assert card.tell(block("00", "0102")) == block("00", "9000")


def test_resynch_begins_anew() -> None:
    card = rig()
    card.tell("00C101FE3E")
    card.tell(block("20", "0102"))
    assert card.tell("00C000C0") == "00E000E0"
    assert card.tell(block("82")) == "00E000E0"
    assert card.tell(block("00", "00B0000010")) == block("20", "AA" * 32)


def test_abort_forgets_the_chain() -> None:
    card = rig()
    card.tell(block("20", "0102"))
    assert card.tell("00C200C2") == "00E200E2"
    assert card.tell(block("40", ASK)) == block("00", ANSWER)


def test_the_other_address_answers() -> None:
    """SAD and DAD change places (11.3.2.1)."""
    assert rig().tell("210005" + ASK + "96") == "120004" + ANSWER + "D7"


def test_a_block_that_stops_is_asked_for_again_after_cwt() -> None:
    card = rig()
    card.tell("0000")
    assert (card.line.patience or 0) / card.line.etu == pytest.approx(11 + 2**13)
    card.line.silence()
    assert card.collect() == block("82")
    assert card.tell(block("00", ASK)) == block("00", ANSWER)


def test_a_length_of_255_is_noise_until_the_line_is_silent() -> None:
    card = rig()
    assert card.tell("0000FF" + "00" * 30) == ""
    card.line.silence()
    assert card.collect() == block("82")
    assert card.tell(block("00", ASK)) == block("00", ANSWER)


def test_blocks_keep_bgt_and_n_255_shortens_characters() -> None:
    card = rig()
    card.tell(block("00", ASK))
    assert [(say.after, say.gap) for say in card.said] == [(22, 12)]
    short = rig(atr="3BC0FF013E")
    short.tell(block("00", ASK))
    assert [(say.after, say.gap) for say in short.said] == [(22, 11)]


BWT = 11 + 2**4 * 960
"""Etu at 372/1: BWI 4."""


def test_wtx_is_asked_for_and_used() -> None:
    card = rig("wtx")
    assert card.tell(block("00", ASK)) == block("C3", "02")
    assert card.tell(block("81")) == block("C3", "02")
    assert card.tell(block("E3", "02")) == block("00", ANSWER)
    assert BWT < card.said[0].linger < 2 * BWT


def test_wtx_for_ever() -> None:
    card = rig("wtx:always")
    sent = block("00", ASK)
    for _ in range(10):
        assert card.tell(sent) == block("C3", "02")
        sent = block("E3", "02")
    assert card.said[0].linger > BWT


def test_wtx_that_is_not_granted_ends_in_resynch() -> None:
    card = rig("wtx")
    card.tell(block("00", ASK))
    assert card.tell("00C000C0") == "00E000E0"
    assert card.tell(block("00", ASK)) == block("00", ANSWER)


@pytest.mark.parametrize(
    ("fault", "first"),
    [
        ("wrong-lrc", "000004" + ANSWER + "C4"),
        ("parity", "000004" + ANSWER + "C4"),
        ("lost-block", ""),
    ],
)
def test_a_block_that_did_not_arrive_is_sent_again(fault: str, first: str) -> None:
    card = rig(fault)
    assert card.tell(block("00", ASK)) == first
    assert card.tell(block("81")) == block("00", ANSWER)


def test_only_a_damaged_character_has_the_wrong_parity() -> None:
    for fault, damaged in (("parity", 7), ("wrong-lrc", None)):
        card = rig(fault)
        card.tell(block("00", ASK))
        assert [say.damaged for say in card.said] == [damaged]


def test_the_block_before_comes_once_more() -> None:
    card = rig("duplicate-block")
    assert card.tell(block("00", ASK)) == block("00", ANSWER)
    assert card.tell(block("40", ASK)) == block("00", ANSWER) + block("40", ANSWER)
    assert card.tell(block("00", ASK)) == block("00", ANSWER)


def test_a_card_that_lost_the_thread_understands_resynch_alone() -> None:
    card = rig("resynch")
    for sent in (block("00", ASK), block("00", ASK), block("80"), "00C101FE3E"):
        assert card.tell(sent) == block("82")
    assert card.tell("00C000C0") == "00E000E0"
    assert card.tell(block("00", ASK)) == block("00", ANSWER)
    for_ever = rig("resynch:always")
    for _ in range(4):
        assert for_ever.tell(block("00", ASK)) == block("82")
        assert for_ever.tell("00C000C0") == "00E000E0"


def test_an_aborted_answer_gives_the_right_to_send_back() -> None:
    card = rig("abort")
    assert card.tell(block("00", ASK)) == "00C200C2"
    assert card.tell("00E200E2") == block("90")
    assert card.tell(block("40", ASK)) == block("00", ANSWER)


def test_a_slow_card_stays_within_bwt() -> None:
    card = rig("slow:1")
    card.tell(block("00", ASK))
    assert 0.5 * BWT < card.said[0].linger < BWT


@given(st.lists(st.binary(min_size=1, max_size=300), max_size=5))
def test_any_bytes_leave_the_card_in_its_senses(pieces: list[bytes]) -> None:
    """After a pause it is in step again, and RESYNCH brings the numbers back. It speaks T=1 from the start: what begins
    with FF would be a PPS."""
    card = rig()
    card.tell("00C000C0")
    for piece in pieces:
        assert len(card.tell(piece.hex())) < 4096
    card.line.silence()
    card.collect()
    assert card.tell("00C000C0").endswith("00E000E0")
    assert card.tell(block("00", ASK)) == block("00", ANSWER)
