"""The product's serial reader against the simulated cards: rates, parity, edges, identical answers, every fault."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import pairwise

import pytest

from smartcard.connection import CardConnection
from smartcard.errors import (
    CardMute,
    CardRemoved,
    EdcError,
    ExchangeAborted,
    FramingError,
    ParityFailure,
    ProtocolError,
    ProtocolTimeout,
    SmartCardError,
)
from smartcard.identity import identify
from smartcard.processors import interindustry
from smartcard.proof import CardProof
from smartcard.reader import CardReader
from smartcard.readers import open_reader
from tools.card_sim.cards import card_of_profile
from tools.card_sim.core import SimulatedCard
from tools.card_sim.dressed import CardWithATR, FaultyCard
from tools.card_sim.faults import FAULTS, Faults
from tools.card_sim.piv_card import PivCard, with_tck
from tools.card_sim.pty import PtyFace
from tools.card_sim.rfc2217 import Rfc2217Face
from tools.provisioning import KeyRing

PROOF = CardProof.selftest("00" * 16)
QUICK = {
    0: bytes.fromhex("3B9018" + "40" + "01"),
    1: with_tck(bytes.fromhex("3B909581" + "31FE05")),
}
"""T=0: TA1 18, WI 1. T=1: TA1 95, IFSC 254, BWI 0 and CWI 5: BWT 0.1 s."""


@contextmanager
def reader_at(spec: str) -> Iterator[CardReader]:
    with open_reader(f"serial:{spec}") as reader:
        assert reader.wait_for_change(0, 5).present
        yield reader


@contextmanager
def terminal(card: SimulatedCard, *faults: str, other: SimulatedCard | None = None) -> Iterator[CardReader]:
    struck = Faults(faults)
    face = PtyFace(FaultyCard(card, struck, other=other), faults=struck)
    face.start()
    try:
        with reader_at(face.path) as reader:
            yield reader
    finally:
        face.stop()


def recovering(action: Callable[[], object], *errors: type[SmartCardError]) -> float:
    begin = time.monotonic()
    with pytest.raises(errors):
        action()
    return time.monotonic() - begin


@pytest.mark.parametrize(
    ("ta1", "clock", "hz", "baud"),
    [
        ("11", "3.57", 3_571_200, 9600),
        ("18", "6", 6_000_000, 193548),
        ("95", "3.57", 3_571_200, 111600),
        ("96", "6", 6_000_000, 375000),
    ],
)
def test_the_server_side_of_a_whole_session(card: PivCard, ta1: str, clock: str, hz: int, baud: int) -> None:
    atr = with_tck(bytes.fromhex(f"3B90{ta1}8131FE45"))
    face = Rfc2217Face(CardWithATR(card, atr), hz=hz)
    face.start()
    try:
        with reader_at(f"{face.url},clock={clock}") as reader:
            unheard = face.contact.misheard  # what the card said when it was put in, to nobody
            with reader.connect() as connection:
                assert identify(connection).prove(PROOF)
        rates = [each.value for each in face.journal if each.what == "baudrate"]
        assert rates == [] if baud == 9600 else rates[-1] == baud
        assert ("parity", "E") in [(each.what, each.value) for each in face.journal]
        assert face.contact.misheard == unheard
        edges = [each for each in face.journal if each.what == "rts"]
        held = [after.at - before.at for before, after in pairwise(edges) if before.value]
        assert held and min(held) >= 0.05
    finally:
        face.stop()


def test_the_same_trace_gives_the_same_answers_over_t0_and_t1(card: PivCard) -> None:
    trace = [
        "00A4040009A0000003080000100000",
        "00CB3FFF055C035FC10100",
        "00CB3FFF055C035FC10200",
        "00CB3FFF035C017E00",
        "00200080",
        "00FD000000",
        "00CB3FFF055C035FC10500",
        "00A4040009A0000000030000000000",
        "1087119E0A7C2482008120ABABABAB",
    ]
    direct = [_whole(card, bytes.fromhex(command)) for command in trace]
    for protocol, atr in QUICK.items():
        with terminal(CardWithATR(card, atr)) as reader, reader.connect() as connection:
            assert connection.protocol == protocol
            stack = interindustry(connection)
            assert [stack.transmit(bytes.fromhex(command)) for command in trace] == direct


def test_a_card_whose_blocks_end_with_a_crc(card: PivCard) -> None:
    """TC3 bit 1: the two sides compute it each on its own."""
    atr = with_tck(bytes.fromhex("3B90958171FE0501"))
    with terminal(CardWithATR(card, atr)) as reader, reader.connect() as connection:
        assert connection.atr.crc
        assert identify(connection).prove(PROOF)


def _whole(card: PivCard, command: bytes) -> tuple[bytes, int]:
    answer = card.process(command)
    data, sw = answer[:-2], int.from_bytes(answer[-2:], "big")
    while sw >> 8 == 0x61:
        answer = card.process(bytes((0, 0xC0, 0, 0, sw & 0xFF)))
        data, sw = data + answer[:-2], int.from_bytes(answer[-2:], "big")
    return data, sw


RIGHT: dict[str, tuple[int, ...]] = {
    "tck-wrong": (1,),
    "6c-after-61": (0, 1),
    "slow": (0, 1),
    "wrong-lrc": (1,),
    "parity": (1,),
    "lost-block": (1,),
    "duplicate-block": (1,),
    "duplicate-block:always": (1,),
    "wtx": (1,),
    "resynch": (1,),
    "null-flood:3": (0,),
    "wrong-lrc:4": (1,),
}
"""Faults that end in the right data."""
WRONG: dict[str, tuple[int, tuple[type[SmartCardError], ...]]] = {
    "abort": (1, (ExchangeAborted,)),
    "wrong-lrc:always": (1, (EdcError, ProtocolError)),
    "lost-block:always": (1, (CardMute,)),
    "resynch:always": (1, (FramingError,)),
    "parity": (0, (FramingError, ParityFailure)),
}
"""And in an error, which is not the end of the card."""


@pytest.mark.parametrize(("fault", "protocol"), [(name, each) for name in RIGHT for each in RIGHT[name]])
def test_a_fault_that_ends_in_the_right_data(card: PivCard, fault: str, protocol: int) -> None:
    with terminal(CardWithATR(card, QUICK[protocol]), fault) as reader, reader.connect() as connection:
        begin = time.monotonic()
        credential = identify(connection)
        assert credential.identity.serial == "990000000001"
        assert credential.prove(PROOF)
        assert time.monotonic() - begin < 5


@pytest.mark.parametrize("fault", list(WRONG))
def test_a_fault_that_ends_in_an_error(card: PivCard, fault: str) -> None:
    protocol, errors = WRONG[fault]
    with terminal(CardWithATR(card, QUICK[protocol]), fault) as reader, reader.connect() as connection:
        assert recovering(lambda: identify(connection), *errors) < 5


@pytest.mark.parametrize("protocol", [0, 1])
def test_a_card_that_leaves_in_the_middle_of_a_command(card: PivCard, protocol: int) -> None:
    with terminal(CardWithATR(card, QUICK[protocol]), "removal-in-apdu") as reader, reader.connect() as connection:
        assert recovering(lambda: identify(connection), CardMute, CardRemoved, ProtocolTimeout) < 5


@pytest.mark.parametrize("protocol", [0, 1])
def test_a_swapped_card_is_never_taken_for_the_old_one(card: PivCard, ring: KeyRing, protocol: int) -> None:
    other = CardWithATR(card_of_profile("piv-gzip", ring), QUICK[protocol])
    with terminal(CardWithATR(card, QUICK[protocol]), "swap", other=other) as reader:
        with reader.connect() as connection:
            assert _serial(connection) in (None, "990000000003")
        with reader.connect() as connection:
            assert _serial(connection) == "990000000003"


def _serial(connection: CardConnection) -> str | None:
    """Of the card that answers; None where none did rightly."""
    try:
        return identify(connection).identity.serial
    except SmartCardError:
        return None


def test_a_mute_card(card: PivCard) -> None:
    struck = Faults(["mute"])
    face = Rfc2217Face(FaultyCard(card, struck), faults=struck)
    face.start()
    try:
        with reader_at(face.url) as reader:
            assert recovering(reader.connect, CardMute) < 5
    finally:
        face.stop()


def test_every_fault_is_tried_here() -> None:
    elsewhere = {"mute", "removal-in-apdu", "swap"}
    tried = {name.partition(":")[0] for name in (*RIGHT, *WRONG)} | elsewhere
    assert tried == set(FAULTS)
