"""Internet on the account as the box shows it (product.md I1)."""

from __future__ import annotations

from typing import Any

from tools.headend.api.answers import money
from tools.headend.api.reading import Reading
from tools.headend.domain.catalogue import ItemKind
from tools.headend.domain.internet import traffic_of
from tools.headend.domain.periods import first_of_month, next_first
from tools.headend.storage import accounts, internet
from tools.headend.storage.accounts import StoredSubscription


def internet_view(view: Reading) -> dict[str, Any]:
    """Tariff, options, traffic and what could be had instead; nothing where there is none."""
    running = _held(accounts.subscriptions_of(view.connection, view.account_id, view.today))
    coming = _held(accounts.subscriptions_of(view.connection, view.account_id, next_first(view.today)))
    operator, currency = view.operator, view.operator.currency
    rules = operator.internet
    tariff = next((each for each in running if each.item_id in rules.tariffs), None)
    following = next((each for each in coming if each.item_id in rules.tariffs), None)
    another = following is not None and (tariff is None or following.item_id != tariff.item_id)
    present = bool(running or coming)
    return {
        "present": present,
        "tariff": _tariff(view, tariff) if tariff else None,
        "next_tariff": _tariff(view, following) if following and another else None,
        "monthly": money(sum(each.price for each in running if each.ends_on is None), currency),
        "saves": money(_saved(view, tariff), currency),
        "traffic": _traffic(view, tariff) if tariff else None,
        "options": _options(view, running) if present else [],
        "tariffs": _tariffs(view, tariff) if present else [],
        "change": {"on_tv": rules.change_on_tv, "url": None if rules.change_on_tv else rules.url} if present else None,
    }


def _held(subscribed: list[StoredSubscription]) -> list[StoredSubscription]:
    return [each for each in subscribed if each.kind == ItemKind.INTERNET.value]


def _saved(view: Reading, held: StoredSubscription | None) -> int:
    """A bundle is Internet beside a TV tariff."""
    known = view.operator.internet.tariffs.get(held.item_id) if held else None
    if held is None or known is None:
        return 0
    subscribed = accounts.subscriptions_of(view.connection, view.account_id, view.today)
    with_tv = any(each.kind == ItemKind.TARIFF.value for each in subscribed)
    return max(0, known.alone - held.price) if with_tv else 0


def _tariff(view: Reading, held: StoredSubscription) -> dict[str, Any]:
    known = view.operator.internet.tariffs.get(held.item_id)
    return {
        "id": held.item_id,
        "subscription": held.subscription_id,
        "name": _name(view, held.item_id),
        "price": money(held.price, view.operator.currency),
        "mbit": known.mbit if known else None,
        "since": held.since.isoformat(),
        "ends_on": held.ends_on.isoformat() if held.ends_on else None,
    }


def _traffic(view: Reading, held: StoredSubscription) -> dict[str, Any]:
    days = internet.used_by_day(view.connection, view.account_id, first_of_month(view.today), view.today)
    month = traffic_of(view.operator.internet.tariffs.get(held.item_id), days, view.today)
    return {
        "first": month.first.isoformat(),
        "last": month.last.isoformat(),
        "used": month.used,
        "allowed": month.allowed,
        "left": month.left,
        "days": [{"date": day.isoformat(), "used": used} for day, used in days.items()],
    }


def _options(view: Reading, running: list[StoredSubscription]) -> list[dict[str, Any]]:
    """What the account has, and what it could have besides."""
    rules = view.operator.internet
    held = {each.item_id: each for each in running if each.item_id not in rules.tariffs}
    shown: list[dict[str, Any]] = []
    for item_id in [*held, *sorted(rules.options - held.keys())]:
        mine = held.get(item_id)
        price = mine.price if mine else view.operator.items[item_id].price_in(view.region.id)
        if price is None:
            continue
        shown.append(
            {
                "id": item_id,
                "name": _name(view, item_id),
                "price": money(price, view.operator.currency),
                "subscription": mine.subscription_id if mine else None,
                "state": ("active" if mine.ends_on is None else "ending") if mine else None,
            }
        )
    return shown


def _tariffs(view: Reading, held: StoredSubscription | None) -> list[dict[str, Any]]:
    """All that are sold where the account is, in the operator's order."""
    shown: list[dict[str, Any]] = []
    for each in view.operator.internet.tariffs.values():
        price = view.operator.items[each.item_id].price_in(view.region.id)
        if price is None:
            continue
        shown.append(
            {
                "id": each.item_id,
                "name": _name(view, each.item_id),
                "price": money(price, view.operator.currency),
                "alone": money(each.alone, view.operator.currency),
                "mbit": each.mbit,
                "traffic": each.traffic,
                "current": held is not None and held.item_id == each.item_id,
            }
        )
    return shown


def _name(view: Reading, item_id: str) -> dict[str, str]:
    item = view.operator.items.get(item_id)
    # what somebody has stays his when it is no longer sold; then its id is all that is left of its name
    return dict(item.name) if item else dict.fromkeys(view.operator.title, item_id)
