"""``pay``: what banks, terminals and salons report: money paid in for an account (product.md P8, P9)."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from device.api.errors import ConfigError
from tools.headend.clock import Clock, SystemClock
from tools.headend.commands.one_account import add_account, said
from tools.headend.commands.opened import add_database, opened

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from tools.headend.commands import Commands

METHODS = ("sbp", "card", "terminal", "salon", "bank")
AMOUNT_MAX = 10**11
REFERENCE_MAX = 64
_HELP = "credit money that was paid in; the same method and reference are credited once"
_DESCRIPTION = """Credit money that was paid in at a bank, terminal or salon. The same method and reference are
credited once, however often this is said; with another account or sum it is refused. One JSON line on stdout."""


def add(commands: Commands) -> None:
    command = commands.add_parser("pay", help=_HELP, description=_DESCRIPTION)
    add_account(command)
    command.add_argument("--amount", type=_amount, required=True, metavar="MINOR", help="minor units (kopecks, cents)")
    command.add_argument("--method", choices=METHODS, required=True)
    command.add_argument(
        "--reference", type=_reference, required=True, metavar="TEXT", help="what the sender calls this payment"
    )
    add_database(command)
    command.set_defaults(run=run)


def run(options: argparse.Namespace, clock: Clock | None = None) -> int:
    # SQLAlchemy costs more than everything else of the command line
    from tools.headend.use_cases.payments import credit
    from tools.headend.use_cases.work import begin, finish

    with opened(options) as (database, operator):
        now = (clock or SystemClock()).now()

        def work(connection: Connection) -> dict[str, object]:
            try:
                account = begin(connection, operator, now, options.account)
            except KeyError:
                raise ConfigError(f"there is no account …{options.account % 10_000:04d} in this database") from None
            credited = credit(account, options.method, options.amount, options.reference)
            finish(account)
            account.reread()
            return {
                "payment_id": credited.payment_id,
                "repeated": credited.repeated,
                "balance": account.account.balance,
                "currency": operator.currency,
                "service": account.account.service_state,
            }

        return said(database.write(work))


def _amount(text: str) -> int:
    if not (text.isascii() and text.isdigit()) or len(text) > len(str(AMOUNT_MAX)):
        raise argparse.ArgumentTypeError(f"expected a whole number of minor units, found '{text}'")
    amount = int(text)
    if not 0 < amount <= AMOUNT_MAX:
        raise argparse.ArgumentTypeError(f"expected 1 to {AMOUNT_MAX} minor units")
    return amount


def _reference(text: str) -> str:
    if not 0 < len(text) <= REFERENCE_MAX or not text.isprintable():
        raise argparse.ArgumentTypeError(f"expected 1 to {REFERENCE_MAX} printable characters")
    return text
