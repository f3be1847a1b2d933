"""A card with an answer for every command, on its contact, spoken to in plain bytes."""

from __future__ import annotations

from collections.abc import Callable

from tools.card_sim.core import SimulatedCard
from tools.card_sim.faults import Faults
from tools.card_sim.line.card import LineCard
from tools.card_sim.line.steps import Say
from tools.card_sim.line.wire import PortSettings

T0_ATR = "3B00"
T1_ATR = "3B800181"
"""T0 80: TD1; TD1 01: T=1, nothing more, no historical bytes; TCK 81."""


class FixedCard(SimulatedCard):
    """Answers by a table of hexadecimal commands, or by a function; keeps what it was asked."""

    def __init__(self, atr: str, answers: dict[str, str] | Callable[[bytes], bytes], outgoing: bytes = b"") -> None:
        self.atr = bytes.fromhex(atr)
        self.asked: list[str] = []
        self.resets = 0
        self._answers = answers
        self._outgoing = outgoing

    def reset(self) -> bytes:
        self.resets += 1
        return self.atr

    def takes_body(self, header: bytes) -> bool:
        return header[1] not in self._outgoing and super().takes_body(header)

    def process(self, apdu: bytes) -> bytes:
        self.asked.append(apdu.hex().upper())
        if callable(self._answers):
            return self._answers(apdu)
        return bytes.fromhex(self._answers.get(self.asked[-1], "6D00"))


class Rig:
    """``line`` after its answer to reset, which ``atr`` has as it stood on the line."""

    def __init__(self, card: SimulatedCard, *faults: str, settings: PortSettings | None = None) -> None:
        self.line = LineCard(card, Faults(faults))
        self.settings = settings
        self.said: list[Say] = []
        self.line.power_on()
        self.atr = self.collect()

    def collect(self, limit: int = 50) -> str:
        """All that the card says until it listens, or ``limit`` times."""
        said: list[Say] = []
        while len(said) < limit and (say := self.line.act()) is not None:
            said.append(say)
        self.said = said
        return b"".join(say.data for say in said).hex().upper()

    def tell(self, sent: str) -> str:
        """What the card says to ``sent``; both in hexadecimal."""
        self.line.hear(bytes.fromhex(sent), self.settings)
        return self.collect()
