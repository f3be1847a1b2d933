"""On which day time alone changes something of an account next: the least of what its sources say."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Date, func, literal
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import GenericFunction

from tools.headend.domain.periods import next_first
from tools.headend.runs.awaited import next_of_credit, next_of_promises, next_of_suspensions
from tools.headend.storage import bonus, numbers

Source = Callable[[date], ColumnElement[Any]]
"""From the day that is settled to a SQL expression over the row of ``accounts``: a day, or null where nothing of this
kind is awaited. A scalar subquery must correlate ``accounts`` by ``.correlate(accounts)``."""


def _first_of_next_month(day: date) -> ColumnElement[Any]:
    """The monthly charge (product.md T5)."""
    return literal(next_first(day), Date)


SOURCES: tuple[Source, ...] = (
    _first_of_next_month,
    bonus.next_expiry,
    bonus.next_service_over,
    numbers.next_step,
    next_of_promises,
    next_of_credit,
    next_of_suspensions,
)


def next_due_day(settled: date) -> ColumnElement[Any]:
    """The least of all sources, and never ``settled`` or before: what was missed comes on the day after."""
    tomorrow = literal(settled + timedelta(days=1), Date)
    # the first source is never null, so it stands for those that await nothing
    anyway = SOURCES[0](settled)
    awaited = [func.coalesce(source(settled), anyway) for source in SOURCES[1:]]
    return latest(tomorrow, earliest(anyway, *awaited)) if awaited else anyway


class earliest(GenericFunction[Any]):
    """The least of several days, none of them null."""

    inherit_cache = True
    type = Date()


class latest(GenericFunction[Any]):
    """The greatest of several days, none of them null."""

    inherit_cache = True
    type = Date()


@compiles(earliest)
def _least(element: Any, compiler: Any, **options: Any) -> str:
    return f"least({compiler.process(element.clauses, **options)})"


@compiles(latest)
def _greatest(element: Any, compiler: Any, **options: Any) -> str:
    return f"greatest({compiler.process(element.clauses, **options)})"


@compiles(earliest, "sqlite")
def _min(element: Any, compiler: Any, **options: Any) -> str:
    return f"min({compiler.process(element.clauses, **options)})"


@compiles(latest, "sqlite")
def _max(element: Any, compiler: Any, **options: Any) -> str:
    return f"max({compiler.process(element.clauses, **options)})"
