"""T=1: sequence, chaining, what is done about bad blocks, and what a card may ask for."""

from __future__ import annotations

import pytest

from smartcard.apdu import ApduFormatError
from smartcard.atr import ATR
from smartcard.errors import (
    CardMute,
    EdcError,
    ExchangeAborted,
    FramingError,
    ParityFailure,
    ProtocolError,
    ProtocolTimeout,
    SmartCardError,
)
from smartcard.machine import Action, Read, Write
from smartcard.t1 import T1
from smartcard.t1_block import Block, RCode, SKind, check
from smartcard.timing import CLOCKS, Rate
from tests.unit.smartcard.protocols.card_side import Scripted, Step, run

RATE = Rate.default(CLOCKS["3.57"])
ATR_T1 = ATR.parse(bytes.fromhex("3B800101"))
COMMAND = bytes.fromhex("00B0000002")


def atr(*characters: int) -> ATR:
    """T=1 with TA3, TB3, TC3 as far as given: IFSC, BWI/CWI, EDC."""
    present = (1 << len(characters)) - 1
    return ATR.parse(bytes((0x3B, 0x80, 0x81, present << 4 | 1, *characters, 0)))


def t1(*characters: int) -> T1:
    return T1(atr(*characters) if characters else ATR_T1, RATE)


def i(sequence: int, inf: str = "AABB9000", more: bool = False) -> bytes:
    return Block.information(sequence, bytes.fromhex(inf), more=more).encode()


def r(expected: int, code: RCode = RCode.FREE) -> bytes:
    return Block.receive_ready(expected, code).encode()


def s(kind: SKind, inf: str = "", *, response: bool = False) -> bytes:
    return Block.supervisory(kind, bytes.fromhex(inf), response=response).encode()


def broken(block: bytes) -> bytes:
    return block[:-1] + bytes((block[-1] ^ 0x10,))


OK = (bytes.fromhex("AABB"), 0x9000)


def talk(*answers: Step | list[Step], command: bytes = COMMAND, machine: T1 | None = None) -> Scripted:
    card = Scripted(list(answers))
    assert card.run((machine or t1()).transmit(command)) == OK
    return card


def test_a_command_and_its_answer_and_the_next() -> None:
    machine = t1()
    assert talk(i(0), machine=machine).written == [i(0, COMMAND.hex())]
    assert talk(i(1), machine=machine).written == [i(1, COMMAND.hex())]
    assert talk(i(0), machine=machine).written == [i(0, COMMAND.hex())]


def test_the_crc_of_iso_13239() -> None:
    assert check(b"123456789", crc=True) == bytes.fromhex("6F91"), "the published check value of CRC-16/MCRF4XX"
    block = Block.information(0, bytes.fromhex("AABB9000"), more=False).encode(crc=True)
    card = talk(block, machine=t1(0xFE, 0x45, 0x01))
    assert len(card.written[0]) == 3 + 5 + 2
    assert [read.count for read in card.reads] == [3, 6]


def test_times() -> None:
    card = talk(i(0), machine=t1(0xFE, 0x53))
    first, rest = card.reads
    assert first.first_etu == pytest.approx(11 + 32 * 960)
    assert (first.next_etu, rest.first_etu, rest.next_etu) == (11 + 8, 11 + 8, 11 + 8)


def test_what_is_sent_is_chained_by_ifsc() -> None:
    command = bytes.fromhex("00D600000A") + bytes(range(10))
    card = talk(r(1), r(0), i(0), command=command, machine=t1(6))
    assert card.written == [
        i(0, command[:6].hex(), more=True),
        i(1, command[6:12].hex(), more=True),
        i(0, command[12:].hex()),
    ]


def test_what_comes_is_joined() -> None:
    machine = t1()
    card = talk(i(0, "AA", more=True), i(1, "BB", more=True), i(0, "9000"), machine=machine)
    assert card.written[1:] == [r(1), r(0)]
    assert talk(i(1), machine=machine).written == [i(1, COMMAND.hex())], "the card sent three blocks, we sent one"


