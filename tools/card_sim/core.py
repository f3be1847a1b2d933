"""The port to a simulated card: what a card does, whatever it is plugged into."""

from __future__ import annotations

from abc import ABC, abstractmethod


class SimulatedCard(ABC):
    """One card. Used from one thread at a time, the face's.

    An empty answer stands for silence: the card did not answer within its time.
    """

    atr: bytes

    def power_on(self) -> bytes:
        """Cold reset; the answer to reset."""
        return self.reset()

    @abstractmethod
    def reset(self) -> bytes:
        """Warm reset: forgets what was selected and begun; the answer to reset."""

    @abstractmethod
    def process(self, apdu: bytes) -> bytes:
        """Answer one command APDU: data and status word. Takes any bytes; never raises for them."""


class MuteCard(SimulatedCard):
    """Put in upside down, or dead: in the slot, and answers nothing, not even a reset."""

    atr = b""

    def reset(self) -> bytes:
        return b""

    def process(self, apdu: bytes) -> bytes:  # noqa: ARG002 - whatever is asked
        return b""
