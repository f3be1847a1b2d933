"""What the operator does beside the service: payments reported by banks and salons, charge runs; by the commands'
own code, at the world's clock."""

from __future__ import annotations

import contextlib
import io
import json
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from tests.support.headend_server import RunningHeadend
from tools.headend.__main__ import parser


def said_by(headend: RunningHeadend, *arguments: str) -> dict[str, Any]:
    """The JSON line of a command at the world's database and clock."""
    url = headend.prepared.database.url.render_as_string(hide_password=False)
    options = parser().parse_args([*arguments, "--database", url])
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        assert options.run(options, headend.clock) == 0
    [line] = out.getvalue().splitlines()
    said: dict[str, Any] = json.loads(line)
    return said


def pay_in(
    headend: RunningHeadend, account: str, amount: int, reference: str, method: str = "terminal"
) -> dict[str, Any]:
    """Money that was paid in for an account, minor units."""
    arguments = ("--account", account, "--amount", str(amount), "--method", method, "--reference", reference)
    return said_by(headend, "pay", *arguments)


def charge_through(headend: RunningHeadend, day: str) -> dict[str, Any]:
    return said_by(headend, "charge", "--date", day)


def go_to(headend: RunningHeadend, local: str, zone: str = "Europe/Moscow") -> None:
    """Move the world's clock on to ``2026-12-01 00:00:00`` of a time zone."""
    at = datetime.fromisoformat(local).replace(tzinfo=ZoneInfo(zone))
    seconds = (at - headend.clock.now()).total_seconds()
    assert seconds >= 0, "time goes on"
    headend.clock.advance(seconds)
