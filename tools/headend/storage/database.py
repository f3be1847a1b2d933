"""Connections and transactions: the one place that knows what SQLite and PostgreSQL do differently.

SQLite: WAL, full sync, one writer at a time in this process with BEGIN IMMEDIATE (facts/account-and-payments.md,
Databases: concurrent writers cost 1.25 s at p99), other processes wait by the busy time-out. PostgreSQL: reads are
repeatable, changes lock the rows that they must, serialization failures are retried; pgbouncer in transaction mode may
stand in between.
"""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import (
    ArgumentError,
    DBAPIError,
    DisconnectionError,
    IntegrityError,
    NoSuchModuleError,
    OperationalError,
)
from sqlalchemy.pool import ConnectionPoolEntry

from device.api.errors import ApiError, ConfigError
from tools.headend.storage.prepared import Prepared, Row

T = TypeVar("T")

WRITER_PATIENCE = 10.0
"""Seconds that a change waits for its turn before the service says that it is busy."""
IDLE_S = 1.0
"""Seconds without use after which a connection to a server is looked at before it is used again."""
_ATTEMPTS = 4
_COUNTED = {"preserve_rowcount": True}
"""INSERT ... SELECT says how many rows it wrote, as UPDATE does by itself."""
_UNCOUNTED = text(
    "SELECT relname FROM pg_stat_user_tables WHERE n_mod_since_analyze > 50 + n_live_tup / 10"
    " OR (last_analyze IS NULL AND last_autoanalyze IS NULL) ORDER BY relname"
)
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
        self._unflushed = self._immediate.execution_options(flushed=False)
        # a read transaction of SQLite sees one state by itself
        self._snapshot = self._engine if self.sqlite else _at(self._engine, "REPEATABLE READ")
        # a pool of its own: to turn a connection into one without transactions and back costs more than a look-up
        self._single = self._engine if self.sqlite else _server(self.url, isolation_level="AUTOCOMMIT")

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection that sees one state of the database and changes nothing."""
        with self._snapshot.begin() as connection:
            yield connection

    def look(self, statement: Prepared, parameters: Mapping[str, Any]) -> list[Row]:
        """What one SELECT finds: it sees one state by itself, so it needs no transaction around it."""
        # as it comes from the pool: a Connection of SQLAlchemy around it costs more than all that is looked up
        raw = self._single.raw_connection()
        try:
            return statement.fetch(raw.driver_connection, self._single.dialect, parameters)
        finally:
            raw.close()

    def write_at_once(self, statement: Prepared, parameters: Mapping[str, Any]) -> int:
        """How many rows an INSERT wrote that is a transaction of its own: a server is asked once instead of five times.

        0 where ``write`` has to do it, or to say why not: the statement found that it must not, a row was there, or
        this is SQLite, which needs no asking.
        """
        if self.sqlite:
            return 0
        raw = self._single.raw_connection()
        try:
            return statement.write(raw.driver_connection, self._single.dialect, parameters)
        except DBAPIError as error:
            if not _may_run_again(error):
                raise
            return 0
        finally:
            raw.close()

    def write(self, work: Callable[[Connection], T], *, flushed: bool = True) -> T:
        """Run ``work`` in a transaction of its own and commit it; nothing of it stays where it raises.

        ``work`` may run again where somebody else came between, so it has no effect but through its connection.
        Without ``flushed`` nobody waits for the disk: when the machine's power fails, the last moments of such changes
        may be gone, each wholly; a killed process loses none. DatabaseBusy where the database takes no change in time.
        """
        for attempt in range(_ATTEMPTS):
            try:
                with self._turn(), self._transaction(flushed=flushed) as connection:
                    return work(connection)
            except DBAPIError as error:
                if attempt + 1 < _ATTEMPTS and _may_run_again(error):
                    continue
                if _is_busy(error):
                    break
                raise
        raise DatabaseBusy("the database is busy", retry_after=1.0)

    @contextmanager
    def _transaction(self, *, flushed: bool) -> Iterator[Connection]:
        if flushed or self.sqlite:
            with (self._immediate if flushed else self._unflushed).begin() as connection:
                yield connection
            return
        with self._single.connect() as connection:
            # by hand, and at once with what is said of it: a round trip less
            _execute_on_server(connection, "BEGIN; SET LOCAL synchronous_commit TO OFF")
            try:
                yield connection
            except BaseException:
                with suppress(DBAPIError):
                    _execute_on_server(connection, "ROLLBACK")
                raise
            _execute_on_server(connection, "COMMIT")

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

    def gather_statistics(self) -> None:
        """Have PostgreSQL count what its planner goes by, of tables of which a tenth changed since it did: without that
        a statement over many accounts of a database that was just filled can take hours instead of seconds. SQLite goes
        by the indexes alone."""
        if not self.sqlite:
            self.write(_analyze)

    def close(self) -> None:
        for engine in {self._engine, self._single}:
            engine.dispose()


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


def _at(engine: Engine, isolation: str) -> Engine:
    """The same pool; psycopg says the level with BEGIN, so it costs no round trip."""
    return engine.execution_options(isolation_level=isolation)


def _engine(url: URL, patience: float) -> Engine:
    """What fails is logged with its statement and never with what was in it: names, addresses, texts."""
    try:
        if url.get_backend_name() != "sqlite":
            return _server(url)
        engine = create_engine(
            url,
            pool_size=16,
            max_overflow=32,
            connect_args={"timeout": patience},
            execution_options=_COUNTED,
            hide_parameters=True,
        )
    except (NoSuchModuleError, ModuleNotFoundError) as error:
        raise ConfigError(f"no driver for '{url.drivername}': {error}", remedy="install it, or name another") from None
    event.listen(engine, "connect", _set_up)
    event.listen(engine, "begin", _begin)
    return engine


def _set_up(connection: Any, _record: object) -> None:
    """Python's sqlite3 opens transactions when it likes; off with that, BEGIN is ours."""
    connection.isolation_level = None
    # pages of the look-up tables are written again and again: the longer the log, the fewer go to the file each time
    _execute(connection, "PRAGMA wal_autocheckpoint=4000")


