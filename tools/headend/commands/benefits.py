"""The operator's side of linked numbers, gifts and Internet: ``number-state``, ``gift-state``, ``traffic``
(product.md A7, B1, I1)."""

from __future__ import annotations

import argparse
from datetime import date
from typing import TYPE_CHECKING, Any

from device.api.errors import ConfigError
from tools.headend.clock import Clock
from tools.headend.commands.one_account import add_account, changed, identifier
from tools.headend.commands.opened import add_database

if TYPE_CHECKING:
    from tools.headend.commands import Commands
    from tools.headend.use_cases.work import Work

BYTES_MAX = 10**15


def add(commands: Commands) -> None:
    number = _command(commands, "number-state", "say what came of the check of a number that is to be linked")
    number.add_argument("--number", type=_digits, required=True, metavar="DIGITS", help="without +7, 7 or 8")
    number.add_argument("--state", choices=("checking", "linked", "refused"), required=True)
    number.add_argument("--reason", choices=("other_owner", "not_confirmed"), help="with state refused")
    number.set_defaults(run=run_number)
    gift = _command(commands, "gift-state", "say that a gift that points were exchanged for was handed over")
    gift.add_argument("--exchange", type=identifier, required=True, metavar="ID")
    gift.add_argument("--state", choices=("handed_over",), required=True)
    gift.set_defaults(run=run_gift)
    traffic = _command(commands, "traffic", "say how much Internet an account used on a day; the last word counts")
    traffic.add_argument("--day", type=_day, required=True, metavar="DAY", help="of the account's region, 2026-11-24")
    traffic.add_argument("--used", type=_bytes, required=True, metavar="BYTES", help="both directions")
    traffic.set_defaults(run=run_traffic)


def run_number(options: argparse.Namespace, clock: Clock | None = None) -> int:
    from tools.headend.domain.numbers import NumberState, Reason
    from tools.headend.use_cases.numbers import decide_number

    if (options.state == "refused") != (options.reason is not None):
        raise ConfigError("--reason belongs to --state refused, and to no other")
    reason = Reason(options.reason) if options.reason else None

    def use_case(work: Work) -> dict[str, Any]:
        return {"state": decide_number(work, options.number, NumberState(options.state), reason).value}

    return changed(options, clock, use_case)


def run_gift(options: argparse.Namespace, clock: Clock | None = None) -> int:
    from tools.headend.use_cases.rewards import hand_over

    return changed(options, clock, lambda work: hand_over(work, options.exchange))


def run_traffic(options: argparse.Namespace, clock: Clock | None = None) -> int:
    from tools.headend.storage.internet import keep_used

    def use_case(work: Work) -> dict[str, Any]:
        if options.day > work.today:
            raise ConfigError(f"{options.day} lies ahead: it is {work.today} in the account's region")
        keep_used(work.connection, work.account_id, options.day, options.used)
        return {"day": options.day.isoformat(), "used": options.used}

    return changed(options, clock, use_case)


def _command(commands: Commands, name: str, what: str) -> argparse.ArgumentParser:
    command = commands.add_parser(name, help=what, description=f"{what.capitalize()}. One JSON line on stdout.")
    add_account(command)
    add_database(command)
    return command


def _digits(text: str) -> str:
    if not (text.isascii() and text.isdigit()) or len(text) > 15:
        raise argparse.ArgumentTypeError("expected a telephone number, digits only")
    return text


def _bytes(text: str) -> int:
    if not (text.isascii() and text.isdigit()) or len(text) > 16 or int(text) > BYTES_MAX:
        raise argparse.ArgumentTypeError(f"expected 0 to {BYTES_MAX} bytes")
    return int(text)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"expected a day as 2026-11-24, found '{text}'") from None
