"""Keeps a serial port open and watches its slot in one thread, beside whatever is done with the card.

Whether a card is in is told by CTS or CD. Where neither was ever asserted, on this opening of the port, nobody knows
whether the reader has such a line at all: then the slot is looked at by resetting whatever may be in it, while no
connection is open, and a card that leaves an open connection is noticed by its silence.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from smartcard.errors import CardError, CardRemoved, ProtocolError, ReaderError, ReaderGone
from smartcard.presence import Presence
from smartcard.serial.activation import answers
from smartcard.serial.line import Line, is_answer_to_reset
from smartcard.serial.port import Port

logger = logging.getLogger(__name__)

POLL = 0.03
"""Seconds between two looks at the card-detect lines."""
ATTEMPT = 2.0
"""Seconds between two resets that look for a card."""
LISTEN = 0.5
"""Seconds between two looks whether the port itself is still there."""
FIRST_PAUSE, LAST_PAUSE = 0.2, 5.0
"""Seconds between two tries to open the port; doubled from try to try."""


class SlotMonitor:
    """Feeds ``presence``; whoever uses the line borrows it by ``exchange``."""

    def __init__(
        self,
        name: str,
        presence: Presence,
        open_port: Callable[[], Port],
        *,
        card_clock: int,
        echo: bool | None,
        is_connected: Callable[[], bool],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """``card_clock`` in Hz. ``is_connected``: a connection is open, so that the card must not be reset."""
        self.looked = threading.Event()
        """Set when the slot, or that there is none, was seen for the first time."""
        self._name = name
        self._presence = presence
        self._open_port = open_port
        self._card_clock = card_clock
        self._echo = echo
        self._is_connected = is_connected
        self._clock = clock
        self._closed = threading.Event()
        self._wake = threading.Event()
        self._exchanging = threading.Lock()
        self._line: Line | None = None
        self._trouble: ReaderGone | None = None
        self._lines_tell = False
        self._looking = threading.Lock()
        self._changes = 0
        """Of the card-detect lines, at the last look."""
        self._generation = 0
        """Of the card that is being spoken with."""
        self._attempt_at = self._listen_at = 0.0
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    @contextmanager
    def exchange(self) -> Iterator[Line]:
        """The line, for one exchange alone with the card that is in now: CardRemoved, whatever came, where that was
        pulled out meanwhile (the answer may be another card's). ReaderGone, and what opening the port raised."""
        with self._exchanging:
            line = self._line
            if line is None:
                self._presence.state()
                raise ReaderGone(f"{self._name} is gone")
            try:
                self._look(line)
                self._generation = self._presence.state().generation
                try:
                    yield line
                except (CardError, ProtocolError):
                    self._check()
                    raise
                self._check()
            except ReaderGone as error:
                self._trouble = error
                self._wake.set()
                raise
            finally:
                self._echo = line.echo
                self._listen_at = self._clock() + LISTEN

    def doubt(self, generation: int) -> None:
        """The card of ``generation`` worked and failed: what answers from now on counts as another one."""
        if self._presence.removed(generation):
            self._attempt_at = self._clock()
            self._wake.set()

    def is_silence_absence(self) -> bool:
        """No line tells that a card is in: one that says nothing is none."""
        return not self._lines_tell

    def close(self) -> None:
        """Everybody who waits gets ReaderGone at once; nothing runs any more on return."""
        self._closed.set()
        self._wake.set()
        self._presence.fail(_closed)
        self._thread.join()
        self._presence.fail(_closed)  # for good: the thread's last look may have said otherwise
        self.looked.set()

    def _run(self) -> None:
        pause = FIRST_PAUSE
        while not self._closed.is_set():
            try:
                line = self._begin()
                pause = FIRST_PAUSE
                self._watch(line)
            except ReaderError as error:
                self._fail(error)
            finally:
                self._end()
            self._closed.wait(pause)
            pause = min(pause * 2, LAST_PAUSE)

    def _begin(self) -> Line:
        port = self._open_port()
        self._line = Line(port, echo=self._echo, check=self._check)
        self._lines_tell, self._trouble, self._changes = False, None, 0
        self._attempt_at = self._listen_at = self._clock()
        self._presence.recover()
        return self._line

    def _end(self) -> None:
        with self._exchanging:
            line, self._line = self._line, None
        if line is not None:
            line.port.close()

    def _fail(self, error: ReaderError) -> None:
        if self._closed.is_set():
            return
        logger.warning("%s: %s", self._name, error.message)
        kind, message = type(error), error.message
        self._presence.fail(lambda: kind(message))
        self.looked.set()

    def _watch(self, line: Line) -> None:
        """Look at the slot again and again; ends by the error that ends it, or when the reader is closed."""
        while not self._closed.is_set():
            if self._trouble is not None:
                raise self._trouble
            self._look(line)
            if not self._lines_tell and self._clock() >= self._attempt_at and not self._is_connected():
                self._attempt(line)
            self.looked.set()
            if self._clock() >= self._listen_at:
                self._listen(line)
            self._wake.wait(POLL)
            if not self._closed.is_set():
                self._wake.clear()

    def _look(self, line: Line) -> None:
        """What the card-detect lines tell now, and how often they changed since the last look."""
        with self._looking:
            changes, told = line.port.card_changes(), line.port.card_in()
            changed, self._changes = changes != self._changes, changes
            if told and not self._lines_tell:
                self._lines_tell, changed = True, False
            if self._lines_tell:
                self._note(bool(told), changed=changed)

    def _note(self, present: bool, *, changed: bool = False) -> None:
        if not present:
            self._presence.removed()
        elif changed or not self._presence.state().present:
            self._presence.inserted()

    def _attempt(self, line: Line) -> None:
        if not self._exchanging.acquire(blocking=False):
            return
        try:
            if self._is_connected():
                return
            self._generation = self._presence.state().generation
            try:
                present = answers(line, self._card_clock)
            except (ProtocolError, CardRemoved):  # noise, or a line that told in the middle of it
                present = False
            self._echo = line.echo
            self._note(present)
        finally:
            self._attempt_at = self._clock() + ATTEMPT
            self._exchanging.release()

    def _listen(self, line: Line) -> None:
        """A port that is gone shows it where it is read from; and a card that was put in, by its answer to reset."""
        if self._exchanging.acquire(blocking=False):
            try:
                if is_answer_to_reset(line.port.read(1)) and not self._lines_tell:
                    self._note(True, changed=True)
            finally:
                self._listen_at = self._clock() + LISTEN
                self._exchanging.release()

    def _check(self) -> None:
        """Is the card that is spoken with still in?"""
        if self._closed.is_set():
            raise _closed()
        if self._line is not None:
            self._look(self._line)
        if self._presence.state().generation != self._generation:
            raise CardRemoved("the card was pulled out")


def _closed() -> ReaderGone:
    return ReaderGone("the reader was closed")