def _server(url: URL, **options: Any) -> Engine:
    """Connections to PostgreSQL; no request holds two at a time."""
    engine = create_engine(
        url, pool_size=16, max_overflow=32, execution_options=_COUNTED, hide_parameters=True, **options
    )
    event.listen(engine, "connect", _mind_pgbouncer)
    _mind_idleness(engine)
    return engine


def _mind_pgbouncer(connection: Any, _record: object) -> None:
    """Prepare nothing where the server's process is not the one we were connected to: pgbouncer in transaction mode
    gives every transaction another one (psycopg's ``prepare_threshold``; pgbouncer makes up the pid it announces)."""
    cursor = connection.execute("SELECT pg_catalog.pg_backend_pid()")
    if cursor.fetchone()[0] != connection.info.backend_pid:
        connection.prepare_threshold = None
    cursor.close()
    connection.rollback()


def _mind_idleness(engine: Engine) -> None:
    """Ask whether the server is still there where nothing was heard of it for a while, and connect anew if it is not.
    To ask each time, as the pool would do it, costs every request several round trips."""

    def note(_connection: Any, record: ConnectionPoolEntry) -> None:
        record.info["used_at"] = time.monotonic()

    def ask(connection: Any, record: ConnectionPoolEntry, _held: object) -> None:
        used_at = record.info.get("used_at")
        if used_at is None or time.monotonic() - used_at < IDLE_S:
            return
        try:
            connection.execute("SELECT 1").close()
            connection.rollback()
        except engine.dialect.loaded_dbapi.Error:
            raise DisconnectionError from None

    event.listen(engine, "checkin", note)
    event.listen(engine, "checkout", ask)


def _begin(connection: Connection) -> None:
    # straight to the driver: as a statement of SQLAlchemy's it costs as much as the look-up that follows it
    options, driver = connection.get_execution_options(), connection.connection.driver_connection
    if not options.get("immediate", False):
        _execute(driver, "BEGIN")
        return
    synchronous = "FULL" if options.get("flushed", True) else "NORMAL"
    if connection.info.get("synchronous") != synchronous:
        _execute(driver, f"PRAGMA synchronous={synchronous}")
        connection.info["synchronous"] = synchronous
    _execute(driver, "BEGIN IMMEDIATE")


def _execute(driver: Any, statement: str) -> None:
    """A statement straight to sqlite3, its errors as SQLAlchemy's."""
    try:
        driver.execute(statement).close()
    except sqlite3.Error as error:
        raise OperationalError(statement, None, error) from error


def _execute_on_server(connection: Connection, statement: str) -> None:
    """The same to a server, what begins or ends a transaction of ours."""
    dbapi, driver = connection.dialect.loaded_dbapi, connection.connection.driver_connection
    if driver is None:
        raise DisconnectionError
    try:
        driver.execute(statement).close()
    except dbapi.Error as error:
        raise DBAPIError.instance(statement, None, error, dbapi.Error, dialect=connection.dialect) from error


def _analyze(connection: Connection) -> None:
    names = connection.execute(_UNCOUNTED).scalars().all()
    if names:
        quote = connection.dialect.identifier_preparer.quote
        connection.exec_driver_sql(f"ANALYZE {', '.join(map(quote, names))}")


def _may_run_again(error: DBAPIError) -> bool:
    """Somebody else came between: a row that did not exist when this transaction looked, or a lost race."""
    return isinstance(error, IntegrityError) or getattr(error.orig, "sqlstate", None) in _RETRIED


def _is_busy(error: DBAPIError) -> bool:
    return "database is locked" in str(error.orig) or getattr(error.orig, "sqlstate", None) in _RETRIED
