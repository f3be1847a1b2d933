"""Service that comes back by itself as soon as the debt is covered, whatever brought the money (product.md P10)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tools.headend.domain import ledger
from tools.headend.domain.account import ServiceState, Subscription
from tools.headend.domain.catalogue import ItemKind
from tools.headend.domain.ledger import FEES, Entry, Order, subscription_reference
from tools.headend.domain.notices import Event
from tools.headend.domain.periods import last_of_month
from tools.headend.domain.returning import Part, Rest, rest_from
from tools.headend.storage import entitlements, fees
from tools.headend.storage.fees import StoredFee
from tools.headend.use_cases.notices import tell

if TYPE_CHECKING:
    from tools.headend.use_cases.work import Work


def bring_back(work: Work) -> list[int]:
    """Serve a stopped account again where its money suffices: charge what is left of a month that was not charged,
    have its cards told, tell it. Returns the numbers of the entries. ``use_cases.work.finish`` does this for all."""
    account = work.account
    if account.service_state != ServiceState.STOPPED.value:
        return []
    rest = rest_of(work)
    if not rest.covered_by(account.balance + account.credit_limit):
        return []
    numbers = charge_rest(work, rest)
    charged_through = max(account.charged_through, last_of_month(work.today))
    fees.serve_again(work.connection, work.account_id, charged_through)
    entitlements.queue(work.connection, work.account_id, "returned", work.now)
    work.reread()
    tell(work, Event.SERVICE_RETURNED)
    return numbers


def rest_of(work: Work) -> Rest:
    """What the account pays for the rest of this month to be served from today on."""
    found = fees.fees_on(work.connection, work.account_id, work.today)
    return rest_from(work.today, work.account.charged_through, [_subscription(each, work) for each in found])


def charge_rest(work: Work, rest: Rest) -> list[int]:
    """Book it; returns the numbers of the entries."""
    found = {each.subscription_id: each for each in fees.fees_on(work.connection, work.account_id, work.today)}
    return work.post([_entry(work, found[part.subscription_id], part) for part in rest.parts])


def _subscription(fee: StoredFee, work: Work) -> Subscription:
    name = dict.fromkeys(work.operator.title, fee.item_id)
    kind = ItemKind(fee.kind)
    return Subscription(fee.subscription_id, fee.item_id, kind, name, fee.price, fee.room, fee.ends_on, fee.since)


def _entry(work: Work, fee: StoredFee, part: Part) -> Entry:
    kind = ItemKind(fee.kind)
    return Entry(
        at=work.now,
        day=work.today,
        kind=FEES[kind],
        posting=ledger.fee(kind, part.amount),
        item_id=fee.item_id,
        room=fee.room,
        order=Order(fee.order_channel, fee.order_room, fee.since),
        period=part.period,
        reference=subscription_reference(fee.subscription_id),
    )
