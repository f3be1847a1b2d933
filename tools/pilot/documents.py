"""Documents as the account service answers them, for tests of the app that need no service."""

from __future__ import annotations

from typing import Any

NOW = "2026-11-21T16:42:00Z"


def rub(kopecks: int) -> dict[str, Any]:
    return {"amount": kopecks, "currency": "RUB"}


def name(ru: str, en: str) -> dict[str, str]:
    return {"ru": ru, "en": en, "sk": en, "es": en}


def service(kind: str, key: str, names: dict[str, str], price: int, **more: Any) -> dict[str, Any]:
    return {"id": key, "kind": kind, "name": names, "room": None, "price": rub(price), "state": "active",
            "ends_on": None, "next_charge": "2026-12-01", **more}  # fmt: skip


def account(**more: Any) -> dict[str, Any]:
    """A calm account in the manner of the household ``family``."""
    return {
        "account_number": "102733458021",
        "currency": "RUB",
        "time_zone": "Europe/Moscow",
        "region": name("Москва", "Moscow"),
        "balance": rub(128450),
        "monthly_fee": rub(74700),
        "to_pay": rub(0),
        "debt": rub(0),
        "next_charge": {"date": "2026-12-01", "sum": rub(74700)},
        "enough_until": {"state": "until", "date": "2026-12-31"},
        "service": {"state": "active", "since": None, "until": None},
        "tariff": {"id": "basic", "name": name("Базовый", "Basic"), "price": rub(25000)},
        "bonus": {"points": 340},
        "services": [
            service("tariff", "basic", name("Базовый", "Basic"), 25000),
            service("package", "sport", name("Спорт", "Sport"), 19900),
            service("package", "kids", name("Детский", "Kids"), 9900),
            service("package", "learn", name("Познавательный", "Discovery"), 14900),
            service("room", "kitchen", name("Приставка", "Box"), 5000, room="Кухня"),
        ],
        "rooms": [
            {"id": "living-room", "name": "Гостиная", "this_box": True, "state": "running", "model": "STB-230"},
            {"id": "kitchen", "name": "Кухня", "this_box": False, "state": "running", "model": "STB-120"},
        ],
        "rooms_max": 4,
        "unread_messages": 1,
        "attention": [{"code": "unread_messages", "severity": "notice", "params": {"count": 1}}],
        "holder": {
            "contract_number": "•••• 4417",
            "name": "И••• П••••••",
            "address": "Москва, ул. Л••••••, •",
            "phone": "+7 ••• •••-••-34",
            "email": "i•••@•••.ru",
        },
        **more,
    }


def months() -> dict[str, Any]:
    charged = [64700, 64700, 74700, 74700, 64700, 64700, 0, 64700, 74700, 74700, 98900, 85970]
    paid = [100000, 50000, 80000, 70000, 65000, 0, 65000, 70000, 80000, 75000, 100000, 130000]
    names = ["2025-12", *(f"2026-{m:02}" for m in range(1, 12))]
    return {
        "items": [{"month": m, "charged": rub(c), "paid": rub(p)} for m, c, p in zip(names, charged, paid, strict=True)]
    }


def entries() -> dict[str, Any]:
    def entry(key: str, day: str, kind: str, amount: int, **more: Any) -> dict[str, Any]:
        return {"id": key, "at": f"{day}T09:00:00Z", "date": day, "kind": kind, "amount": rub(amount), "service": None,
                "room": None, "ordered": None, "period": None, "method": None, "receipt_id": None, **more}  # fmt: skip

    part = {"from": "2026-11-14", "to": "2026-11-30", "days": 17, "of": 30}
    learn = {"id": "learn", "name": name("Познавательный", "Discovery")}
    return {
        "items": [
            entry("e5", "2026-11-21", "payment", 130000, method="sbp"),
            entry("e4", "2026-11-14", "package_fee", -8443, service=learn, period=part),
            entry("e3", "2026-11-01", "room_fee", -5000, room="Кухня"),
            entry("e2", "2026-11-01", "package_fee", -19900, service={"id": "s", "name": name("Спорт", "Sport")}),
            entry("e1", "2026-11-01", "tariff_fee", -25000, service={"id": "b", "name": name("Базовый", "Basic")}),
        ],
        "next_cursor": None,
    }


def messages() -> dict[str, Any]:
    text = name("Ночью 24 ноября с 2 до 5 часов часть каналов может не показывать. Деньги за это не берутся.",
                "In the night of 24 November some channels may not show.")  # fmt: skip
    return {
        "items": [
            {"id": "m2", "at": "2026-11-20T10:00:00Z", "title": name("Работы на спутнике", "Satellite work"),
             "text": text, "read": False},
            {"id": "m1", "at": "2026-11-02T10:00:00Z", "title": name("Новые каналы", "New channels"), "text": text,
             "read": True},
        ],
        "next_cursor": None,
    }  # fmt: skip


def session(state: str = "signed_in", code: str | None = None, **more: Any) -> dict[str, Any]:
    signed = state in ("signed_in", "offline")
    return {
        "state": state,
        "code": code,
        "reason": None,
        "notices": [],
        "account_number": "102733458021" if signed else None,
        "acr": "card-proven" if state == "signed_in" else None,
        "server_time": NOW,
        "clock_offset_s": 0.0,
        "retry_after_s": None,
        **more,
    }
