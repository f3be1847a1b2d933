"""The silent sign-in as a state machine: what happened goes in, what to do next comes out; no clock, no thread, no I/O.

``now`` is CLOCK_BOOTTIME in seconds. Each method returns the effects that its caller carries out; what comes of them
comes back by another method. Results of an insertion or an attempt that is over are told by their number and dropped,
so that no order of events can sign in a card that is gone (contracts.md, "Silent sign-in").
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from device.domain.backoff import Backoff
from device.domain.failure import BUSY, Failure, Remedy, reader_failed
from device.ports.account_service import Grant
from device.ports.card import CardFacts

VIEWER_PAUSE_S = 1.0
"""A viewer's request tries an unreachable network at once, but not more often than this."""

RENEWAL_PART = 0.8
"""The part of a session's life after which the next one is fetched."""

_SETTLED_S = 5.0
"""A session that is refused sooner than this after it began is not renewed at once: that would be a storm."""


class Slot(Enum):
    """What is known of the card slot."""

    unknown = "unknown"
    empty = "empty"
    reading = "reading"
    ready = "ready"
    unreadable = "unreadable"
    failed = "failed"


@dataclass(frozen=True)
class ReadCard:
    """Read and self-test the card of insertion ``generation``; answer by card_read, card_failed or reader_failed."""

    generation: int


@dataclass(frozen=True)
class Attempt:
    """Sign in with ``card``; answer by ``granted`` or ``failed`` with ``number``."""

    number: int
    card: CardFacts


@dataclass(frozen=True)
class Follow:
    """A session began (or took the place of the one before): follow its events, send what is unfinished."""

    grant: Grant


@dataclass(frozen=True)
class End:
    """Tell the service that a session is over, when it can be told."""

    grant: Grant


Effect = ReadCard | Attempt | Follow | End


