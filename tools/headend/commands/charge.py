"""``charge``: settles all that time alone does up to a day, the monthly charge above all (product.md T5, P10)."""

from __future__ import annotations

import argparse
import json
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import TYPE_CHECKING, NoReturn

from device.api.errors import ConfigError
from tools.headend.clock import Clock, SystemClock
from tools.headend.commands.opened import add_database, opened

if TYPE_CHECKING:
    from tools.headend.commands import Commands
    from tools.headend.domain.catalogue import Operator, Region

PROGRESS_S = 2.0
BATCH_MAX = 100_000
_HELP = "settle everything due up to a day: monthly fees, promises, blocks, bonus points, stops"
_DESCRIPTION = """Settle everything that time alone does up to a day: monthly fees (on day 1 of the region's month, in
advance), promises, temporary blocks, bonus points, stops for debt. Each day of an account is settled once, however
often this runs, whatever is killed in between, and while the service serves; run it again and it goes on with the
rest. Progress on stderr, one JSON line of result on stdout."""


def add(commands: Commands) -> None:
    command = commands.add_parser("charge", help=_HELP, description=_DESCRIPTION)
    command.add_argument(
        "--date", type=_day, required=True, metavar="YYYY-MM-DD", help="the last day, which has begun in every region"
    )
    command.add_argument(
        "--batch",
        type=_batch,
        default=0,
        metavar="N",
        help="accounts of one transaction; fewer keep those who change one of them waiting for less time",
    )
    add_database(command)
    command.set_defaults(run=run)


def run(options: argparse.Namespace, clock: Clock | None = None) -> int:
    # SQLAlchemy costs more than everything else of the command line
    from tools.headend.runs import run as runs

    with _told_when_ended(), opened(options) as (database, operator):
        refuse_days_ahead(operator, options.date, (clock or SystemClock()).now())

        def left() -> int:
            with database.read() as connection:
                return sum(runs.due_accounts(connection, region, options.date) for region in operator.regions)

        started = time.monotonic()
        progress = Progress(left, time.monotonic, sys.stderr.write)
        settled = runs.run(database, operator, options.date, progress, batch=options.batch)
    result = {
        "date": options.date.isoformat(),
        "settled": sum(settled.values()),
        "regions": dict(settled),
        "seconds": round(time.monotonic() - started, 3),
    }
    sys.stdout.write(json.dumps(result) + "\n")
    return 0


def refuse_days_ahead(operator: Operator, day: date, now: datetime) -> None:
    """ConfigError where ``day`` has not begun in one of the operator's regions."""
    for region in operator.regions.values():
        today = now.astimezone(region.time_zone).date()
        if day > today:
            raise ConfigError(
                f"{day.isoformat()} has not begun in region {region.id}",
                remedy=f"it is {today.isoformat()} there; nothing is charged before its day",
            )


class Progress:
    """Says every two seconds how far a run has come, nothing of one that is over before. ``left``: how many accounts
    have something to settle yet; the service settles some of them meanwhile, and one whose days were missed is settled
    several times, so they are counted each time."""

    def __init__(self, left: Callable[[], int], clock: Callable[[], float], write: Callable[[str], object]) -> None:
        self._left = left
        self._clock = clock
        self._write = write
        self._due = left()
        self._started = self._said = clock()

    def __call__(self, region: Region, day: date, _count: int) -> None:
        now = self._clock()
        if now - self._said < PROGRESS_S:
            return
        self._said = now
        done = max(0, self._due - self._left())
        rate = done / (now - self._started)
        self._write(f"charge: {done:,} of {self._due:,} accounts, {rate:,.0f} a second, {region.id} {day}\n")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"expected a day as YYYY-MM-DD, found '{text}'") from None


def _batch(text: str) -> int:
    if not (text.isascii() and text.isdigit()) or not 1 <= int(text) <= BATCH_MAX:
        raise argparse.ArgumentTypeError(f"expected 1 to {BATCH_MAX} accounts, found '{text}'")
    return int(text)


@contextmanager
def _told_when_ended() -> Iterator[None]:
    """SIGTERM and SIGINT end it with a word and an exit code that tell it from a whole run."""

    def end(number: int, _frame: object) -> NoReturn:
        sys.stderr.write("charge: ended by a signal; what was settled stays, run it again for the rest\n")
        raise SystemExit(128 + number)

    before = {number: signal.signal(number, end) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
