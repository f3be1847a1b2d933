"""A card in other clothes: with another answer to reset, or with faults that do not depend on the line."""

from __future__ import annotations

from smartcard.atr import ATR
from tools.card_sim.core import CardPulled, SimulatedCard
from tools.card_sim.faults import Faults, FaultUnknown

GET_RESPONSE = 0xC0


class DressedCard(SimulatedCard):
    """Another card's commands; the rest may differ."""

    def __init__(self, card: SimulatedCard) -> None:
        self.card = card
        self.atr = card.atr

    def power_on(self) -> bytes:
        self.card.power_on()
        return self.atr

    def reset(self) -> bytes:
        self.card.reset()
        return self.atr

    def process(self, apdu: bytes) -> bytes:
        return self.card.process(apdu)

    def takes_body(self, header: bytes) -> bool:
        return self.card.takes_body(header)


class CardWithATR(DressedCard):
    """The same card with another ATR, and so with the protocols, rates and times that it tells."""

    def __init__(self, card: SimulatedCard, atr: bytes) -> None:
        """ATRError where ``atr`` cannot be walked."""
        super().__init__(card)
        self.atr = ATR.parse(atr).raw


class FaultyCard(DressedCard):
    """mute, tck-wrong, 6c-after-61, removal-in-apdu and swap, for as long as ``faults`` has them."""

    def __init__(self, card: SimulatedCard, faults: Faults, *, other: SimulatedCard | None = None) -> None:
        """``other``: what a swap puts in. FaultUnknown for a wrong TCK where the ATR has none, a swap for nothing."""
        super().__init__(card)
        self.faults = faults
        self._other = other
        self._announced: tuple[int, int] | None = None
        if "tck-wrong" in faults.names and (not card.atr or ATR.parse(card.atr).tck == "not used"):
            raise FaultUnknown("fault 'tck-wrong' needs an ATR with a TCK")
        if "swap" in faults.names and other is None:
            raise FaultUnknown("fault 'swap' needs another card")

    def power_on(self) -> bytes:
        return self._answer_to_reset(self.card.power_on())

    def reset(self) -> bytes:
        return self._answer_to_reset(self.card.reset())

    def process(self, apdu: bytes) -> bytes:
        """CardPulled where the card is gone in the middle of it."""
        if self.faults.strikes("removal-in-apdu"):
            raise CardPulled
        if self.faults.strikes("swap"):
            raise CardPulled(self._other)
        if self._announced is not None and apdu[1:2] == bytes((GET_RESPONSE,)):
            told, real = self._announced
            if apdu[4:5] == bytes((told,)):
                return bytes((0x6C, real))
        self._announced = None
        answer = self.card.process(apdu)
        if answer[-2:-1] == b"\x61" and self.faults.strikes("6c-after-61"):
            real = answer[-1]
            told = real - 1 & 0xFF or 0xFF
            self._announced = (told, real)
            return answer[:-1] + bytes((told,))
        return answer

    def _answer_to_reset(self, atr: bytes) -> bytes:
        self._announced = None
        self.atr = atr
        if self.faults.strikes("mute"):
            self.atr = b""
        elif atr and self.faults.strikes("tck-wrong"):
            self.atr = atr[:-1] + bytes((atr[-1] ^ 0x01,))
        return self.atr
