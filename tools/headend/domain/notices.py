"""What an account is told of by SMS, e-mail or a line on the TV (product.md N1): events, topics, who wants what. Pure.

A topic is what the viewer switches on or off; an event is what is worded. What an event may say (its parameters):
``amount`` in minor units, ``day``, and ``name``, a text of the operator or a name that the viewer gave.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from tools.headend.domain.texts import LocalText

TV_SECONDS_MAX = 10
"""A line on the TV stays for at most this long (product.md N1)."""


class Topic(StrEnum):
    """What can be chosen by the viewer, each with its channels."""

    BALANCE_LOW = "balance_low"
    CHARGE = "charge"
    PAYMENT = "payment"
    PROMISE = "promise"
    SERVICE = "service"
    ORDER = "order"
    BLOCK = "block"
    HELP = "help"
    SECURITY = "security"


class Event(StrEnum):
    """What happened; its parameters stand in ``PARAMETERS``."""

    BALANCE_LOW = "balance_low"
    CHARGED = "charged"
    PAYMENT_RECEIVED = "payment_received"
    AUTOPAY_FAILED = "autopay_failed"
    AUTOPAY_OFF = "autopay_off"
    TRANSFER_SENT = "transfer_sent"
    TRANSFER_RECEIVED = "transfer_received"
    PROMISE_GRANTED = "promise_granted"
    PROMISE_DUE = "promise_due"
    PROMISE_OVERDUE = "promise_overdue"
    CREDIT_DUE = "credit_due"
    SERVICE_STOPPED = "service_stopped"
    SERVICE_RETURNED = "service_returned"
    ORDERED = "ordered"
    ORDER_UNDONE = "order_undone"
    BLOCK_ORDERED = "block_ordered"
    BLOCK_BEGUN = "block_begun"
    BLOCK_ENDED = "block_ended"
    BLOCK_CANCELLED = "block_cancelled"
    BLOCK_WITHDRAWN = "block_withdrawn"
    TICKET_ANSWERED = "ticket_answered"
    APPLICATION_CHANGED = "application_changed"
    ROOM_CHANGED = "room_changed"
    PIN_CHANGED = "pin_changed"
    CONTACT_CHANGED = "contact_changed"


TOPICS: Mapping[Event, Topic] = {
    Event.BALANCE_LOW: Topic.BALANCE_LOW,
    Event.CHARGED: Topic.CHARGE,
    Event.PAYMENT_RECEIVED: Topic.PAYMENT,
    Event.AUTOPAY_FAILED: Topic.PAYMENT,
    Event.AUTOPAY_OFF: Topic.PAYMENT,
    Event.TRANSFER_SENT: Topic.PAYMENT,
    Event.TRANSFER_RECEIVED: Topic.PAYMENT,
    Event.PROMISE_GRANTED: Topic.PROMISE,
    Event.PROMISE_DUE: Topic.PROMISE,
    Event.PROMISE_OVERDUE: Topic.PROMISE,
    Event.CREDIT_DUE: Topic.PROMISE,
    Event.SERVICE_STOPPED: Topic.SERVICE,
    Event.SERVICE_RETURNED: Topic.SERVICE,
    Event.ORDERED: Topic.ORDER,
    Event.ORDER_UNDONE: Topic.ORDER,
    Event.BLOCK_ORDERED: Topic.BLOCK,
    Event.BLOCK_BEGUN: Topic.BLOCK,
    Event.BLOCK_ENDED: Topic.BLOCK,
    Event.BLOCK_CANCELLED: Topic.BLOCK,
    Event.BLOCK_WITHDRAWN: Topic.BLOCK,
    Event.TICKET_ANSWERED: Topic.HELP,
    Event.APPLICATION_CHANGED: Topic.HELP,
    Event.ROOM_CHANGED: Topic.SECURITY,
    Event.PIN_CHANGED: Topic.SECURITY,
    Event.CONTACT_CHANGED: Topic.SECURITY,
}
"""Under which topic an event is chosen."""

PARAMETERS: Mapping[Event, frozenset[str]] = {
    Event.BALANCE_LOW: frozenset({"amount"}),
    Event.CHARGED: frozenset({"amount"}),
    Event.PAYMENT_RECEIVED: frozenset({"amount"}),
    Event.AUTOPAY_FAILED: frozenset({"amount", "day"}),
    Event.AUTOPAY_OFF: frozenset({"amount"}),
    Event.TRANSFER_SENT: frozenset({"amount", "name"}),
    Event.TRANSFER_RECEIVED: frozenset({"amount"}),
    Event.PROMISE_GRANTED: frozenset({"amount", "day"}),
    Event.PROMISE_DUE: frozenset({"amount", "day"}),
    Event.PROMISE_OVERDUE: frozenset({"amount"}),
    Event.CREDIT_DUE: frozenset({"amount", "day"}),
    Event.SERVICE_STOPPED: frozenset({"amount"}),
    Event.SERVICE_RETURNED: frozenset(),
    Event.ORDERED: frozenset({"amount"}),
    Event.ORDER_UNDONE: frozenset({"amount"}),
    Event.BLOCK_ORDERED: frozenset({"day"}),
    Event.BLOCK_BEGUN: frozenset({"amount", "day"}),
    Event.BLOCK_ENDED: frozenset(),
    Event.BLOCK_CANCELLED: frozenset({"amount"}),
    Event.BLOCK_WITHDRAWN: frozenset({"day"}),
    Event.TICKET_ANSWERED: frozenset({"name"}),
    Event.APPLICATION_CHANGED: frozenset({"name", "day"}),
    Event.ROOM_CHANGED: frozenset({"name"}),
    Event.PIN_CHANGED: frozenset(),
    Event.CONTACT_CHANGED: frozenset(),
}
"""Exactly what each event is told with: ``amount`` (balance_low: the balance; service_stopped: the sum to pay;
block_begun: the fee; block_cancelled: what the fee lacked; autopay_*: what could not be taken), ``day`` (promise_due,
credit_due: by when; block_ordered, block_withdrawn: its first day; block_begun: its last day; autopay_failed: when it
is tried again), ``name`` (room_changed: the room; transfer_sent: the masked recipient; tickets and applications: the
subject)."""


@dataclass(frozen=True, slots=True)
class Channels:
    """By which ways something is told."""

    sms: bool = False
    email: bool = False
    tv: bool = False

    @property
    def any(self) -> bool:
        return self.sms or self.email or self.tv

    def covers(self, other: Channels) -> bool:
        """Whether these are at least ``other``."""
        return all(mine or not theirs for mine, theirs in zip(self.all, other.all, strict=True))

    @property
    def all(self) -> tuple[bool, bool, bool]:
        return self.sms, self.email, self.tv


LETTERS: Mapping[str, frozenset[str]] = {
    "subject": frozenset(),
    "receipt_subject": frozenset({"number"}),
    "receipt": frozenset({"operator", "number", "account", "day", "amount"}),
    "statement_subject": frozenset({"first", "last"}),
    "statement": frozenset({"operator", "account", "first", "last", "opening", "closing", "paid", "charged"}),
}
"""What e-mails say, and what may be put into each."""


@dataclass(frozen=True, slots=True)
class Letters:
    """``texts`` by name of ``LETTERS``; ``kinds``: what an entry without a service is called, by its kind."""

    texts: Mapping[str, LocalText]
    kinds: Mapping[str, LocalText]


@dataclass(frozen=True, slots=True)
class NoticeRules:
    """The operator's rules of N1. ``defaults``: the channels of an account that chose none; a topic of ``fixed`` keeps
    them whatever is chosen. ``balance_low``: X in minor units unless the account chose another, within ``low_range``.
    ``language``: of SMS and e-mails unless chosen. ``tv_seconds``: how long a line stays; ``tv_hours``: how long it
    is worth showing."""

    defaults: Mapping[Topic, Channels]
    fixed: frozenset[Topic]
    balance_low: int
    low_range: tuple[int, int]
    language: str
    tv_seconds: int
    tv_hours: int
    titles: Mapping[Topic, LocalText]
    texts: Mapping[Event, LocalText]
    letters: Letters

    def wanted(self, topic: Topic, chosen: Channels | None) -> Channels:
        """By which channels a topic is told to an account that chose ``chosen`` (None: nothing yet)."""
        default = self.defaults[topic]
        if chosen is None:
            return default
        if topic not in self.fixed:
            return chosen
        return Channels(*(mine or theirs for mine, theirs in zip(chosen.all, default.all, strict=True)))


def crosses(before: int, after: int, limit: int) -> bool:
    """Whether a balance that went from ``before`` to ``after`` fell below ``limit`` by that, minor units."""
    return after < limit <= before
