"""One card on its I/O contact: answer to reset, PPS, then its protocol; characters in, characters out, in etu."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import replace

from smartcard.atr import ATR
from tools.card_sim.core import CardPulled, SimulatedCard
from tools.card_sim.faults import Faults
from tools.card_sim.line import pps
from tools.card_sim.line.steps import CHARACTER, Heard, Machine, Say, Take, deaf
from tools.card_sim.line.t0 import T0Card
from tools.card_sim.line.t1 import T1Card, T1Parameters
from tools.card_sim.line.t14 import T14Card
from tools.card_sim.line.wire import PortSettings, mirrored

CLOCK = 3_571_200
"""Hz: 372 times 9600, what a Phoenix reader calls 3.57 MHz."""
ATR_CLOCKS = 10_000
"""Clock cycles from the end of the reset to the answer; 400 to 40,000 are allowed (6.2.2)."""
ATR_GAP = 9600
"""Etu that a character of PPS may be behind the one before (9.1)."""
T14_WAITING = 9600
NOISE_KEPT = 70_000


class LineCard:
    """``reset``, then ``act`` as long as it says something, then ``hear`` what came, and so on.

    A card in reset, or not powered, says and hears nothing. ``CardPulled`` comes out of ``act`` and ``hear`` when a
    fault takes the card out of its slot.
    """

    def __init__(self, card: SimulatedCard, faults: Faults, *, clock: int = CLOCK) -> None:
        """``clock`` in Hz: 1 etu is F/D of its cycles."""
        self.card = card
        self.clock = clock
        self._faults = faults
        self._machine: Machine | None = None
        self._next: Say | Take | None = None
        self._buffer = bytearray()
        self._garbled = False
        self._saying = False
        self._rate = pps.DEFAULT
        self._inverse = False
        self.parity = "E"
        """As a port sees it: E, O of inverse convention, N where the card has no parity bit (T=14)."""

    @property
    def etu(self) -> float:
        """Seconds, at the rate in force."""
        return self._rate[0] / self._rate[1] / self.clock

    @property
    def patience(self) -> float | None:
        """Seconds after the last character at which ``silence`` is to be told; None: it listens for ever."""
        step = self._next
        return step.within * self.etu if isinstance(step, Take) and step.within is not None else None

    def power_off(self) -> None:
        """Held in reset, or out of the slot."""
        self._machine, self._next = None, None
        self._saying = False
        self._garbled = False
        self._rate = pps.DEFAULT
        self._buffer.clear()

    def power_on(self) -> None:
        """Cold reset."""
        self._begin(self.card.power_on)

    def reset(self) -> None:
        """Warm reset: RST goes up."""
        self._begin(self.card.reset)

    def act(self) -> Say | None:
        """What the card sends next, on the line as a port sees it; None: it listens. Call again when that is sent."""
        if self._saying:
            self._saying = False
            self._advance(None)
            self._feed()
        step = self._next
        if not isinstance(step, Say):
            return None
        self._saying = True
        return replace(step, data=mirrored(step.data)) if self._inverse else step

    def hear(self, raw: bytes, settings: PortSettings | None = None) -> None:
        """Characters of a port; with its settings, their parity counts (7.3). The rate has to fit already."""
        if self._machine is None:
            return
        if settings is not None and not all(settings.suits(each, self.parity) for each in raw):
            self._garbled = True
        self._buffer += mirrored(raw) if self._inverse else raw
        del self._buffer[NOISE_KEPT:]
        self._feed()

    def silence(self) -> None:
        """``patience`` is over."""
        if self.patience is not None:
            self._give(len(self._buffer))
            self._feed()

    def _begin(self, reset: Callable[[], bytes]) -> None:
        self.power_off()
        answer = reset()
        if answer:
            self._machine = self._live(answer)
            self._advance(None)

    def _live(self, answer: bytes) -> Machine:
        atr = ATR.parse(answer)
        self._inverse = atr.convention == "inverse"
        self.parity = "O" if self._inverse else "E"
        yield Say(answer, after=ATR_CLOCKS / pps.DEFAULT[0])
        protocol = atr.protocols[0]
        if atr.specific_mode is not None:
            protocol = atr.specific_mode
            if not _implicit(atr):
                self._rate = (atr.f or pps.DEFAULT[0], atr.d or pps.DEFAULT[1])
        elif protocol != 14:
            first: Heard = yield Take(1, keep=True)
            if first.data[0] == pps.PPSS:
                protocol = yield from self._select(atr)
        if protocol == 14:
            self.parity = "N"
        yield from self._speak(atr, protocol)

    def _select(self, atr: ATR) -> Generator[Say | Take, Heard, int]:
        """PPS (clause 9): the protocol, after the rate was changed; a wrong request is never answered."""
        head: Heard = yield Take(2, within=ATR_GAP)
        if len(head.data) == 2:
            rest: Heard = yield Take(pps.length(head.data[1]), within=ATR_GAP)
            garbled = head.garbled or rest.garbled
            agreed = None if garbled else pps.answer(head.data + rest.data, atr)
            if agreed is not None:
                reply, protocol, rate = agreed
                yield Say(reply)
                self._rate = rate
                return protocol
        return (yield from deaf())

    def _speak(self, atr: ATR, protocol: int) -> Machine:
        f, d = self._rate
        if protocol == 0:
            yield from T0Card(self.card, self._faults, 960 * d * atr.wi).run()
        elif protocol == 14:
            yield from T14Card(self.card, self._faults, T14_WAITING).run()
        elif protocol == 1:
            parameters = T1Parameters(
                ifsc=atr.ifsc,
                crc=atr.crc,
                character_waiting=11 + 2**atr.cwi,
                block_waiting=11 + 2**atr.bwi * 960 * 372 * d / f,
                gap=CHARACTER - 1 if atr.n == 255 else CHARACTER,
            )
            yield from T1Card(self.card, self._faults, parameters).run()
        else:
            yield from deaf()

    def _feed(self) -> None:
        while isinstance(self._next, Take) and len(self._buffer) >= self._next.count:
            self._give(self._next.count)

    def _give(self, count: int) -> None:
        step = self._next
        heard = Heard(bytes(self._buffer[:count]), self._garbled)
        if not (isinstance(step, Take) and step.keep):
            del self._buffer[:count]
            if not self._buffer:
                self._garbled = False
        self._advance(heard)

    def _advance(self, heard: Heard | None) -> None:
        if self._machine is None:
            return
        try:
            self._next = next(self._machine) if heard is None else self._machine.send(heard)
        except CardPulled:
            self.power_off()
            raise


def _implicit(atr: ATR) -> bool:
    """Bit 5 of TA2 (8.3): the rate is the card's secret, and stays at 372/1 here."""
    ta2 = atr.groups[1].ta
    return ta2 is not None and bool(ta2 & 0x10)
