"""The operator's side of help (product.md H1): what waits, ``ticket-answer``, ``application-state``."""

from __future__ import annotations

import argparse
from datetime import date
from typing import TYPE_CHECKING, Any

from tools.headend.clock import Clock, from_milliseconds, rfc3339
from tools.headend.commands.one_account import add_account, changed, identifier, said
from tools.headend.commands.opened import add_database, opened

if TYPE_CHECKING:
    from tools.headend.commands import Commands
    from tools.headend.use_cases.work import Work

TEXT_MAX = 4000
_STATES = ("sent", "agreed", "on_the_way", "done", "cancelled")


def add(commands: Commands) -> None:
    waiting = _command(commands, "waiting", "list requests that wait for an answer and applications that are not over")
    waiting.set_defaults(run=run_waiting)
    answer = _command(commands, "ticket-answer", "answer a viewer's request; the account is told")
    add_account(answer)
    answer.add_argument("--ticket", type=identifier, required=True, metavar="ID", help="as 'waiting' names it")
    answer.add_argument("--text", type=_text, required=True, metavar="TEXT", help=f"at most {TEXT_MAX} characters")
    answer.add_argument("--close", action="store_true", help="nothing more is to be said about it")
    answer.set_defaults(run=run_answer)
    state = _command(commands, "application-state", "take an application a step further; the account is told")
    add_account(state)
    state.add_argument("--application", type=identifier, required=True, metavar="ID", help="as 'waiting' names it")
    state.add_argument("--state", choices=_STATES, required=True)
    state.add_argument("--day", type=_day, metavar="DAY", help="another day that was agreed, 2026-11-24")
    state.add_argument("--slot", type=identifier, metavar="SLOT", help="another slot of the operator's help.yaml")
    state.set_defaults(run=run_state)


def run_waiting(options: argparse.Namespace) -> int:
    from tools.headend.storage import help as stored

    with opened(options) as (database, _operator), database.read() as connection:
        tickets = stored.waiting_tickets(connection)
        applications = stored.waiting_applications(connection)
    document = {
        "tickets": [
            {
                "account": f"{account_id:012d}",
                "id": each.ticket_id,
                "kind": each.kind,
                "subject": dict(each.subject),
                "entry_id": f"e{each.entry_id}" if each.entry_id is not None else None,
                "call": {"phone": each.phone, "on": _iso(each.call_on), "span": each.call_span} if each.phone else None,
                "changed": rfc3339(from_milliseconds(each.changed_at)),
                "last": last,
            }
            for account_id, each, last in tickets
        ],
        "applications": [
            {
                "account": f"{account_id:012d}",
                "id": each.application_id,
                "kind": each.kind,
                "state": each.state,
                "day": each.day.isoformat(),
                "slot": each.slot,
                "address": each.address,
                "item": each.item_id,
                "note": each.note,
            }
            for account_id, each in applications
        ],
    }
    return said(document)


def run_answer(options: argparse.Namespace, clock: Clock | None = None) -> int:
    from tools.headend.use_cases import tickets

    def use_case(work: Work) -> dict[str, Any]:
        ticket = tickets.answer(work, options.ticket, options.text, closing=options.close)
        return {"ticket_id": ticket.ticket_id, "state": ticket.state}

    return changed(options, clock, use_case)


def run_state(options: argparse.Namespace, clock: Clock | None = None) -> int:
    from tools.headend.domain.help import ApplicationState
    from tools.headend.use_cases import applications

    def use_case(work: Work) -> dict[str, Any]:
        state = ApplicationState(options.state)
        made = applications.set_state(work, options.application, state, options.day, options.slot)
        return {"application_id": made.application_id, "state": made.state}

    return changed(options, clock, use_case)


def _command(commands: Commands, name: str, what: str) -> argparse.ArgumentParser:
    command = commands.add_parser(name, help=what, description=f"{what.capitalize()}. One JSON line on stdout.")
    add_database(command)
    return command


def _text(text: str) -> str:
    if not text.strip() or len(text) > TEXT_MAX or "\0" in text:
        raise argparse.ArgumentTypeError(f"expected a text of at most {TEXT_MAX} characters")
    return text


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"expected a day as 2026-11-24, found '{text}'") from None


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
