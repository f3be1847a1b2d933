"""Sentences that several screens say: what a charge was for, what wants attention, until when the money lasts."""

from __future__ import annotations

from datetime import date

from stb_app.account.models import Account, Attention, Entry, Service
from stb_app.screens.base import View


def entry_title(entry: Entry, view: View) -> str:
    """What a charge or payment was, in the viewer's words."""
    words = view.words
    name = words.local(entry.service) if entry.service else ""
    match entry.kind:
        case "tariff_fee":
            return words("Tariff “{name}”", name=name)
        case "package_fee":
            return words("Package “{name}”", name=name)
        case "option_fee":
            return words("Option “{name}”", name=name)
        case "room_fee":
            return words("Box “{room}”", room=entry.room or name)
        case "internet_fee":
            return words("Internet “{name}”", name=name)
        case "service_fee":
            return words("One-off fee")
        case "discount":
            return words("Discount for bonus points")
        case "promise":
            return words("Promised payment") if entry.amount.amount > 0 else words("Promised payment taken back")
        case "transfer" if entry.amount.amount > 0:
            return words("Transfer from another account")
        case "transfer":
            return words("Transfer to another account")
        case "payment":
            return words("Payment, {method}", method=payment_method(entry.method, view))
        case "refund":
            return words("Refund")
        case _:
            return words("Correction")


def payment_method(method: str | None, view: View) -> str:
    words = view.words
    names = {
        "sbp": words("fast payment (SBP)"),
        "card": words("bank card"),
        "mobile": words("mobile account"),
        "terminal": words("terminal"),
        "salon": words("shop"),
        "bank": words("bank"),
    }
    return names.get(method or "", words("other"))


def entry_note(entry: Entry, view: View) -> str:
    """``за 17 дней`` where only a part of the month was charged."""
    if entry.days is None or entry.days[0] == entry.days[1]:
        return ""
    return view.words.plural("for {n} day", "for {n} days", entry.days[0])


def service_title(service: Service, view: View) -> str:
    words = view.words
    name = words.local(service.name)
    match service.kind:
        case "tariff":
            return words("Tariff “{name}”", name=name)
        case "package":
            return words("Package “{name}”", name=name)
        case "room":
            return words("Box “{room}”", room=service.room or name)
        case "internet":
            return words("Internet “{name}”", name=name)
        case "channel":
            return words("Channel “{name}”", name=name)
        case _:
            return words("Option “{name}”", name=name)


def enough_text(account: Account, view: View) -> str:
    """``Хватит до 31 декабря``: the answer to how long the money lasts (A1)."""
    words, day = view.words, account.enough_until
    if account.enough == "long":
        return words("Enough **for long**")
    if day is None:
        return ""
    if account.enough == "stopped":
        return words("Stopped **since {day}**", day=view.formats.day(day))
    return words("Enough until **{day}**", day=view.formats.day(day))


def attention_text(attention: Attention, view: View) -> str | None:
    """One line for what wants attention; None for a code that this version does not know."""
    words, params = view.words, attention.params
    match attention.code:
        case "service_stopped":
            return words("Television is stopped: there was not enough money")
        case "service_suspended":
            return words("Television is paused at your request")
        case "promise_due":
            formats = view.formats
            said = {"sum": formats.money(params["sum"], short=True), "day": formats.day(params["date"])}
            return words("Promised payment: pay {sum} by {day}", **said)
        case "balance_low":
            return words("The next charge is not covered")
        case "subscription_ending":
            days = int(params["days"])
            name = words.local(params["service"])
            if days <= 0:
                return words("“{name}” ends today", name=name)
            return words.plural("“{name}” ends in {n} day", "“{name}” ends in {n} days", days, name=name)
        case "unread_messages":
            return words.plural("{n} new message", "{n} new messages", int(params["count"]))
        case _:
            return None


def help_numbers(view: View) -> str:
    """Where to call; no number is broken over two lines."""
    return view.words(" or ").join(line.number.replace(" ", "\N{NO-BREAK SPACE}") for line in view.profile.help_lines)


def day_or_empty(value: date | None, view: View) -> str:
    return view.formats.day(value) if value else ""
