"""Brings the schema up to date at start, by Alembic's migrations beside this file."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from sqlalchemy import Connection, select, text
from sqlalchemy.exc import DBAPIError, OperationalError, ProgrammingError

from device.api.errors import ConfigError
from tools.headend.storage import tables
from tools.headend.storage.database import Database, DatabaseBusy

MIGRATIONS = Path(__file__).parent / "migrations"
HEAD = "2"
"""The newest revision of the migrations; a test holds it against them."""
_UPGRADE_LOCK = 0x57B_ACC
"""Key of the advisory lock that keeps two services from upgrading one PostgreSQL at the same time."""


def open_database(url: str) -> Database:
    """The database at ``url`` with its schema up to date; ConfigError in one line where it cannot be used."""
    database = Database(url)
    if database.sqlite and database.url.database:
        _make_private(Path(database.url.database))
    where = database.url.render_as_string(hide_password=True)
    try:
        database.use_wal()
        if not _is_newest(database):
            upgrade(database)
    except (DBAPIError, sqlite3.Error) as error:
        # what fails before SQLAlchemy has a connection (a folder in the place of the file) comes as it is
        reason = str(error.orig if isinstance(error, DBAPIError) else error).strip().splitlines()[0]
        raise ConfigError(f"database {where} cannot be used: {reason}") from None
    except DatabaseBusy:
        raise ConfigError(f"database {where} is locked by another program") from None
    return database


def upgrade(database: Database) -> None:
    """Run the migrations that are missing; ConfigError where newer software made the schema."""
    # Alembic costs 0.15 s to import, and is needed once in a database's life
    from alembic import command
    from alembic.config import Config
    from alembic.util import CommandError

    def work(connection: Connection) -> None:
        if not database.sqlite:
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _UPGRADE_LOCK})
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS))
        config.attributes["connection"] = connection
        command.upgrade(config, "head")

    try:
        database.write(work)
    except CommandError as error:
        where = database.url.render_as_string(hide_password=True)
        raise ConfigError(f"database {where} is of another version: {error}", remedy="use newer software") from None


def _is_newest(database: Database) -> bool:
    try:
        with database.read() as connection:
            return connection.execute(text("SELECT version_num FROM alembic_version")).scalar() == HEAD
    except (OperationalError, ProgrammingError):
        # there is no such table yet, or no database: what it is shows when it is upgraded
        return False


def _make_private(path: Path) -> None:
    """Personal data lies in it: SQLite would make it readable to everybody, and gives its other files its mode."""
    try:
        path.touch(mode=0o600)
    except OSError as error:
        raise ConfigError(f"database {path} cannot be used: {error.strerror}") from None


def operator_of(database: Database) -> str | None:
    """Whose accounts are in the database; None where nobody's are yet."""
    setting = tables.settings
    with database.read() as connection:
        return connection.execute(select(setting.c.value).where(setting.c.name == "operator")).scalar()


def claim_for_operator(database: Database, operator: str) -> None:
    """Remember whose accounts these are; ConfigError where they are another operator's."""

    def work(connection: Connection) -> str:
        setting = tables.settings
        found = connection.execute(select(setting.c.value).where(setting.c.name == "operator")).scalar()
        if found is None:
            connection.execute(setting.insert().values(name="operator", value=operator))
        return found or operator

    owner = database.write(work)
    if owner != operator:
        raise ConfigError(
            f"the database holds accounts of operator '{owner}', not '{operator}'",
            remedy=f"start with --operator {owner}, or use another database",
        )
