"""The faults of scripts (contracts.md): their names, what each takes, and the port through which they happen."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

MAX_DELAY_MS = 60_000
CLOCK_FIRST = datetime(1970, 1, 1, tzinfo=UTC)
CLOCK_LAST = datetime(2199, 12, 31, 23, 59, 59, tzinfo=UTC)

_CARD_NAME = re.compile(r"[A-Za-z0-9_-]+(?:/[A-Za-z0-9_-]+)?|profile:[a-z0-9-]+")


class FaultError(ValueError):
    """A fault that cannot be understood; the message says what was expected."""


@dataclass(frozen=True)
class Fault:
    """One fault: ``value`` is a card's name or None, milliseconds, or a moment with a time zone; None for the rest."""

    name: str
    value: str | int | datetime | None = None


class World(ABC):
    """Where faults happen. A fault sets a state, so the same one twice changes nothing more."""

    @abstractmethod
    def apply(self, fault: Fault) -> None:
        """Returns when the fault holds; StepFailed where it cannot."""


def _nothing(words: Sequence[str]) -> None:
    if words:
        raise FaultError(f"takes nothing, found '{words[0]}'")


def _one(words: Sequence[str], what: str) -> str:
    if not words:
        raise FaultError(f"needs {what}")
    _nothing(words[1:])
    return words[0]


def card_name(text: str) -> str:
    """``HOUSEHOLD``, ``HOUSEHOLD/BOX`` or ``profile:NAME`` as it stands; FaultError for anything else."""
    if not _CARD_NAME.fullmatch(text):
        raise FaultError(f"a card is HOUSEHOLD, HOUSEHOLD/BOX or profile:NAME, found '{text}'")
    return text


def _card(words: Sequence[str]) -> str:
    return card_name(_one(words, "the card's name: HOUSEHOLD[/BOX] or profile:NAME"))


def _own_or_card(words: Sequence[str]) -> str | None:
    return _card(words) if words else None


def _milliseconds(words: Sequence[str]) -> int:
    text = _one(words, "milliseconds")
    if not re.fullmatch(r"[0-9]{1,6}", text) or int(text) > MAX_DELAY_MS:
        raise FaultError(f"takes 0 to {MAX_DELAY_MS} ms, found '{text}'")
    return int(text)


def _moment(words: Sequence[str]) -> datetime:
    text = _one(words, "a moment: 1970-01-01T00:00:00Z")
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise FaultError(f"takes a moment by ISO 8601 (1970-01-01T00:00:00Z), found '{text}'") from None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    if not CLOCK_FIRST <= moment <= CLOCK_LAST:
        raise FaultError(f"takes moments from {CLOCK_FIRST.year} to {CLOCK_LAST.year}, found '{text}'")
    return moment


FAULTS: dict[str, Callable[[Sequence[str]], str | int | datetime | None]] = {
    "card.remove": _nothing,
    "card.insert": _own_or_card,
    "card.swap": _card,
    "card.mute": _nothing,
    "network.down": _nothing,
    "network.up": _nothing,
    "network.slow": _milliseconds,
    "headend.kill": _nothing,
    "headend.start": _nothing,
    "device.kill": _nothing,
    "device.start": _nothing,
    "clock": _moment,
    "payment.approve": _nothing,
    "payment.decline": _nothing,
    "payment.lose_answer": _nothing,
}
"""Each fault with what reads its words."""


def parse_fault(words: Sequence[str]) -> Fault:
    """``["network.slow", "300"]`` -> ``Fault("network.slow", 300)``; FaultError names what exists."""
    known = ", ".join(FAULTS)
    if not words:
        raise FaultError(f"names nothing; there are {known}")
    name, *rest = words
    reader = FAULTS.get(name)
    if reader is None:
        raise FaultError(f"'{name}' does not exist; there are {known}")
    try:
        return Fault(name, reader(rest))
    except FaultError as error:
        raise FaultError(f"{name} {error}") from None
