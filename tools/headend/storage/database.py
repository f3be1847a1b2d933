"""Connections and transactions: the one place that knows what SQLite and PostgreSQL do differently.

SQLite: WAL, full sync, one writer at a time in this process with BEGIN IMMEDIATE (facts/account-and-payments.md,
Databases: concurrent writers cost 1.25 s at p99), other processes wait by the busy time-out. PostgreSQL: rows are
locked where they must be, serialization failures are retried.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError, NoSuchModuleError, OperationalError

from device.api.errors import ApiError, ConfigError

T = TypeVar("T")

WRITER_PATIENCE = 10.0
"""Seconds that a change waits for its turn before the service says that it is busy."""
_ATTEMPTS = 4
_RETRIED = ("40001", "40P01")
"""SQLSTATE serialization_failure and deadlock_detected (PostgreSQL, appendix A)."""


class DatabaseBusy(ApiError):
    """The database took no change in time; the same request may succeed later."""

    code = "unavailable"


class Database:
    """The account service's database at ``url`` (``sqlite:///FILE``, ``postgresql+psycopg://…``)."""

    def __init__(self, url: str, *, patience: float = WRITER_PATIENCE) -> None:
        self.url = _checked(url)
        self._patience = patience
        self._writer = threading.Lock()
        self.sqlite = self.url.get_backend_name() == "sqlite"
        self._engine = _engine(self.url, patience)
        self._immediate = self._engine.execution_options(immediate=True)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection that sees one state of the database and changes nothing."""
        with self._engine.begin() as connection:
            yield connection

    def write(self, work: Callable[[Connection], T]) -> T:
        """Run ``work`` in a transaction of its own and commit it; nothing of it stays where it raises.

        ``work`` may run again where somebody else came between, so it has no effect but through its connection.
        DatabaseBusy where the database takes no change in time.
        """
        for attempt in range(_ATTEMPTS):
            try:
                with self._turn(), self._immediate.begin() as connection:
                    return work(connection)
            except DBAPIError as error:
                if attempt + 1 < _ATTEMPTS and _may_run_again(error):
                    continue
                if _is_busy(error):
                    break
                raise
        raise DatabaseBusy("the database is busy", retry_after=1.0)

    @contextmanager
    def _turn(self) -> Iterator[None]:
        if not self.sqlite:
            yield
            return
        if not self._writer.acquire(timeout=self._patience):
            raise DatabaseBusy("the database is busy", retry_after=1.0)
        try:
            yield
        finally:
            self._writer.release()

    def use_wal(self) -> None:
        """Make readers and the writer independent (SQLite). The file remembers it, so it is said once, at the start:
        said on every connection it gets into the way of whoever writes."""
        if self.sqlite:
            connection = self._engine.raw_connection()
            try:
                _execute(connection.driver_connection, "PRAGMA journal_mode=WAL")
            finally:
                connection.close()

    def close(self) -> None:
        self._engine.dispose()


def _checked(url: str) -> URL:
    hint = "sqlite:///FILE or postgresql+psycopg://USER@HOST/NAME"
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise ConfigError(f"'{url}' is no database URL", remedy=f"expected {hint}") from None
    backend = parsed.get_backend_name()
    if backend not in ("sqlite", "postgresql"):
        raise ConfigError(f"databases of kind '{backend}' are not supported", remedy=f"expected {hint}")
    if backend == "sqlite" and parsed.database in (None, "", ":memory:"):
        raise ConfigError("a database in memory would forget every account", remedy="expected sqlite:///FILE")
    return parsed


def _engine(url: URL, patience: float) -> Engine:
    try:
        if url.get_backend_name() != "sqlite":
            return create_engine(url, pool_size=16, max_overflow=32, pool_pre_ping=True)
        engine = create_engine(url, pool_size=16, max_overflow=32, connect_args={"timeout": patience})
    except (NoSuchModuleError, ModuleNotFoundError) as error:
        raise ConfigError(f"no driver for '{url.drivername}': {error}", remedy="install it, or name another") from None
    event.listen(engine, "connect", _set_up)
    event.listen(engine, "begin", _begin)
    return engine


def _set_up(connection: Any, _record: object) -> None:
    """Python's sqlite3 opens transactions when it likes; off with that, BEGIN is ours."""
    connection.isolation_level = None
    _execute(connection, "PRAGMA synchronous=FULL")


def _begin(connection: Connection) -> None:
    # straight to the driver: as a statement of SQLAlchemy's it costs as much as the look-up that follows it
    immediate = connection.get_execution_options().get("immediate", False)
    _execute(connection.connection.driver_connection, "BEGIN IMMEDIATE" if immediate else "BEGIN")


def _execute(driver: Any, statement: str) -> None:
    """A statement straight to sqlite3, its errors as SQLAlchemy's."""
    try:
        driver.execute(statement).close()
    except sqlite3.Error as error:
        raise OperationalError(statement, None, error) from error


def _may_run_again(error: DBAPIError) -> bool:
    """Somebody else came between: a row that did not exist when this transaction looked, or a lost race."""
    return isinstance(error, IntegrityError) or getattr(error.orig, "sqlstate", None) in _RETRIED


def _is_busy(error: DBAPIError) -> bool:
    return "database is locked" in str(error.orig) or getattr(error.orig, "sqlstate", None) in _RETRIED
