"""``GET /v1/pin``: what a screen must know before it asks for a PIN (product.md S3, S4)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from tools.headend.api.reading import Reading
from tools.headend.clock import rfc3339
from tools.headend.domain.outgoing import masked
from tools.headend.storage import identity
from tools.headend.use_cases.attempts import attempts_now
from tools.headend.use_cases.codes import RESET, SENT
from tools.headend.use_cases.contacts import contract_contacts
from tools.headend.use_cases.pins import ACCOUNT, guarded_names, guarded_pin


def pin_view(view: Reading) -> dict[str, Any]:
    """The account's PIN without anything of it."""
    connection, operator, account_id = view.connection, view.operator, view.account_id
    is_set = identity.pin_of(connection, account_id, ACCOUNT) is not None
    pin, names = (
        attempts_now(connection, account_id, each.purpose, view.now)
        for each in (guarded_pin(operator), guarded_names(operator))
    )
    rules = operator.identity
    return {
        "set": is_set,
        "digits": rules.pin_digits,
        "attempts_remaining": 0 if pin.locked_until else rules.pin_wrong.failures - pin.failures,
        "locked_until": _instant(pin.locked_until),
        "names": not is_set,
        "names_locked_until": _instant(names.locked_until),
        "reset": [
            {"channel": channel, "target": masked(channel, value, operator.phone_pattern)}
            for channel, value in contract_contacts(view.account).items()
        ],
        "send_again_at": _instant(_send_again_at(view)),
        "help_lines": [{"number": each.number, "where": dict(each.where)} for each in rules.help_lines],
        "salon": dict(rules.salon),
    }


def _send_again_at(view: Reading) -> datetime | None:
    sent = identity.code_of(view.connection, view.account_id, RESET)
    if sent is None or sent.state != SENT:
        return None
    again = sent.sent_at + view.operator.identity.code.again
    return again if again > view.now else None


def _instant(at: datetime | None) -> str | None:
    return None if at is None else rfc3339(at)
