"""What the cards may open, and having them told after every change of it (product.md T6, P10)."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Connection

from tools.headend.domain.account import ServiceState
from tools.headend.domain.entitlements import Place, entitled, paid_items
from tools.headend.storage import entitlements, orders, rooms
from tools.headend.storage.accounts import StoredAccount
from tools.headend.use_cases.work import Work


def refresh(work: Work, reason: str) -> None:
    """Have every card of the account told again; ``reason`` is for the operator to read: 20 characters at most.

    To be called in the transaction that changes subscriptions, rooms, suspension or service state, before or after
    the change: what the cards are told is worked out when it is sent. Set-based steps call
    ``storage.entitlements.queue_where`` for all their accounts at once.
    """
    entitlements.queue(work.connection, work.account_id, reason, work.now)


def products_by_card(connection: Connection, account: StoredAccount, today: date) -> dict[str, tuple[str, ...]]:
    """What every card of the account may open on ``today``."""
    revoked = entitlements.revoked_cards(connection, account.account_id)
    places = [
        Place(each.room_id, each.name, each.card_number, each.first, each.card_number in revoked)
        for each in rooms.rooms_of(connection, account.account_id)
    ]
    state = ServiceState(account.service_state)
    stopped = state is ServiceState.STOPPED
    charges = entitlements.charges_for(connection, account.account_id, today) if stopped else []
    paid = paid_items(charges, -(account.balance + account.credit_limit))
    return entitled(state, today, orders.held(connection, account.account_id, today), places, paid)
