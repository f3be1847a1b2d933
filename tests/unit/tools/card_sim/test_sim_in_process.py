"""The in-process face: a reader with the card in it, and no wire between."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from smartcard.errors import CardAbsent, CardMute, CardRemoved, ReaderBusy, ReaderGone
from smartcard.identity import identify
from smartcard.proof import CardProof
from smartcard.reader import ReaderState
from tools.card_sim.core import CardPulled, MuteCard, SimulatedCard
from tools.card_sim.in_process import InProcessReader
from tools.card_sim.piv_card import PivCard

PROOF = CardProof.selftest("00" * 16)
SELECT = bytes.fromhex("00A4040009A0000003080000100000")


@pytest.fixture
def slot() -> Iterator[InProcessReader]:
    with InProcessReader() as made:
        yield made


def test_identity_and_proof(card: PivCard) -> None:
    with InProcessReader(card, "slot") as slot, slot.connect() as connection:
        assert (slot.name, slot.state()) == ("slot", ReaderState(True, 1))
        assert (connection.atr.raw, connection.protocol, connection.generation) == (card.atr, 1, 1)
        assert identify(connection, PROOF).prove(PROOF)


def test_one_connection_at_a_time(slot: InProcessReader, card: PivCard) -> None:
    slot.insert(card)
    connection = slot.connect()
    with pytest.raises(ReaderBusy):
        slot.connect()
    connection.close()
    with pytest.raises(ReaderGone):
        connection.transmit(SELECT)
    connection.close()
    with slot.connect() as again:
        connection.close()
        assert again.transmit(SELECT)[1] == 0x9000


def test_a_card_that_goes_and_comes(slot: InProcessReader, card: PivCard) -> None:
    with pytest.raises(CardAbsent):
        slot.connect()
    waiting = threading.Thread(target=slot.wait_for_change, args=(0, 10))
    waiting.start()
    slot.insert(card)
    waiting.join(5)
    assert not waiting.is_alive()
    connection = slot.connect()
    slot.remove()
    for call in (lambda: connection.transmit(SELECT), connection.reset):
        with pytest.raises(CardRemoved):
            call()
    slot.insert(card)
    with pytest.raises(CardRemoved):
        connection.transmit(SELECT)
    assert slot.state() == ReaderState(True, 3)


def test_another_card_on_top_is_a_swap(slot: InProcessReader, card: PivCard) -> None:
    slot.insert(card)
    slot.insert(card)
    assert slot.state() == ReaderState(True, 3)


def test_mute_cards(slot: InProcessReader) -> None:
    slot.insert(MuteCard())
    with pytest.raises(CardMute):
        slot.connect()


class Leaving(SimulatedCard):
    atr = b"\x3b\x00"

    def __init__(self, other: SimulatedCard | None) -> None:
        self.other = other

    def reset(self) -> bytes:
        return self.atr

    def process(self, apdu: bytes) -> bytes:
        raise CardPulled(self.other)


@pytest.mark.parametrize(("is_swap", "after"), [(False, ReaderState(False, 2)), (True, ReaderState(True, 3))])
def test_a_card_that_leaves_in_the_middle(
    slot: InProcessReader, card: PivCard, is_swap: bool, after: ReaderState
) -> None:
    slot.insert(Leaving(card if is_swap else None))
    connection = slot.connect()
    with pytest.raises(CardRemoved):
        connection.transmit(SELECT)
    assert slot.state() == after
    with pytest.raises(CardRemoved):
        connection.transmit(SELECT)


def test_a_closed_reader(card: PivCard) -> None:
    slot = InProcessReader(card)
    connection = slot.connect()
    slot.close()
    slot.close()
    for call in (slot.state, slot.connect, lambda: slot.wait_for_change(1, 60), lambda: connection.transmit(SELECT)):
        with pytest.raises(ReaderGone):
            call()
    connection.close()
