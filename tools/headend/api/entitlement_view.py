"""What the cards may open, and how far the news of it has come, as JSON (product.md T6)."""

from __future__ import annotations

from typing import Any

from device.api.redaction import tail
from tools.headend.api.reading import Reading
from tools.headend.clock import from_milliseconds, rfc3339
from tools.headend.domain.catalogue import Operator
from tools.headend.domain.texts import LocalText
from tools.headend.storage import entitlements, rooms
from tools.headend.storage.entitlements import ACKNOWLEDGED, QUEUED, SENT, StoredRefresh
from tools.headend.use_cases.entitlements import products_by_card
from tools.headend.use_cases.work import Work

_BEHIND = (QUEUED, SENT, ACKNOWLEDGED)
"""Furthest behind first."""


def entitlements_view(view: Reading | Work, chip_id: str | None) -> dict[str, Any]:
    """Every card of the account; a card that was never told anew has what it was issued with."""
    products = products_by_card(view.connection, view.account, view.today)
    known = {each.card_number: each for each in entitlements.refreshes_of(view.connection, view.account_id)}
    cards = [
        {
            "room": room.name,
            "this_box": room.chip_id == chip_id,
            "card_number": tail(room.card_number),
            "products": [{"id": each, "name": dict(_name(view.operator, each))} for each in products[room.card_number]],
            **_progress(known.get(room.card_number)),
        }
        for room in rooms.rooms_of(view.connection, view.account_id)
    ]
    state = min((each["state"] for each in cards), key=_BEHIND.index, default=ACKNOWLEDGED)
    return {"state": state, "cards": cards}


def _name(operator: Operator, item_id: str) -> LocalText:
    item = operator.items.get(item_id)
    # what somebody has stays his when it is no longer sold; then its id is all that is left of its name
    return item.name if item else dict.fromkeys(operator.title, item_id)


def _progress(refresh: StoredRefresh | None) -> dict[str, Any]:
    return {
        "state": refresh.state if refresh else ACKNOWLEDGED,
        "requested_at": _instant(refresh.requested_at if refresh else None),
        "sent_at": _instant(refresh.sent_at if refresh else None),
        "acknowledged_at": _instant(refresh.acknowledged_at if refresh else None),
    }


def _instant(at: int | None) -> str | None:
    return rfc3339(from_milliseconds(at)) if at is not None else None