def test_ifs_is_told_first() -> None:
    card = Scripted([s(SKind.IFS, "FE", response=True)])
    card.run(t1().negotiate())
    assert card.written == [s(SKind.IFS, "FE")]


def test_a_card_that_does_not_know_ifs() -> None:
    card = Scripted([r(0, RCode.OTHER)] * 3)
    card.run(t1().negotiate())
    assert card.written == [s(SKind.IFS, "FE")] * 3


@pytest.mark.parametrize(("line", "error"), [(b"", CardMute), (broken(i(0)), EdcError), (b"\x00", ProtocolTimeout)])
def test_a_line_that_carries_nothing(line: bytes, error: type[SmartCardError]) -> None:
    with pytest.raises(error):
        Scripted([line] * 3).run(t1().negotiate())


@pytest.mark.parametrize(
    ("bad", "code"),
    [
        (broken(i(0)), RCode.EDC),
        (ParityFailure("x"), RCode.EDC),
        ([b"\x00\x00", ParityFailure("x")], RCode.EDC),
        (FramingError("an echo that is none"), RCode.OTHER),
        (b"", RCode.OTHER),
        (i(0)[:5], RCode.OTHER),
        (b"\x00\x00\xff", RCode.OTHER),
        (b"\x21\x00\x00\x21", RCode.OTHER),
        (i(1), RCode.OTHER),
        (r(1), RCode.OTHER),
        (s(SKind.RESYNCH, response=True), RCode.OTHER),
    ],
)
def test_a_bad_block_is_asked_for_again(bad: Step | list[Step], code: RCode) -> None:
    assert talk(bad, i(0)).written == [i(0, COMMAND.hex()), r(0, code)]


def test_our_block_is_sent_again_where_the_card_asks_for_it() -> None:
    assert talk(r(0, RCode.EDC), r(0, RCode.OTHER), i(0)).written == [i(0, COMMAND.hex())] * 3


def test_a_link_is_sent_again_where_the_card_asks_for_it() -> None:
    command = bytes.fromhex("00D6000003010203")
    links = [i(0, command[:6].hex(), more=True), i(1, command[6:].hex())]
    card = talk(r(0, RCode.EDC), r(1), r(1, RCode.EDC), i(0), command=command, machine=t1(6))
    assert card.written == [links[0], links[0], links[1], links[1]]


def test_an_acknowledgement_that_was_lost() -> None:
    command = bytes.fromhex("00D6000003010203")
    card = talk(b"", r(1), i(0), command=command, machine=t1(6))
    assert card.written[1] == r(0, RCode.OTHER), "then the card says again what it is ready for"


def test_our_acknowledgement_is_sent_again() -> None:
    card = talk(i(0, "AA", more=True), r(1, RCode.EDC), i(1, "BB9000"))
    assert card.written[1:] == [r(1), r(1)]


def test_the_block_before_once_more_is_passed_over() -> None:
    machine = t1()
    talk(i(0, "AABB9000"), machine=machine)
    again = Scripted([[i(0, "AABB9000"), i(1, "CC6A82")]])
    assert again.run(machine.transmit(COMMAND)) == (b"\xcc", 0x6A82)
    assert again.written == [i(1, COMMAND.hex())]


def test_resynch_after_three_failures_then_the_command_from_its_start() -> None:
    machine = t1()
    talk(i(0), machine=machine)
    card = talk(*[b""] * 3, s(SKind.RESYNCH, response=True), i(0), machine=machine)
    assert card.written == [
        i(1, COMMAND.hex()),
        r(1, RCode.OTHER),
        r(1, RCode.OTHER),
        s(SKind.RESYNCH),
        i(0, COMMAND.hex()),
    ]


def test_resynch_gives_ifs_its_first_value() -> None:
    command = bytes.fromhex("00D6000003010203")
    answers = [r(1), s(SKind.IFS, "20"), b"", b"", s(SKind.RESYNCH, response=True), r(1), i(0)]
    card = Scripted([*answers[:2], b"", *answers[2:]])
    assert card.run(t1(6).transmit(command)) == OK
    assert card.written[-3:] == [s(SKind.RESYNCH), i(0, command[:6].hex(), more=True), i(1, command[6:].hex())]


