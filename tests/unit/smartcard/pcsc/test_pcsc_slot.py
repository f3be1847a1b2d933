"""The shipped PC/SC reader with a real pcscd and vpcd, and the simulated card in it."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable

import pytest

from device.api.waiting import wait_until
from smartcard.errors import (
    CardAbsent,
    CardRemoved,
    CardReset,
    ReaderBusy,
    ReaderError,
    ReaderGone,
    ReaderUnavailable,
    SmartCardError,
)
from smartcard.identity import identify
from smartcard.pcsc.reader import PcscReader
from smartcard.proof import CardProof
from smartcard.reader import CardReader, ReaderState
from smartcard.readers import open_reader
from tests.unit.smartcard.pcsc.conftest import OpenReader, PutIn
from tests.unit.smartcard.pcsc.daemon import FIRST_READER, PEERS, SECOND_READER, PcscDaemon
from tools.card_sim.core import SimulatedCard

pytestmark = pytest.mark.needs_peer(*PEERS)

SELECT = bytes.fromhex("00A4040009A0000003080000100000")
PROOF = CardProof.selftest("00" * 16)


class CountingCard(SimulatedCard):
    """Answers every command with its own number; counts what reached it."""

    def __init__(self, atr: str, mark: bytes = b"") -> None:
        self.atr = bytes.fromhex(atr)
        self.mark = mark
        self.commands = 0
        self.silent = False
        self.before_answer: Callable[[], None] | None = None

    def reset(self) -> bytes:
        return self.atr

    def process(self, apdu: bytes) -> bytes:
        self.commands += 1
        if self.before_answer is not None:
            self.before_answer()
        return b"" if self.silent else self.mark + b"\x90\x00"


def look(reader: CardReader) -> list[ReaderState]:
    """The state, or nothing while the reader is not there."""
    try:
        return [reader.state()]
    except ReaderError:
        return []


def settled(reader: CardReader) -> None:
    """The reader is there; what it says of the slot does not matter."""
    wait_until(lambda: look(reader), limit=10, what="the reader")


def present(reader: CardReader) -> ReaderState:
    return wait_until(lambda: [each for each in look(reader) if each.present], limit=15, what="a card")[0]


def after(reader: CardReader, generation: int) -> ReaderState:
    """The state as soon as the generation is this one."""
    found = lambda: [each for each in look(reader) if each.generation == generation]  # noqa: E731
    return wait_until(found, limit=15, what=f"generation {generation}")[0]


def raised(call: Callable[[], object]) -> type[SmartCardError]:
    with pytest.raises(SmartCardError) as caught:
        call()
    return caught.type


def test_identity_and_proof(daemon: PcscDaemon, card: SimulatedCard, open_pcsc: OpenReader, put_in: PutIn) -> None:
    daemon.start()
    reader = open_pcsc("Virtual PCD 00 01")
    settled(reader)
    assert reader.state() == ReaderState(False, 0)
    assert raised(reader.connect) is CardAbsent
    face = put_in(card, 1)
    assert reader.wait_for_change(0, 10) == ReaderState(True, 1)
    assert reader.name == SECOND_READER
    with reader.connect() as connection:
        assert (connection.atr.raw, connection.protocol, connection.generation) == (card.atr, 1, 1)
        credential = identify(connection)
        assert credential.identity.serial == "990000000001"
        assert credential.prove(PROOF)
        connection.reset()
        assert connection.transmit(SELECT)[1] == 0x9000
    face.stop()
    assert reader.wait_for_change(1, 10) == ReaderState(False, 2)


def test_a_reader_is_chosen_by_the_beginning_of_its_name_then_by_a_part(
    daemon: PcscDaemon, open_pcsc: OpenReader
) -> None:
    daemon.start()
    for wanted, found in [("", FIRST_READER), ("Virtual", FIRST_READER), ("00 01", SECOND_READER)]:
        reader = open_pcsc(wanted)
        settled(reader)
        assert reader.name == found
    with open_reader("pcsc:PCD 00 01") as opened:
        settled(opened)
        assert opened.name == SECOND_READER
    absent = open_pcsc("no such thing")
    with pytest.raises(ReaderUnavailable, match=r"no such thing.*Virtual PCD 00 00, Virtual PCD 00 01"):
        absent.state()


def test_a_connection_ends_with_its_card(
    daemon: PcscDaemon, card: SimulatedCard, open_pcsc: OpenReader, put_in: PutIn
) -> None:
    daemon.start()
    face = put_in(card)
    reader = open_pcsc()
    after(reader, 1)
    connection = reader.connect()
    assert raised(reader.connect) is ReaderBusy
    face.stop()
    assert raised(lambda: connection.transmit(SELECT)) is CardRemoved
    after(reader, 2)
    assert raised(lambda: connection.transmit(SELECT)) is CardRemoved
    assert raised(connection.reset) is CardRemoved
    face.start()
    after(reader, 3)
    assert raised(lambda: connection.transmit(SELECT)) is CardRemoved
    with reader.connect() as again:
        assert identify(again).prove(PROOF)


def test_a_swap_faster_than_any_look(daemon: PcscDaemon, open_pcsc: OpenReader, put_in: PutIn) -> None:
    """The old connection never reaches the new card, and the swap is two changes though pcscd may have seen none."""
    daemon.start()
    old, new = CountingCard("3B00", b"old"), CountingCard("3B0131", b"new")
    face = put_in(old)
    reader = open_pcsc()
    after(reader, 1)
    connection = reader.connect()
    assert connection.transmit(SELECT) == (b"old", 0x9000)
    put_in(new)
    face.stop()
    assert raised(lambda: connection.transmit(SELECT)) is CardRemoved
    assert after(reader, 3).present
    assert raised(lambda: connection.transmit(SELECT)) is CardRemoved
    assert new.commands == 0
    with reader.connect() as again:
        assert again.atr.raw == new.atr
        assert again.transmit(SELECT) == (b"new", 0x9000)


def test_a_card_that_vanishes_inside_a_command(daemon: PcscDaemon, open_pcsc: OpenReader, put_in: PutIn) -> None:
    daemon.start()
    card = CountingCard("3B00")
    face = put_in(card)
    reader = open_pcsc()
    after(reader, 1)
    connection = reader.connect()
    puller, may_answer = threading.Thread(target=face.stop), threading.Event()

    def pull() -> None:
        puller.start()
        may_answer.wait(10)

    card.before_answer = pull
    assert raised(lambda: connection.transmit(SELECT)) is CardRemoved
    may_answer.set()
    puller.join(10)
    assert not after(reader, 2).present


def test_a_swap_under_two_programs(daemon: PcscDaemon, open_pcsc: OpenReader, put_in: PutIn) -> None:
    """While another program keeps the card powered, pcscd goes on telling the old card's ATR: only a reset mends it."""
    daemon.start()
    old, new = CountingCard("3B00", b"old"), CountingCard("3B0131", b"new")
    face = put_in(old)
    reader, other = open_pcsc(), open_pcsc()
    after(other, 1)
    after(reader, 1)
    with other.connect():
        connection = reader.connect()
        put_in(new)
        face.stop()
        assert raised(lambda: connection.transmit(SELECT)) is CardRemoved
        assert after(reader, 3).present
        with reader.connect() as again:
            assert again.atr.raw == new.atr
            assert again.transmit(SELECT) == (b"new", 0x9000)


