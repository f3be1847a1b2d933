"""A statement that fails is logged, and what was in it is not (quality.md, Correct and safe)."""

from __future__ import annotations

import json
import logging
from pathlib import Path

import pytest
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from tests.support.account_rows import account_row
from tests.support.postgres import POSTGRES_PEER, Postgres
from tools.headend.logs import JsonFormatter
from tools.headend.storage.database import Database
from tools.headend.storage.schema import open_database
from tools.headend.storage.tables import accounts

NAME, EMAIL = "Иван Петров", "ivan.petrov@example.org"


def logged_failure(database: Database) -> str:
    """The log line of an account without what it must have."""
    row = account_row(1, holder_name=NAME, email=EMAIL, region_id=None)
    with pytest.raises(IntegrityError) as failed:
        database.write(lambda connection: connection.execute(insert(accounts), row))
    where = (failed.type, failed.value, failed.tb)
    record = logging.LogRecord("headend", logging.ERROR, __file__, 1, "the database failed", None, where)
    return JsonFormatter().format(record)


def check(line: str) -> None:
    assert "INSERT INTO accounts" in json.loads(line)["trace"]
    for word in (NAME, EMAIL, "Петров", "example.org"):
        assert word not in line


def test_sqlite_tells_the_statement_and_nothing_of_what_was_in_it(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path / 'x.db'}")
    try:
        check(logged_failure(database))
    finally:
        database.close()


@pytest.mark.needs_peer(POSTGRES_PEER)
def test_postgresql_tells_the_same(postgres: Postgres) -> None:
    with postgres.database() as url:
        database = open_database(url)
        try:
            check(logged_failure(database))
        finally:
            database.close()
