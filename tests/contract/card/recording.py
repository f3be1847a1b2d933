"""A simulated card that keeps what it was asked."""

from __future__ import annotations

from tools.card_sim.core import SimulatedCard
from tools.card_sim.dressed import DressedCard

VERIFY = 0x20


class RecordingCard(DressedCard):
    """Another card with a trace of its commands."""

    def __init__(self, card: SimulatedCard) -> None:
        super().__init__(card)
        self.commands: list[bytes] = []

    def process(self, apdu: bytes) -> bytes:
        self.commands.append(apdu)
        return super().process(apdu)

    def pins(self) -> list[bytes]:
        """Every VERIFY that carried one; asking how many tries are left carries none."""
        return [each for each in self.commands if each[1] == VERIFY and len(each) > 5]
