"""What the commands begin with: the database, which must be there, and whose accounts are in it."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from device.api.errors import ConfigError
from tools.headend.domain.catalogue import Operator
from tools.headend.operators import load_operator, operator_names
from tools.headend.storage.database import Database
from tools.headend.storage.schema import open_database, operator_of

DATABASE_HELP = "sqlite:///FILE (a relative path; sqlite:////abs/FILE an absolute one) or postgresql+psycopg://…"


def add_database(parser: argparse.ArgumentParser) -> None:
    """The options that ``opened`` needs."""
    parser.add_argument("--database", metavar="URL", required=True, help=DATABASE_HELP)
    parser.add_argument(
        "--operator", choices=operator_names(), help="whose accounts these must be; default: what the database says"
    )


@contextmanager
def opened(options: argparse.Namespace) -> Iterator[tuple[Database, Operator]]:
    """The database of the options and its operator; ConfigError where one is missing or is not what was said."""
    database = existing_database(options.database)
    try:
        name = operator_of(database)
        if name is None:
            raise ConfigError("nobody's accounts are in this database yet", remedy="start the service on it first")
        if options.operator not in (None, name):
            raise ConfigError(f"the database holds accounts of operator '{name}', not '{options.operator}'")
        yield database, load_operator(name)
    finally:
        database.close()


def existing_database(url: str) -> Database:
    """The database, which must be there: a command never makes an empty one."""
    database = Database(url)
    if database.sqlite and not Path(database.url.database or "").is_file():
        raise ConfigError(f"{database.url.database}: no such file")
    return open_database(url)
