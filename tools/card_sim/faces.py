"""From the options to the faces: where each card is put in, and what it is dressed in."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Protocol

from smartcard.atr import ATR
from tools.card_sim.address import VPCD_PORT
from tools.card_sim.cards import PROFILE_CHIP_ID, card_of_household, card_of_profile, piv_card
from tools.card_sim.cli import CLOCKS
from tools.card_sim.core import SimulatedCard
from tools.card_sim.dressed import CardWithATR, FaultyCard
from tools.card_sim.faults import APDU, Faults
from tools.card_sim.pty import PtyFace
from tools.card_sim.rfc2217 import Rfc2217Face
from tools.card_sim.vpcd import VpcdFace
from tools.provisioning import KeyRing

SWAPPED_CARD_NUMBER = "990000000099"


class Face(Protocol):
    """One reader with one card."""

    def start(self) -> None: ...

    def stop(self) -> None: ...


def faces(options: argparse.Namespace, ring: KeyRing, undo: Callable[[Callable[[], None]], object]) -> list[str]:
    """Start them; where each is. What ends one is handed to ``undo`` as soon as there is something to end.

    ApiError where there is no such card or its faults cannot be, ReaderUnavailable where nobody can listen.
    """

    def started(face: Face, where: str) -> str:
        undo(face.stop)
        face.start()
        return where

    hz, echo = CLOCKS[options.clock], not options.no_echo
    places = []
    if options.vpcd is not None or not (options.pty or options.rfc2217 is not None):
        address = options.vpcd or f"127.0.0.1:{VPCD_PORT}"
        card, _ = _dressed(options, ring, line=False)
        places.append(started(VpcdFace(card, address), address))
    if options.pty:
        card, faults = _dressed(options, ring, line=True)
        terminal = PtyFace(card, faults=faults, hz=hz, echo=echo)
        places.append(started(terminal, terminal.path))
    if options.rfc2217 is not None:
        card, faults = _dressed(options, ring, line=True)
        reset_when = not options.inverted_reset
        port = Rfc2217Face(card, port=options.rfc2217, faults=faults, hz=hz, echo=echo, reset_when=reset_when)
        places.append(started(port, port.url))
    return places


def _dressed(options: argparse.Namespace, ring: KeyRing, *, line: bool) -> tuple[SimulatedCard, Faults]:
    """A card of its own for each face: they are used from different threads."""
    card = card_of_profile(options.profile, ring) if options.profile else card_of_household(options.card, ring)
    if options.atr is not None:
        card = CardWithATR(card, options.atr)
    faults = Faults(options.fault)
    faults.check([f"T={protocol}" for protocol in ATR.parse(card.atr).protocols] if line else [APDU])
    other = None
    if "swap" in faults.names:
        other = piv_card(ring.box("profile", "swap", chip_id=PROFILE_CHIP_ID, card_number=SWAPPED_CARD_NUMBER))
    return FaultyCard(card, faults, other=other), faults
