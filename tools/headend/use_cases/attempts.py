"""The one lock against guessing: wrong tries in a row are counted per account, and lock (product.md S3, S4).

The count lies in the database, so it outlives a restart of box and service. A wrong try is an outcome that has to
stay, so it is returned, and not raised, which would undo it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from tools.headend.clock import rfc3339
from tools.headend.domain.declined import Declined
from tools.headend.domain.limits import Limit
from tools.headend.storage import identity
from tools.headend.storage.identity import Attempts
from tools.headend.use_cases.work import Work


@dataclass(frozen=True, slots=True)
class Guarded:
    """Something that can be guessed. ``wrong`` and ``locked``: the codes of the two refusals; ``rule``: so many wrong
    tries in a row lock for so long."""

    purpose: str
    wrong: str
    locked: str
    rule: Limit


def attempt(work: Work, guarded: Guarded, right: Callable[[], bool]) -> Declined | None:
    """One try: None where it was right, else why not. While it is locked ``right`` is not even asked."""
    before = attempts_now(work.connection, work.account_id, guarded.purpose, work.now)
    if before.locked_until is not None:
        return _locked(guarded, before.locked_until, work.now)
    if right():
        forget(work, guarded.purpose)
        return None
    failures = before.failures + 1
    until = work.now + timedelta(seconds=guarded.rule.seconds) if failures >= guarded.rule.failures else None
    identity.put_attempts(work.connection, work.account_id, guarded.purpose, Attempts(failures, until))
    work.touched = False
    if until is not None:
        return _locked(guarded, until, work.now)
    return Declined(guarded.wrong, attempts_remaining=guarded.rule.failures - failures)


def attempts_now(connection: Connection, account_id: int, purpose: str, now: datetime) -> Attempts:
    """The count as it holds now: a lock that is over has taken its wrong tries with it."""
    found = identity.attempts_of(connection, account_id, purpose)
    return Attempts(0, None) if found.locked_until is not None and found.locked_until <= now else found


def locked(work: Work, guarded: Guarded) -> Declined | None:
    """Why nothing can be tried now; None where it can."""
    found = attempts_now(work.connection, work.account_id, guarded.purpose, work.now)
    return None if found.locked_until is None else _locked(guarded, found.locked_until, work.now)


def forget(work: Work, purpose: str) -> None:
    """Start counting anew."""
    identity.put_attempts(work.connection, work.account_id, purpose, Attempts(0, None))


def _locked(guarded: Guarded, until: datetime, now: datetime) -> Declined:
    left = max(1.0, (until - now).total_seconds())
    return Declined(guarded.locked, retry_after=left, locked_until=rfc3339(until))
