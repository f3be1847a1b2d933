"""The I/O line between a reader's port and a card, in real time: when each character is over, either way.

It knows no socket and no terminal. A face hands in what the reader's port sends, asks for what that port received
(``advance``), and how long it may sleep (``due``). Every time is computed from the line's own, never from how late a
face woke up, so that lateness does not add up.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from tools.card_sim.core import CardPulled, SimulatedCard
from tools.card_sim.faults import Faults
from tools.card_sim.line.card import CLOCK, LineCard
from tools.card_sim.line.steps import Say
from tools.card_sim.line.wire import PortSettings, parity_moment

RECEIVED = 10.5
"""Etu from a character's leading edge to when a port has it: in the middle of its stop bit."""
GRAIN = 0.001
"""Seconds: characters that are closer together than this are handed on in lots."""
SWAP_TIME = 0.02
"""Seconds that the slot is empty when a fault swaps the card."""


@dataclass
class _Run:
    """Characters in one direction: the first is over at ``first``, each other ``every`` seconds later."""

    data: bytes
    first: float
    every: float
    done: int = 0

    @property
    def last(self) -> float:
        return self.first + (len(self.data) - 1) * self.every

    def arrived(self, now: float) -> bytes:
        """Those that are over and were not taken yet."""
        if now >= self.last:
            count = len(self.data)
        elif now < self.first:
            count = 0
        else:
            count = min(int((now - self.first) / self.every) + 1, len(self.data) - 1)
        taken, self.done = self.data[self.done : count], max(count, self.done)
        return taken

    def due(self, now: float) -> float:
        return min(self.last, max(self.first + self.done * self.every, now + GRAIN))


@dataclass(frozen=True)
class Received:
    """What the reader's port has got, its own echo in it."""

    data: bytes
    parity_errors: int = 0


class Contact:
    """One slot with its line. Used from one thread."""

    def __init__(
        self,
        faults: Faults,
        *,
        hz: int = CLOCK,
        echo: bool = True,
        paced: bool = True,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """``hz``: the card's clock. ``echo``: the port hears what it sends, as on a Phoenix reader's one line.
        ``paced``: characters take their time, and rate and parity of the port's ``settings`` count."""
        self.settings = PortSettings()
        self.misheard = 0
        """Characters lost so far, in either direction, since port and card were at different rates."""
        self._faults = faults
        self._hz = hz
        self._echo = echo
        self._paced = paced
        self._clock = clock
        self._line: LineCard | None = None
        self._arrival: tuple[float, SimulatedCard] | None = None
        self._held = False
        self._edge = clock()
        self._port_free = 0.0
        self._sending: deque[tuple[_Run, PortSettings]] = deque()
        self._speech: tuple[Say, _Run] | None = None
        self._received = bytearray()
        self._parity_errors = 0

    @property
    def present(self) -> bool:
        return self._line is not None

    @property
    def etu(self) -> float | None:
        """Seconds, at the card's rate; None with no card."""
        return None if self._line is None else self._line.etu

    def insert(self, card: SimulatedCard) -> None:
        """Power comes on with the contact, and so the card answers at once unless it is held in reset."""
        self.remove()
        self._line = LineCard(card, self._faults, clock=self._hz)
        self._edge = self._clock()
        if not self._held:
            self._line.power_on()

    def remove(self) -> None:
        """In the middle of whatever the card is doing."""
        self._line, self._arrival, self._speech = None, None, None

    def hold(self) -> None:
        """RST goes down."""
        self._held = True
        self._speech = None
        if self._line is not None:
            self._line.power_off()

    def release(self) -> None:
        """RST goes up: the answer to reset follows."""
        self._held = False
        self._edge = self._clock()
        if self._line is not None:
            self._line.reset()

    def transmit(self, data: bytes) -> None:
        """The reader's port sends ``data``, back to back with what it is sending still."""
        if not data:
            return
        now = self._clock()
        every = self.settings.character if self._paced else 0.0
        begin = max(now, self._port_free)
        run = _Run(data, begin + every, every)
        self._port_free = begin + every * len(data)
        self._sending.append((run, self.settings))

    def purge(self) -> None:
        """The reader's port forgets what it did not send yet."""
        self._sending.clear()
        self._port_free = 0.0

    def advance(self) -> Received:
        """What the reader's port received since the last look."""
        while True:
            now = self._clock()
            try:
                progress = self._hear(now) or self._be_silent(now) or self._speak(now)
            except CardPulled as gone:
                self.remove()
                if gone.other is not None:
                    self._arrival = (now + SWAP_TIME, gone.other)
                progress = True
            if self._arrival is not None and now >= self._arrival[0]:
                self.insert(self._arrival[1])
                progress = True
            if not progress:
                received = Received(bytes(self._received), self._parity_errors)
                self._received.clear()
                self._parity_errors = 0
                return received

    def due(self) -> float | None:
        """When ``advance`` has something to do next, by the clock; None: not before somebody else acts."""
        now = self._clock()
        times = []
        if self._sending:
            times.append(self._sending[0][0].due(now))
        if self._speech is not None:
            times.append(self._speech[1].due(now))
        elif self._line is not None and self._line.patience is not None and not self._sending:
            times.append(self._edge + self._line.patience)
        if self._arrival is not None:
            times.append(self._arrival[0])
        return min(times, default=None)

    def _hear(self, now: float) -> bool:
        """What the reader's port sent reaches the card, and on an echoing line the port itself."""
        if not self._sending:
            return False
        run, settings = self._sending[0]
        data = run.arrived(now)
        if run.done == len(run.data):
            self._sending.popleft()
        if not data:
            return False
        if self._echo:
            self._received += data
        self._edge = run.first + (run.done - 2) * run.every if self._paced else now
        if self._line is not None and self._understood(len(data), settings):
            self._line.hear(data, settings if self._paced else None)
        return True

    def _be_silent(self, now: float) -> bool:
        line = self._line
        if line is None or line.patience is None or self._speech or self._sending or now < self._edge + line.patience:
            return False
        self._edge += line.patience
        line.silence()
        return True

    def _speak(self, now: float) -> bool:
        """What the card says reaches the reader's port."""
        if self._line is None:
            return False
        etu = self._line.etu
        if self._speech is None:
            say = self._line.act()
            if say is None:
                return False
            etu = self._line.etu
            first, gap = now, 0.0
            if self._paced:
                first, gap = self._edge + (say.after + RECEIVED) * etu, say.gap * etu
            self._speech = say, _Run(say.data, first + say.linger * etu, gap)
            return True
        say, run = self._speech
        begun = run.done
        data = run.arrived(now)
        if self._understood(len(data), self.settings):
            self._received += data
            if self._paced:
                self._check_parity(say, begun, run.done)
        if run.done < len(run.data):
            return False
        self._edge = run.last - RECEIVED * etu if self._paced else now
        self._speech = None
        return True

    def _check_parity(self, say: Say, begin: int, end: int) -> None:
        if self._line is None or (self.settings.parity == self._line.parity and say.damaged is None):
            return
        for index in range(begin, end):
            moment = parity_moment(say.data[index], self._line.parity) ^ (index == say.damaged)
            self._parity_errors += self.settings.notices(say.data[index], moment)

    def _understood(self, count: int, settings: PortSettings) -> bool:
        if not self._paced or self._line is None or settings.fits(1 / self._line.etu):
            return True
        self.misheard += count
        return False