def test_a_reset_by_another_program(
    daemon: PcscDaemon, card: SimulatedCard, open_pcsc: OpenReader, put_in: PutIn
) -> None:
    daemon.start()
    put_in(card)
    reader, other = open_pcsc(), open_pcsc()
    after(reader, 1)
    after(other, 1)
    connection = reader.connect()
    with other.connect() as foreign:
        foreign.reset()
    assert raised(lambda: connection.transmit(SELECT)) is CardReset
    assert raised(lambda: connection.transmit(SELECT)) is CardReset
    assert reader.state() == ReaderState(True, 1)
    with reader.connect() as again:
        assert identify(again).prove(PROOF)


def test_pcscd_is_killed_and_comes_back(
    daemon: PcscDaemon, card: SimulatedCard, open_pcsc: OpenReader, put_in: PutIn
) -> None:
    reader = open_pcsc()
    assert raised(reader.state) is ReaderGone
    daemon.start()
    put_in(card)
    before = present(reader).generation
    connection = reader.connect()
    daemon.stop(signal.SIGKILL)
    assert raised(lambda: reader.wait_for_change(before, 10)) is ReaderGone
    assert raised(lambda: connection.transmit(SELECT)) is ReaderGone
    daemon.start()
    assert present(reader).generation == before + 2
    assert raised(lambda: connection.transmit(SELECT)) is ReaderGone
    with reader.connect() as again:
        assert identify(again).prove(PROOF)


