"""Every profile through every face of the simulated card that needs no other program: the same card each time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest

from smartcard.atr import ATR
from smartcard.identity import identify
from smartcard.proof import CardProof
from smartcard.reader import CardReader
from smartcard.readers import open_reader
from tools.card_sim.cards import PROFILES, card_of_profile
from tools.card_sim.core import SimulatedCard
from tools.card_sim.in_process import InProcessReader
from tools.card_sim.pty import PtyFace
from tools.card_sim.rfc2217 import Rfc2217Face
from tools.card_sim.vpcd import VpcdFace
from tools.card_sim.vpcd_reader import VpcdReader
from tools.provisioning import KeyRing

Face = Callable[[SimulatedCard], AbstractContextManager[CardReader]]
"""A reader with the card in it."""


@contextmanager
def terminal(card: SimulatedCard) -> Iterator[CardReader]:
    face = PtyFace(card)
    face.start()
    try:
        with open_reader(f"serial:{face.path}") as reader:
            yield reader
    finally:
        face.stop()


@contextmanager
def network_port(card: SimulatedCard) -> Iterator[CardReader]:
    face = Rfc2217Face(card, port=0)
    face.start()
    try:
        with open_reader(f"serial:{face.url}") as reader:
            yield reader
    finally:
        face.stop()


@contextmanager
def virtual_reader(card: SimulatedCard) -> Iterator[CardReader]:
    with VpcdReader("127.0.0.1:0") as reader:
        face = VpcdFace(card, reader.address)
        face.start()
        try:
            yield reader
        finally:
            face.stop()


def told(reader: CardReader) -> tuple[object, ...]:
    """What the card in ``reader`` tells, once it is in."""
    assert reader.wait_for_change(0, 5).present
    with reader.connect() as connection:
        credential = identify(connection)
        proof = credential.prove(CardProof.selftest("00" * 16))
        return credential.identity, connection.protocol, connection.atr.raw, proof is not None


@pytest.mark.parametrize("face", [virtual_reader, terminal], ids=lambda face: face.__name__)
@pytest.mark.parametrize("name", PROFILES)
def test_a_profile_is_the_same_card_on_every_line(name: str, face: Face, ring: KeyRing) -> None:
    with InProcessReader(card_of_profile(name, ring)) as reader:
        expected = told(reader)
    with face(card_of_profile(name, ring)) as reader:
        assert told(reader) == expected


@pytest.mark.parametrize("name", ["irdeto", "viaccess", "nagra", "piv-rsa"])
def test_rate_parity_and_convention_are_the_cards(name: str, ring: KeyRing) -> None:
    """T=14; T=0 inverse, PPS to TA1 18; T=1 inverse, specific mode at TA1 95; T=1 with chained blocks both ways."""
    card = card_of_profile(name, ring)
    assert ATR.parse(card.atr).protocols == {"irdeto": (14,), "viaccess": (0,)}.get(name, (1,))
    with InProcessReader(card_of_profile(name, ring)) as reader:
        expected = told(reader)
    with network_port(card) as reader:
        assert told(reader) == expected
