"""An account at the edge of what a screen must hold: long names, a large debt, everything wrong at once, or nothing."""

from __future__ import annotations

from typing import Any

from tools.pilot import documents
from tools.pilot.documents import name, rub, service
from tools.pilot.gateway import FakeGateway

LONG_PACKAGE = name("Спорт, кино и детские каналы всей семье ТВ", "Sport, films and channels for all family")
LONG_ROOM = "Детская комната на втором этаже у сестры"
LONG_TITLE = name("Работы на спутнике и в центре вещания", "Work on the satellite and at the centre")
LONG_TEXT = name(
    "Ночью 24 ноября с 2 до 5 часов часть каналов может не показывать. Деньги за это время не берутся, а пакеты "
    "продлеваются сами. Если утром каналы не вернулись, выключите приставку на минуту и включите снова.",
    "In the night of 24 November from 2 to 5 some channels may not show. Nothing is charged for that time and the "
    "packages are prolonged. If the channels are not back in the morning, switch the box off for a minute.",
)
PAST_MIDDAY = {"from": "2026-11-14", "to": "2026-11-30", "days": 17, "of": 30}


def crowded() -> FakeGateway:
    """Everything long and everything wrong: -1 234 567,89 ₽, five attentions, names of 40 characters."""
    gateway = FakeGateway(documents.session(notices=["T-01"], clock_offset_s=7200.0))
    gateway.bodies.update(
        {
            "/v1/account": _crowded_account(),
            "/v1/ledger/months": _crowded_months(),
            "/v1/ledger/entries": many_entries(12),
            "/v1/messages": _long_messages(),
        }
    )
    return gateway


def _crowded_account(**more: Any) -> dict[str, Any]:
    packages = [service("package", f"p{i}", LONG_PACKAGE, 123456789, ends_on="2026-12-31") for i in range(9)]
    return documents.account(
        balance=rub(-123456789),
        monthly_fee=rub(98765400),
        to_pay=rub(222222200),
        next_charge={"date": "2026-12-01", "sum": rub(98765432)},
        enough_until={"state": "stopped", "date": "2026-09-30"},
        services=[
            service("tariff", "t", LONG_PACKAGE, 123456789),
            *packages,
            service("option", "o", LONG_PACKAGE, 0),
            service("room", "r", name("Приставка", "Box"), 5000, room=LONG_ROOM),
        ],
        rooms=[
            {
                "id": f"r{i}",
                "name": LONG_ROOM,
                "this_box": i == 0,
                "state": "running" if i < 2 else "stopped",
                "model": "STB-230 Ultra HD",
            }
            for i in range(4)
        ],
        unread_messages=128,
        attention=[
            {"code": "service_stopped", "severity": "warning", "params": {"since": "2026-09-30"}},
            {"code": "service_suspended", "severity": "warning", "params": {"until": "2026-12-31"}},
            {"code": "promise_due", "severity": "warning", "params": {"sum": rub(222222200), "date": "2026-12-28"}},
            {"code": "balance_low", "severity": "warning", "params": {"to_pay": rub(222222200)}},
            {
                "code": "subscription_ending",
                "severity": "notice",
                "params": {"service": LONG_PACKAGE, "date": "2026-11-24", "days": 3},
            },
            {"code": "unread_messages", "severity": "notice", "params": {"count": 128}},
        ],
        holder={
            "contract_number": "•••• •••• •••• 4417",
            "name": "А••••••••••••••••••• К•••••••••••••••••••••-З••••••••••",
            "address": "Республика Саха (Якутия), г. Нерюнгри, пр. Л••••••••••••••, д. •••, корп. ••, кв. •••",
            "phone": "+7 ••• •••-••-34",
            "email": "very.long.first.name.and.last.name•••@•••••••••••••••.example",
        },
        **more,
    )


def _crowded_months() -> dict[str, Any]:
    months = documents.months()
    for month in months["items"]:
        month["charged"], month["paid"] = rub(123456789), rub(222222222)
    return months


def many_entries(count: int) -> dict[str, Any]:
    """``count`` entries of every kind, with the longest names."""
    kinds: list[dict[str, Any]] = [
        {"kind": "package_fee", "amount": rub(-123456789), "service": {"id": "p", "name": LONG_PACKAGE}},
        {"kind": "tariff_fee", "amount": rub(-1), "service": {"id": "t", "name": LONG_PACKAGE}, "period": PAST_MIDDAY},
        {"kind": "room_fee", "amount": rub(-5000), "room": LONG_ROOM, "period": PAST_MIDDAY},
        {"kind": "payment", "amount": rub(222222222), "method": "sbp"},
        {"kind": "option_fee", "amount": rub(-123456789), "service": {"id": "o", "name": LONG_PACKAGE}},
        {"kind": "refund", "amount": rub(100)},
        {"kind": "correction", "amount": rub(-100)},
    ]
    empty = {"service": None, "room": None, "ordered": None, "period": None, "method": None, "receipt_id": None}
    items = [
        {"id": f"e{i}", "at": "2026-11-14T09:00:00Z", "date": "2026-11-14", **empty, **kinds[i % len(kinds)]}
        for i in range(count)
    ]
    return {"items": items, "next_cursor": None}


def _long_messages() -> dict[str, Any]:
    longer = {language: " ".join([text] * 8) for language, text in LONG_TEXT.items()}
    items = [
        {"id": f"m{i}", "at": "2026-09-30T10:00:00Z", "title": LONG_TITLE, "text": text, "read": i > 2}
        for i, text in enumerate([longer, *[LONG_TEXT] * 11])
    ]
    return {"items": items, "next_cursor": None}


def empty() -> FakeGateway:
    """An account with nothing in it: no packages, no rooms, no entries, no messages, no sums."""
    gateway = FakeGateway()
    months = documents.months()
    for month in months["items"]:
        month["charged"], month["paid"] = rub(0), rub(0)
    gateway.bodies.update(
        {
            "/v1/account": documents.account(
                balance=rub(0), monthly_fee=rub(0), next_charge=None, enough_until={"state": "long", "date": None},
                services=[], rooms=[], unread_messages=0, attention=[], holder={},
            ),
            "/v1/ledger/months": months,
            "/v1/ledger/entries": {"items": [], "next_cursor": None},
            "/v1/messages": {"items": [], "next_cursor": None},
        }
    )  # fmt: skip
    return gateway


def calm() -> FakeGateway:
    """The account of the household ``family``."""
    return FakeGateway()


def halted(state: str) -> FakeGateway:
    """A stopped or suspended service with the crowded account behind it, as it was last known."""
    gateway = crowded()
    since, until = ("2026-09-30", None) if state == "stopped" else (None, "2026-12-31")
    gateway.bodies["/v1/account"] = _crowded_account(service={"state": state, "since": since, "until": until})
    gateway.stale = True
    return gateway