def test_a_call_that_hangs_is_given_up(daemon: PcscDaemon, open_pcsc: OpenReader, put_in: PutIn) -> None:
    """A card that answers with nothing keeps SCardTransmit for ever (vpcd)."""
    daemon.start()
    card = CountingCard("3B00")
    face = put_in(card)
    reader = open_pcsc("", transmit=0.3)
    after(reader, 1)
    connection = reader.connect()
    assert connection.transmit(SELECT)[1] == 0x9000
    card.silent = True
    began = time.monotonic()
    with pytest.raises(ReaderGone, match=r"TRANSMIT took longer than 0\.3 s"):
        connection.transmit(SELECT)
    assert time.monotonic() - began < 5
    connection.close()
    face.stop()
    settled(reader)


def test_a_pcscd_that_hangs_is_told_and_outlived(
    daemon: PcscDaemon, card: SimulatedCard, open_pcsc: OpenReader, put_in: PutIn
) -> None:
    daemon.start()
    put_in(card)
    reader = open_pcsc("", status=0.3, connect=0.3, transmit=0.3)
    after(reader, 1)
    connection = reader.connect()
    daemon.pause()
    assert raised(lambda: connection.transmit(SELECT)) is ReaderGone
    assert raised(lambda: reader.wait_for_change(1, 10)) is ReaderGone
    daemon.go_on()
    present(reader)


def test_a_worker_that_is_killed_is_replaced(
    daemon: PcscDaemon, card: SimulatedCard, open_pcsc: OpenReader, put_in: PutIn
) -> None:
    daemon.start()
    put_in(card)
    reader = open_pcsc()
    after(reader, 1)
    connection = reader.connect()
    pid = reader.worker_pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    assert raised(lambda: connection.transmit(SELECT)) is ReaderGone
    assert after(reader, 3).present
    with reader.connect() as again:
        assert identify(again).prove(PROOF)


def test_a_card_of_t_14_alone_is_connected_raw(daemon: PcscDaemon, open_pcsc: OpenReader, put_in: PutIn) -> None:
    daemon.start()
    put_in(CountingCard("3B9F210E49524445544F20414353038395008055"))
    reader = open_pcsc()
    after(reader, 1)
    with reader.connect() as connection:
        assert connection.protocol == 14
        connection.reset()
        assert connection.transmit(bytes.fromhex("0102000000")) == (b"", 0x9000)


def test_closing_ends_everything(daemon: PcscDaemon, card: SimulatedCard, put_in: PutIn) -> None:
    daemon.start()
    put_in(card)
    reader = PcscReader("")
    after(reader, 1)
    connection = reader.connect()
    pid = reader.worker_pid
    assert pid is not None
    reader.close()
    reader.close()
    for call in (
        reader.state,
        reader.connect,
        lambda: reader.wait_for_change(1, 60),
        lambda: connection.transmit(SELECT),
    ):
        assert raised(call) is ReaderGone
    connection.close()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
