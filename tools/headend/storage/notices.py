"""Notices, their outbox and what accounts chose, in the database (product.md N1)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from tools.headend.domain.notices import Channels, Event, NoticeRules, Topic
from tools.headend.storage import outbox
from tools.headend.storage.tables import notice_channels, notice_settings, notices

_CHANNELS = select(notice_channels.c.sms, notice_channels.c.email, notice_channels.c.tv).where(
    notice_channels.c.account_id == bindparam("account_id"), notice_channels.c.topic == bindparam("topic")
)
_SETTINGS = select(notice_settings.c.language, notice_settings.c.balance_low, notice_settings.c.news).where(
    notice_settings.c.account_id == bindparam("account_id")
)


@dataclass(frozen=True, slots=True)
class StoredNotice:
    """A notice; ``at`` milliseconds, ``amount`` minor units, ``name`` a text of the operator or of the viewer."""

    account_id: int
    notice_id: str
    at: int
    event: Event
    amount: int | None
    day: date | None
    name: Mapping[str, str] | str | None


@dataclass(frozen=True, slots=True)
class Choices:
    """What an account chose beside the channels."""

    language: str
    balance_low: int
    news: bool


_NOTICE = (
    notices.c.account_id,
    notices.c.notice_id,
    notices.c.at,
    notices.c.event,
    notices.c.amount,
    notices.c.day,
    notices.c.name,
)


def add(connection: Connection, row: Mapping[str, Any], channels: Sequence[str]) -> None:
    """A notice's row, and those of the outbox for ``channels``."""
    connection.execute(insert(notices), row)
    account_id, notice_id = row["account_id"], row["notice_id"]
    for channel in channels:
        outbox.put(connection, account_id, notice_id, channel, outbox.NOTICE, notice_id, row["at"])


def chosen_channels(connection: Connection, account_id: int, topic: Topic) -> Channels | None:
    """What the account chose for a topic; None: nothing."""
    row = connection.execute(_CHANNELS, {"account_id": account_id, "topic": topic.value}).first()
    return Channels(*row) if row else None


def all_channels(connection: Connection, account_id: int) -> dict[Topic, Channels]:
    """What the account chose, by topic."""
    columns = notice_channels.c
    query = select(columns.topic, columns.sms, columns.email, columns.tv).where(columns.account_id == account_id)
    return {Topic(row.topic): Channels(row.sms, row.email, row.tv) for row in connection.execute(query)}


def choices(connection: Connection, account_id: int, rules: NoticeRules) -> Choices:
    """What the account chose, or what the operator's rules say."""
    row = connection.execute(_SETTINGS, {"account_id": account_id}).first()
    return Choices(*row) if row else Choices(rules.language, rules.balance_low, True)


def choose(connection: Connection, account_id: int, wanted: Choices) -> None:
    """Keep what the account chose; its row is locked by the caller's transaction."""
    mine = notice_settings.c.account_id == account_id
    values = {"language": wanted.language, "balance_low": wanted.balance_low, "news": wanted.news}
    if not connection.execute(update(notice_settings).where(mine).values(values)).rowcount:
        connection.execute(insert(notice_settings), {"account_id": account_id, **values})


def choose_channels(connection: Connection, account_id: int, wanted: Mapping[Topic, Channels]) -> None:
    """Keep the channels of the topics in ``wanted``; the others stay."""
    columns = notice_channels.c
    if not wanted:
        return
    connection.execute(
        delete(notice_channels).where(
            columns.account_id == account_id, columns.topic.in_([each.value for each in wanted])
        )
    )
    rows = [
        {"account_id": account_id, "topic": topic.value, "sms": each.sms, "email": each.email, "tv": each.tv}
        for topic, each in wanted.items()
    ]
    connection.execute(insert(notice_channels), rows)


def tv_lines(connection: Connection, account_id: int, since: int, limit: int) -> list[StoredNotice]:
    """Lines that no TV has shown yet, not older than ``since`` (ms), oldest first."""
    columns = notices.c
    query = (
        select(*_NOTICE)
        .where(columns.account_id == account_id, columns.at >= since, columns.tv, columns.shown_at.is_(None))
        .order_by(columns.at, columns.notice_id)
        .limit(limit)
    )
    return [_stored(row) for row in connection.execute(query)]


def mark_shown(connection: Connection, account_id: int, notice_id: str, at: int) -> bool | None:
    """Note that a TV showed a line; True: newly, False: it was shown before, None: there is none."""
    columns = notices.c
    mine = (columns.account_id == account_id, columns.notice_id == notice_id, columns.tv)
    if connection.execute(update(notices).where(*mine, columns.shown_at.is_(None)).values(shown_at=at)).rowcount:
        return True
    return None if connection.execute(select(columns.at).where(*mine)).first() is None else False


def notice(connection: Connection, account_id: int, notice_id: str) -> StoredNotice | None:
    columns = notices.c
    row = connection.execute(
        select(*_NOTICE).where(columns.account_id == account_id, columns.notice_id == notice_id)
    ).first()
    return _stored(row) if row else None


def _stored(row: Any) -> StoredNotice:
    return StoredNotice(row.account_id, row.notice_id, row.at, Event(row.event), row.amount, row.day, row.name)
