"""What the commands that change one account share: its number, ids, one transaction, one JSON line."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from device.api.errors import ConfigError
from tools.headend.clock import Clock, SystemClock
from tools.headend.commands.opened import opened

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from tools.headend.use_cases.work import Work

ID_MAX = 40


def add_account(command: argparse.ArgumentParser) -> None:
    """The option that ``changed`` needs beside those of ``opened``."""
    command.add_argument("--account", type=_account, required=True, metavar="NUMBER", help="12 digits")


def changed(options: argparse.Namespace, clock: Clock | None, use_case: Callable[[Work], dict[str, Any]]) -> int:
    """Change the account in a transaction of its own; what ``use_case`` answers goes to stdout. ConfigError where
    there is no such account."""
    # SQLAlchemy costs more than everything else of the command line
    from tools.headend.use_cases.work import begin, finish

    with opened(options) as (database, operator):
        now = (clock or SystemClock()).now()

        def work(connection: Connection) -> dict[str, Any]:
            try:
                account = begin(connection, operator, now, options.account)
            except KeyError:
                raise ConfigError(f"there is no account …{options.account % 10_000:04d} in this database") from None
            document = use_case(account)
            finish(account)
            return document

        return said(database.write(work))


def said(document: dict[str, Any]) -> int:
    """The one line on stdout; 0, the exit code."""
    sys.stdout.write(json.dumps(document, ensure_ascii=False) + "\n")
    return 0


def identifier(text: str) -> str:
    """The type of an option that names an id."""
    if not 0 < len(text) <= ID_MAX or not text.isprintable():
        raise argparse.ArgumentTypeError(f"expected an id of at most {ID_MAX} characters")
    return text


def _account(text: str) -> int:
    if len(text) != 12 or not (text.isascii() and text.isdigit()):
        raise argparse.ArgumentTypeError("expected 12 digits")
    return int(text)
