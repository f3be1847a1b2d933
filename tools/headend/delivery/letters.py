"""Words for what leaves the outbox: notices, receipts, statements, in the account's language (product.md N1, A4)."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Connection

from device.api.money import Money
from stb_app.account.formats import Formats
from tools.headend.domain.catalogue import Operator
from tools.headend.domain.texts import LocalText
from tools.headend.storage import ledger, notices, outbox, statements
from tools.headend.storage.ledger import StoredEntry
from tools.headend.storage.notices import StoredNotice
from tools.headend.storage.outbox import Waiting

ROWS_MOST = 2000
"""Entries of a statement that are sent; who wants more asks for a shorter period."""
_SPACES = str.maketrans(dict.fromkeys("\u2009\u202f\u00a0", " "))


def worded(notice: StoredNotice, operator: Operator, language: str) -> str:
    """A notice in one language."""
    words = _Words(operator, language)
    said = {
        "amount": words.money(notice.amount or 0),
        "day": words.day(notice.day) if notice.day else "",
        "name": words.text(notice.name or ""),
    }
    return operator.notices.texts[notice.event][language].format(**said)


def letter(connection: Connection, operator: Operator, waiting: Waiting) -> tuple[str, str] | None:
    """Subject and text of what a row of the outbox stands for; None where there is nothing to say any more."""
    language = notices.choices(connection, waiting.account_id, operator.notices).language
    words = _Words(operator, language)
    match waiting.document:
        case outbox.RECEIPT:
            return _receipt(connection, words, waiting)
        case outbox.STATEMENT:
            return _statement(connection, words, waiting)
    found = notices.notice(connection, waiting.account_id, waiting.detail)
    return (words.letter("subject"), worded(found, operator, language)) if found else None


class _Words:
    """One operator's wording in one language."""

    def __init__(self, operator: Operator, language: str) -> None:
        self.operator = operator
        self.language = language
        self._formats = Formats(language)

    def money(self, amount: int) -> str:
        """Plain spaces: an SMS of the GSM alphabet knows no others (3GPP TS 23.038)."""
        return self._formats.money(Money(amount, self.operator.currency)).translate(_SPACES)

    def day(self, day: date) -> str:
        return self._formats.full_day(day).translate(_SPACES)

    def text(self, text: LocalText | str) -> str:
        return text if isinstance(text, str) else text[self.language]

    def letter(self, name: str, **said: str) -> str:
        return self.operator.notices.letters.texts[name][self.language].format(**said)


def _receipt(connection: Connection, words: _Words, waiting: Waiting) -> tuple[str, str] | None:
    found = ledger.receipt(connection, waiting.account_id, waiting.detail)
    if found is None:
        return None
    text = words.letter(
        "receipt",
        operator=words.text(words.operator.title),
        number=found.receipt_id,
        account=f"{waiting.account_id:012d}",
        day=words.day(found.day),
        amount=words.money(found.amount),
    )
    return words.letter("receipt_subject", number=found.receipt_id), text


def _statement(connection: Connection, words: _Words, waiting: Waiting) -> tuple[str, str]:
    first, last = map(date.fromisoformat, waiting.detail.split("/"))
    found = statements.statement(connection, waiting.account_id, first, last)
    days = {"first": words.day(first), "last": words.day(last)}
    head = words.letter(
        "statement",
        operator=words.text(words.operator.title),
        account=f"{waiting.account_id:012d}",
        **days,
        opening=words.money(found.opening),
        paid=words.money(found.total.paid),
        charged=words.money(found.total.charged),
        closing=words.money(found.closing),
    )
    rows = statements.entries_between(connection, waiting.account_id, first, last, ROWS_MOST, None)
    lines = [_line(each, words) for each in reversed(rows)]
    return words.letter("statement_subject", **days), "\n".join([head, *lines])


def _line(entry: StoredEntry, words: _Words) -> str:
    item = words.operator.items.get(entry.item_id) if entry.item_id else None
    name = item.name if item else words.operator.notices.letters.kinds[entry.kind]
    room = f" ({entry.room})" if entry.room else ""
    return f"{entry.day.isoformat()}  {words.text(name)}{room}  {words.money(entry.change)}"
