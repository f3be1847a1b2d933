"""The port to a simulated card: what a card does, whatever it is plugged into."""

from __future__ import annotations

from abc import ABC, abstractmethod

OUTGOING = frozenset((0x84, 0xB0, 0xB1, 0xB2, 0xB3, 0xC0, 0xCA))
"""ISO 7816-4 commands whose body the card sends: GET CHALLENGE, READ BINARY, READ RECORD, GET RESPONSE, GET DATA."""


class CardPulled(Exception):
    """The card left its slot in the middle of a command (``faults.py``); ``other``: this one was put in instead."""

    def __init__(self, other: SimulatedCard | None = None) -> None:
        super().__init__("the card was pulled out")
        self.other = other


class SimulatedCard(ABC):
    """One card. Used from one thread at a time, the face's.

    Its protocols, rates and waiting times are what its ATR says. An empty answer stands for silence: the card did not
    answer within its time.
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
        """Answer one command: data and two status bytes. Takes any bytes; never raises for them.

        A T=14 card (Irdeto) gets what stands in the frame between its start byte 01 and its check instead of an APDU,
        and answers data and status in the same form.
        """

    def takes_body(self, header: bytes) -> bool:
        """T=0 alone: do the P3 bytes of this header (CLA INS P1 P2 P3) come from the reader, or from the card?

        On that line nothing but the instruction says it (ISO 7816-3 10.3.2).
        """
        return header[1] not in OUTGOING


class MuteCard(SimulatedCard):
    """Put in upside down, or dead: in the slot, and answers nothing, not even a reset."""

    atr = b""

    def reset(self) -> bytes:
        return b""

    def process(self, apdu: bytes) -> bytes:  # noqa: ARG002 - whatever is asked
        return b""