class SignIn:
    """Holds what is true of card and session; see the module."""

    def __init__(self, random: Callable[[], float]) -> None:
        self.slot = Slot.unknown
        self.generation = -1
        self.card: CardFacts | None = None
        self.grant: Grant | None = None
        self.failure: Failure | None = None
        self.due: float | None = None
        """When `tick` has something to do."""
        self.retry_at: float | None = None
        """Before this the service does not want to be asked (Retry-After)."""
        self._attempt: int | None = None
        self._attempts = 0
        self._last_try = float("-inf")
        self._signed_in_at = float("-inf")
        self._left: Grant | None = None
        self._soon = Backoff(random)
        self._late = Backoff(random, first=60, last=300, least=0.5)
        self._reading = Backoff(random, first=5, last=60, least=0.5)

    @property
    def state(self) -> str:
        """The state of session.status."""
        if self.slot is Slot.empty:
            return "no_card"
        if self.grant is not None:
            return "signed_in"
        return "starting" if self.failure is None else self.failure.state

    @property
    def code(self) -> str | None:
        if self.slot is Slot.empty:
            return "C-01"
        return self.failure.code if self.failure is not None and self.grant is None else None

    @property
    def trying(self) -> bool:
        """An outcome is near: reading the card, or signing in."""
        return self._attempt is not None or self.slot in (Slot.reading, Slot.unknown)

    def card_changed(self, present: bool, generation: int) -> list[Effect]:
        """The reader tells of the slot; the same again is no change."""
        known = self.slot not in (Slot.unknown, Slot.failed) and (self.slot is Slot.empty) != present
        if known and generation == self.generation:
            return []
        effects = self._let_go()
        self.generation = generation
        self.slot = Slot.reading if present else Slot.empty
        if present:
            effects.append(ReadCard(generation))
        return effects

    def card_read(self, now: float, card: CardFacts) -> list[Effect]:
        if card.generation != self.generation or self.slot is not Slot.reading:
            return []
        self.slot = Slot.ready
        self.card = card
        self.failure = None
        self._reading.reset()
        return self._begin(now)

    def card_failed(self, now: float, generation: int, failure: Failure) -> list[Effect]:
        """The card could not be read, or failed in an attempt: it is read again after a while."""
        if generation != self.generation or self.slot not in (Slot.reading, Slot.ready):
            return []
        effects = self._let_go()
        self.slot = Slot.unreadable
        self.failure = failure
        self.due = now + self._reading.delay()
        return effects

    def reader_failed(self, reason: str) -> list[Effect]:
        """The reader is gone or failing; `card_changed` tells when it is back."""
        effects = self._let_go()
        self.slot = Slot.failed
        self.failure = reader_failed(reason)
        return effects

    def granted(self, now: float, number: int, grant: Grant) -> list[Effect]:
        if number != self._attempt:
            return [End(grant)]
        self._attempt = None
        self.grant = grant
        self.failure = None
        self.retry_at = None
        self._left = None
        self._signed_in_at = now
        self._soon.reset()
        self._late.reset()
        self.due = now + grant.expires_in * RENEWAL_PART
        return [Follow(grant)]

    def failed(self, now: float, number: int, failure: Failure) -> list[Effect]:
        if number != self._attempt:
            return []
        self._attempt = None
        return self._fall(now, failure)

    def session_lost(self, now: float, grant: Grant, failure: Failure) -> list[Effect]:
        """A request or the event stream of ``grant`` found the service out of reach, or the session refused."""
        if grant is not self.grant:
            return []
        return self._fall(now, failure)

    def session_doubtful(self, now: float, grant: Grant, *, at_once: bool) -> list[Effect]:
        """The service does not know the token any more, or ended its stream: a full sign-in tells why. Not ``at_once``
        where every box may have noticed the same at the same moment."""
        if grant is not self.grant or self._attempt is not None:
            return []
        if not at_once or now - self._signed_in_at < _SETTLED_S:
            self.due = now + self._soon.delay()
            return []
        return self._begin(now)

    def viewer_waits(self, now: float) -> list[Effect]:
        """A viewer wants something of the service now: try, unless it was just tried or is not wanted."""
        if self.grant is not None or self._attempt is not None or self.slot is not Slot.ready:
            return []
        if self.failure is not None and self.failure.remedy is not Remedy.retry_soon:
            return []
        if now - self._last_try <= VIEWER_PAUSE_S or (self.retry_at is not None and now < self.retry_at):
            return []
        return self._begin(now)

    def tick(self, now: float) -> list[Effect]:
        """Do what is due."""
        if self.due is None or now < self.due:
            return []
        self.due = None
        if self.slot is Slot.unreadable:
            self.slot = Slot.reading
            return [ReadCard(self.generation)]
        if self.slot is Slot.ready and self._attempt is None:
            return self._begin(now)
        return []

    def _begin(self, now: float) -> list[Effect]:
        if self.card is None:
            return []
        self._attempts += 1
        self._attempt = self._attempts
        self._last_try = now
        self.due = None
        return [Attempt(self._attempts, self.card)]

    def _fall(self, now: float, failure: Failure) -> list[Effect]:
        """The session, if any, is over and the card stays: say why, and when to try again."""
        if failure.remedy is Remedy.read_card_again:
            return self.card_failed(now, self.generation, failure)
        self._left = self.grant or self._left
        self.grant = None
        self.failure = failure
        self.retry_at = None
        if failure.remedy is Remedy.retry_late:
            self.due = now + self._late.delay()
        elif self._attempt is None:
            wait = failure.retry_after or 0.0
            if failure.code == BUSY and wait:
                self.retry_at = now + wait
            self.due = now + wait + self._soon.delay()
        return []

    def _let_go(self) -> list[Effect]:
        """The card is not the one any more: nothing of it stays."""
        over = [each for each in (self.grant, self._left) if each is not None]
        self.grant = self._left = self.card = self.failure = self._attempt = None
        self.due = self.retry_at = None
        self._soon.reset()
        self._late.reset()
        self._reading.reset()
        return [End(grant) for grant in over]
