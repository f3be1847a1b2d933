"""Telling an account what happened (product.md N1), in the transaction in which it happens.

    tell(work, Event.ROOM_CHANGED, {"name": room.name})

writes what the account wants to know: a line for its TVs, and rows of the outbox that a worker delivers by SMS and
e-mail. ``domain.notices.PARAMETERS`` says which parameters an event takes. No code, PIN or card goes this way.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from tools.headend.clock import milliseconds
from tools.headend.domain.declined import Declined
from tools.headend.domain.notices import PARAMETERS, TOPICS, Channels, Event, Topic, crosses
from tools.headend.storage import notices, outbox
from tools.headend.storage.notices import Choices

if TYPE_CHECKING:
    from tools.headend.use_cases.work import Work


def tell(
    work: Work, event: Event, params: Mapping[str, Any] | None = None, *, also_to: Mapping[str, str] | None = None
) -> None:
    """Tell the account of ``event``. ``params``: ``amount`` (int), ``day`` (date), ``name`` (str or local text).

    ``also_to``: by channel, contacts that have just been replaced and learn of it whatever was chosen (product.md A2).
    """
    said = dict(params or {})
    if said.keys() != PARAMETERS[event]:
        raise ValueError(f"{event} is told with {sorted(PARAMETERS[event])}, not {sorted(said)}")
    topic = TOPICS[event]
    rules = work.operator.notices
    wanted = rules.wanted(topic, notices.chosen_channels(work.connection, work.account_id, topic))
    if not wanted.any and not also_to:
        return
    row, channels = _row(work, event, said, tv=wanted.tv), _outgoing(wanted)
    notices.add(work.connection, row, channels)
    for channel, target in (also_to or {}).items():
        if channel in channels and target in outbox.targets_of(work.connection, work.account_id, channel):
            continue  # it is told there anyway
        outbox.put(
            work.connection,
            work.account_id,
            str(uuid4()),
            channel,
            outbox.NOTICE,
            str(row["notice_id"]),
            row["at"],
            target,
        )


def watch_balance(work: Work, before: int) -> None:
    """Tell that the balance fell below what the account chose, where this change did it."""
    after = work.account.balance
    if after >= before:
        return
    limit = notices.choices(work.connection, work.account_id, work.operator.notices).balance_low
    if crosses(before, after, limit):
        tell(work, Event.BALANCE_LOW, {"amount": after})


def choose(
    work: Work,
    channels: Mapping[Topic, Channels],
    *,
    language: str | None = None,
    balance_low: int | None = None,
    news: bool | None = None,
) -> tuple[Choices, dict[Topic, Channels]]:
    """Keep what the account chose, None: as it was; what it has chosen then. Declined notice_required."""
    rules = work.operator.notices
    for topic, wanted in channels.items():
        if topic in rules.fixed and not wanted.covers(rules.defaults[topic]):
            raise Declined("notice_required", topic=topic.value)
    before = notices.choices(work.connection, work.account_id, rules)
    choices = Choices(
        language=before.language if language is None else language,
        balance_low=before.balance_low if balance_low is None else balance_low,
        news=before.news if news is None else news,
    )
    if choices != before:
        notices.choose(work.connection, work.account_id, choices)
    notices.choose_channels(work.connection, work.account_id, channels)
    return choices, notices.all_channels(work.connection, work.account_id)


def _outgoing(wanted: Channels) -> list[str]:
    return [channel for channel, on in (("sms", wanted.sms), ("email", wanted.email)) if on]


def _row(work: Work, event: Event, said: Mapping[str, Any], *, tv: bool) -> dict[str, Any]:
    day: date | None = said.get("day")
    return {
        "account_id": work.account_id,
        "notice_id": str(uuid4()),
        "at": milliseconds(work.now),
        "event": event.value,
        "amount": said.get("amount"),
        "day": day,
        "name": said.get("name"),
        "tv": tv,
    }
