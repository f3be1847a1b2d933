"""Help (product.md H1): whom to call, what is asked often, requests with a thread, applications with a slot. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from tools.headend.domain.texts import LocalText


class TicketKind(StrEnum):
    """``dispute``: 'I did not order this', with the charge attached (A3)."""

    QUESTION = "question"
    DISPUTE = "dispute"
    CHAT = "chat"
    CALL_BACK = "call_back"


class TicketState(StrEnum):
    """``open``: the operator's turn; ``answered``: the viewer's; who has more to say after ``closed`` asks anew."""

    OPEN = "open"
    ANSWERED = "answered"
    CLOSED = "closed"


class ApplicationKind(StrEnum):
    SERVICE = "service"
    TV = "tv"
    REPAIR = "repair"


class ApplicationState(StrEnum):
    """sent -> agreed -> on_the_way -> done, cancelled before anybody is on the way; moving asks to be agreed anew."""

    SENT = "sent"
    AGREED = "agreed"
    ON_THE_WAY = "on_the_way"
    DONE = "done"
    CANCELLED = "cancelled"


_NEXT: Mapping[ApplicationState, frozenset[ApplicationState]] = {
    ApplicationState.SENT: frozenset({ApplicationState.AGREED, ApplicationState.CANCELLED}),
    ApplicationState.AGREED: frozenset(
        {ApplicationState.SENT, ApplicationState.ON_THE_WAY, ApplicationState.CANCELLED}
    ),
    ApplicationState.ON_THE_WAY: frozenset({ApplicationState.DONE, ApplicationState.CANCELLED}),
    ApplicationState.DONE: frozenset(),
    ApplicationState.CANCELLED: frozenset(),
}
OVER = frozenset({ApplicationState.DONE, ApplicationState.CANCELLED})
CHANGEABLE = frozenset({ApplicationState.SENT, ApplicationState.AGREED})
"""The viewer moves or cancels until somebody is on the way."""


def may_become(state: ApplicationState, other: ApplicationState) -> bool:
    """Whether the operator may take an application from ``state`` to ``other``."""
    return other in _NEXT[state]


@dataclass(frozen=True, slots=True)
class Line:
    """A telephone number: from which phones, whether it is free there, when somebody answers."""

    number: str
    where: LocalText
    free: bool
    hours: LocalText


@dataclass(frozen=True, slots=True)
class Answered:
    """A question that is asked often, with its answer."""

    id: str
    question: LocalText
    answer: LocalText


@dataclass(frozen=True, slots=True)
class Salon:
    """Where somebody sits behind a desk; ``region`` is the id of the region it is in."""

    id: str
    region: str
    name: LocalText
    address: str
    hours: LocalText


@dataclass(frozen=True, slots=True)
class Subject:
    """What a request may be about."""

    id: str
    title: LocalText


@dataclass(frozen=True, slots=True)
class Span:
    """A part of the day, ``first`` before ``last``, in the region's time."""

    id: str
    first: time
    last: time


@dataclass(frozen=True, slots=True)
class Wait:
    """From ``since`` on (the region's time of day) an answer takes about ``minutes``."""

    since: time
    minutes: int


@dataclass(frozen=True, slots=True)
class Chat:
    """``phone_url``: where the viewer goes on by typing on the phone; ``{ticket}`` stands for the request."""

    phone_url: str
    waits: Sequence[Wait]

    def wait(self, at: time) -> int:
        """The minutes that an answer takes about at the time of day ``at``."""
        return next((each.minutes for each in reversed(self.waits) if each.since <= at), self.waits[-1].minutes)


@dataclass(frozen=True, slots=True)
class Visits:
    """When somebody comes: from ``earliest`` to ``latest`` days ahead, on ``weekdays`` (Monday is 1), in a slot."""

    earliest: int
    latest: int
    weekdays: frozenset[int]
    slots: Sequence[Span]
    open_most: int
    """Applications of one account that are not over."""

    def days(self, today: date) -> list[date]:
        """The days that can be asked for."""
        ahead = (today + timedelta(days=days) for days in range(self.earliest, self.latest + 1))
        return [day for day in ahead if day.isoweekday() in self.weekdays]

    def slot(self, slot_id: str) -> Span | None:
        return next((slot for slot in self.slots if slot.id == slot_id), None)


@dataclass(frozen=True, slots=True)
class HelpRules:
    """Everything that an operator says about help."""

    lines: Sequence[Line]
    at_hand: LocalText
    """What to have at hand before calling."""
    answers: Sequence[Answered]
    salons: Sequence[Salon]
    coverage_url: str
    subjects: Sequence[Subject]
    ready: Sequence[Answered]
    """Questions of the chat that are asked by one press, with what is answered at once."""
    chat: Chat
    call_backs: Sequence[Span]
    open_most: int
    """Requests of one account that are not closed."""
    visits: Visits
    kinds: Mapping[ApplicationKind, LocalText]
    states: Mapping[ApplicationState, LocalText]
    """How the state of an application is said."""
    dispute: LocalText
    """The subject of 'I did not order this'."""
    call_back_subject: LocalText

    def subject(self, subject_id: str) -> Subject | None:
        return next((each for each in self.subjects if each.id == subject_id), None)

    def ready_question(self, question_id: str) -> Answered | None:
        return next((each for each in self.ready if each.id == question_id), None)

    def call_back(self, span_id: str) -> Span | None:
        return next((each for each in self.call_backs if each.id == span_id), None)


def call_back_day(span: Span, now: datetime) -> date:
    """The day of the next ``span`` that is not over at ``now`` (the region's time): today or tomorrow."""
    today = now.date()
    return today if now.time() < span.last else today + timedelta(days=1)
