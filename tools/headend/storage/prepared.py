"""Statements of the hot paths: compiled once, then given to the driver as they are.

SQLAlchemy takes 60 to 90 µs to execute a statement, SQLite 5 to answer it. A request that reads a balance makes five
of them and a sign-in seven, so for these few, and only for these, the statement is compiled when it is first used and
the driver runs it; values go through the types of the columns as everywhere. ``tools.bench service`` shows what for.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Dialect, Insert, Select
from sqlalchemy.engine.interfaces import DBAPICursor
from sqlalchemy.exc import DBAPIError
from sqlalchemy.types import TypeEngine

Row = tuple[Any, ...]
_Convert = Callable[[Any], Any]


class Prepared:
    """A Core SELECT or INSERT of fixed shape: its parameters are ``bindparam``, and none of them expands."""

    def __init__(self, statement: Select[Any] | Insert) -> None:
        self._statement = statement
        self._compiled: dict[str, _Compiled] = {}

    def rows(self, connection: Connection, parameters: Mapping[str, Any]) -> list[Row]:
        """What a SELECT finds or an INSERT returns, within the connection's transaction."""
        return self.fetch(connection.connection.driver_connection, connection.dialect, parameters)

    def first(self, connection: Connection, parameters: Mapping[str, Any]) -> Row | None:
        found = self.rows(connection, parameters)
        return found[0] if found else None

    def run(self, connection: Connection, parameters: Mapping[str, Any]) -> int:
        """Execute an INSERT; how many rows it wrote."""
        return self.write(connection.connection.driver_connection, connection.dialect, parameters)

    def write(self, driver: Any, dialect: Dialect, parameters: Mapping[str, Any]) -> int:
        """``run`` over the driver's own connection."""
        cursor = self._for(dialect).execute(driver, dialect, parameters)
        written = cursor.rowcount
        cursor.close()
        return written

    def fetch(self, driver: Any, dialect: Dialect, parameters: Mapping[str, Any]) -> list[Row]:
        """``rows`` over the driver's own connection."""
        compiled = self._for(dialect)
        cursor = compiled.execute(driver, dialect, parameters)
        found = compiled.converted(cursor.fetchall())
        cursor.close()
        return found

    def _for(self, dialect: Dialect) -> _Compiled:
        compiled = self._compiled.get(dialect.name)
        if compiled is None:
            # two threads may both compile; they come to the same
            compiled = self._compiled[dialect.name] = _Compiled(self._statement, dialect)
        return compiled


class _Compiled:
    """A statement for one kind of database."""

    def __init__(self, statement: Select[Any] | Insert, dialect: Dialect) -> None:
        compiled = statement.compile(dialect=dialect)
        self._text = str(compiled)
        self._names: tuple[str, ...] | None = tuple(compiled.positiontup) if compiled.positiontup else None
        # what stands in the statement itself; a bindparam without a value is the caller's
        self._given = {
            name: bind.value for name, bind in compiled.binds.items() if not bind.required and bind.callable is None
        }
        self._into = {
            name: convert
            for name, bind in compiled.binds.items()
            if (convert := _implementation(bind.type, dialect).bind_processor(dialect)) is not None
        }
        # of an INSERT those that it returns
        columns = statement.exported_columns
        self._out = [
            (place, convert)
            for place, column in enumerate(columns)
            if (convert := _implementation(column.type, dialect).result_processor(dialect, None)) is not None
        ]

    def execute(self, driver: Any, dialect: Dialect, parameters: Mapping[str, Any]) -> DBAPICursor:
        """A cursor with the answer; the driver's errors come as SQLAlchemy's."""
        values = {**self._given, **parameters}
        for name, convert in self._into.items():
            values[name] = convert(values[name])
        sent: Any = values if self._names is None else [values[name] for name in self._names]
        cursor: DBAPICursor = driver.cursor()
        try:
            cursor.execute(self._text, sent)
        except dialect.loaded_dbapi.Error as error:
            cursor.close()
            raise DBAPIError.instance(self._text, None, error, dialect.loaded_dbapi.Error, dialect=dialect) from error
        return cursor

    def converted(self, rows: Sequence[Row]) -> list[Row]:
        if not self._out:
            return list(rows)
        result = []
        for row in rows:
            values = list(row)
            for place, convert in self._out:
                values[place] = convert(values[place])
            result.append(tuple(values))
        return result


def _implementation(type_: TypeEngine[Any], dialect: Dialect) -> TypeEngine[Any]:
    return type_.dialect_impl(dialect)