@pytest.mark.parametrize(
    ("line", "error"),
    [(b"", CardMute), (broken(i(0)), EdcError), (i(0)[:4], ProtocolTimeout), (r(1), FramingError)],
)
def test_three_resynchs_in_vain(line: bytes, error: type[SmartCardError]) -> None:
    card = Scripted([line] * 6)
    with pytest.raises(error):
        card.run(t1().transmit(COMMAND))
    assert card.written[-3:] == [s(SKind.RESYNCH)] * 3
    assert len(card.written) == 6


def test_a_card_that_resynchronizes_and_never_answers() -> None:
    answers: list[Step | list[Step]] = []
    for _ in range(4):
        answers += [b"", b"", b"", s(SKind.RESYNCH, response=True)]
    card = Scripted(answers)
    with pytest.raises(CardMute):
        card.run(t1().transmit(COMMAND))
    assert card.written.count(s(SKind.RESYNCH)) == 3


def test_more_time_for_the_next_block_alone() -> None:
    card = talk(s(SKind.WTX, "05"), i(0, "AA", more=True), i(1, "BB9000"))
    assert card.written[1] == s(SKind.WTX, "05", response=True)
    heads = [read.first_etu for read in card.reads if read.count == 3]
    ordinary = 11 + 16 * 960
    assert heads == pytest.approx([ordinary, 5 * ordinary, ordinary])


def test_more_time_is_not_for_what_is_asked_for_again() -> None:
    card = talk(s(SKind.WTX, "05"), broken(i(0)), i(0))
    heads = [read.first_etu for read in card.reads if read.count == 3]
    ordinary = 11 + 16 * 960
    assert heads == pytest.approx([ordinary, 5 * ordinary, ordinary])


def test_an_answer_to_wtx_that_was_lost() -> None:
    card = talk(s(SKind.WTX, "02"), b"", s(SKind.WTX, "02"), i(0))
    assert card.written[1:] == [
        s(SKind.WTX, "02", response=True),
        r(0, RCode.OTHER),
        s(SKind.WTX, "02", response=True),
    ]


def test_a_card_may_change_its_ifs() -> None:
    command = bytes.fromhex("00D6000003010203")
    card = talk(r(1), s(SKind.IFS, "20"), i(0), command=command, machine=t1(6))
    assert card.written[2] == s(SKind.IFS, "20", response=True)


@pytest.mark.parametrize("size", ["00", "FF"])
def test_no_ifs_of_0_or_255(size: str) -> None:
    with pytest.raises(FramingError):
        Scripted([s(SKind.IFS, size)]).run(t1().transmit(COMMAND))


def test_abort() -> None:
    card = Scripted([i(0, "AA", more=True), s(SKind.ABORT)])
    with pytest.raises(ExchangeAborted):
        card.run(t1().transmit(COMMAND))
    assert card.written[-1] == s(SKind.ABORT, response=True)


def test_an_answer_without_a_status_word() -> None:
    with pytest.raises(ProtocolError):
        Scripted([i(0, "90")]).run(t1().transmit(COMMAND))


def test_an_answer_has_an_end() -> None:
    sequence, line = 0, b""

    def endless(action: Action) -> bytes:
        nonlocal sequence, line
        if isinstance(action, Write):
            line = Block.information(sequence, bytes(254), more=True).encode()
            sequence ^= 1
        if not isinstance(action, Read):
            return b""
        piece, line = line[: action.count], line[action.count :]
        return piece

    with pytest.raises(ProtocolError, match="65536"):
        run(t1().transmit(COMMAND), endless, 2000)


@pytest.mark.parametrize("command", [b"", b"\x00\xa4\x04", bytes(65537)])
def test_what_is_no_command_is_not_sent(command: bytes) -> None:
    card = Scripted([])
    with pytest.raises(ApduFormatError):
        card.run(t1().transmit(command))
    assert not card.written
