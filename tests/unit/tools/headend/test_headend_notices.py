"""N1's rules, the operator's notices.yaml, and notices of many accounts at once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, insert, select

from device.api.yaml_file import YamlError
from tests.support.account_rows import account_row
from tools.headend.clock import milliseconds
from tools.headend.domain.ledger import EntryKind
from tools.headend.domain.notices import PARAMETERS, TOPICS, Channels, Event, Topic, crosses
from tools.headend.operators import FOLDER, load_operator, operator_names
from tools.headend.operators.notices import load_notices
from tools.headend.runs.notices import tell_day
from tools.headend.runs.settling import Settling
from tools.headend.storage import notices as stored
from tools.headend.storage import tables
from tools.headend.storage.database import Database
from tools.headend.storage.schema import open_database

DAY = date(2026, 12, 1)
OPERATORS = {name: load_operator(name) for name in operator_names()}
CHANNELS = st.builds(Channels, st.booleans(), st.booleans(), st.booleans())


def test_every_event_has_a_topic_and_parameters() -> None:
    assert set(TOPICS) == set(PARAMETERS) == set(Event)
    assert set(TOPICS.values()) == set(Topic)


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [(100, 99, True), (100, 100, False), (99, 98, False), (250, -3, True), (99, 100, False), (101, 100, False)],
)
def test_a_balance_falls_below_x_once(before: int, after: int, told: bool) -> None:
    assert crosses(before, after, 100) is told


@given(st.lists(st.integers(-1000, 1000), max_size=30), st.integers(-100, 100))
def test_it_is_told_each_time_that_it_was_not_below_before(changes: list[int], limit: int) -> None:
    balance, told, below = 0, 0, limit > 0
    times = 0
    for change in changes:
        told += crosses(balance, balance + change, limit)
        balance += change
        times += balance < limit and not below
        below = balance < limit
    assert told == times


@pytest.mark.parametrize("name", OPERATORS)
@given(chosen=st.none() | CHANNELS)
def test_a_fixed_topic_keeps_its_channels_whatever_is_chosen(name: str, chosen: Channels | None) -> None:
    rules = OPERATORS[name].notices
    assert rules.fixed == {Topic.SECURITY}
    assert rules.defaults[Topic.SECURITY].any
    for topic in Topic:
        wanted = rules.wanted(topic, chosen)
        if topic in rules.fixed:
            assert wanted.covers(rules.defaults[topic])
        else:
            assert wanted == (rules.defaults[topic] if chosen is None else chosen)


def spoiled(tmp_path: Path, old: str, new: str) -> Path:
    text = (FOLDER / "mts" / "notices.yaml").read_text()
    assert text.count(old) >= 1
    file = tmp_path / "notices.yaml"
    file.write_text(text.replace(old, new, 1))
    return file


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("tv_seconds: 10", "tv_seconds: 11", "tv_seconds: 11 is outside"),
        ("default: 10000", "default: 1000001", "balance_low.default: 1000001 is outside"),
        ("channels: [sms, tv]", "channels: [fax]", "expected one of sms, email, tv, found 'fax'"),
        ("{amount} was charged for the month.", "{sum} was charged.", "'{sum}' is not told with this event"),
        ("You received {amount}", "You received {amount", "a brace is left alone"),
        ("  pin_changed:", "  pin_changes:", "'pin_changes' is not known here"),
        ("language: ru", "language: de", "expected one of ru, en, sk, es"),
        ("Receipt {number}", "Receipt {amount}", "'{amount}' is not told with this event"),
    ],
)
def test_a_broken_file_is_refused_with_file_and_line(tmp_path: Path, old: str, new: str, complaint: str) -> None:
    file = spoiled(tmp_path, old, new)
    with pytest.raises(YamlError, match=r"notices\.yaml:\d+: ") as refused:
        load_notices(file)
    assert complaint in str(refused.value)
    assert new in file.read_text().splitlines()[refused.value.line - 1]


def test_a_missing_event_is_refused(tmp_path: Path) -> None:
    text = (FOLDER / "mts" / "notices.yaml").read_text()
    lines = text.splitlines()
    start = lines.index("  pin_changed:")
    file = tmp_path / "notices.yaml"
    file.write_text("\n".join(lines[:start] + lines[start + 5 :]))
    with pytest.raises(YamlError, match="'pin_changed' is missing"):
        load_notices(file)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = open_database(f"sqlite:///{tmp_path / 'notices.db'}")
    yield opened
    opened.close()


def entry(account_id: int, number: int, amount: int, settling: Settling, kind: EntryKind) -> dict[str, Any]:
    return {
        "account_id": account_id,
        "entry_id": number,
        "at": milliseconds(settling.at),
        "day": DAY,
        "month": "2026-12",
        "kind": kind.value,
        "debit": "wallet",
        "credit": "revenue:package",
        "amount": amount,
    }


def told(connection: Connection, account_id: int) -> dict[str, int | None]:
    columns = tables.notices.c
    rows = connection.execute(select(columns.event, columns.amount).where(columns.account_id == account_id))
    return {row.event: row.amount for row in rows}


def test_a_day_tells_many_accounts_what_each_wants_to_know(database: Database) -> None:
    """X is 100,00: 1 stays above it, 2 falls below, 3 was below, 4 wants charges, 5 was stopped, 6 had X exactly,
    7 was not claimed."""
    operator = load_operator("mts")

    def work(connection: Connection) -> None:
        settling = Settling(connection, operator, operator.regions["moscow"], DAY, 1, 6)
        balances = {1: 10000, 2: 9999, 3: 5000, 4: 20000, 5: -7000, 6: 9900, 7: 9999}
        for account_id, balance in balances.items():
            stopped: dict[str, Any] = {"service_state": "stopped", "service_since": DAY} if account_id == 5 else {}
            row = account_row(account_id, balance=balance, settling_on=DAY, **stopped)
            connection.execute(insert(tables.accounts), row)
        charges = {1: 100, 2: 100, 4: 30000, 5: 4000, 6: 100, 7: 100}
        for account_id, amount in charges.items():
            connection.execute(
                insert(tables.ledger_entries), entry(account_id, 1, amount, settling, EntryKind.PACKAGE_FEE)
            )
        stored.choose_channels(connection, 4, {Topic.CHARGE: Channels(sms=True, email=True)})
        stored.choose_channels(connection, 2, {Topic.BALANCE_LOW: Channels(tv=True)})
        tell_day(settling)
        assert told(connection, 1) == {}
        assert told(connection, 2) == {"balance_low": 9999}
        assert told(connection, 3) == {}
        assert told(connection, 4) == {"charged": 30000}
        assert told(connection, 5) == {"service_stopped": 7000}
        assert told(connection, 6) == {"balance_low": 9900}
        assert told(connection, 7) == {}
        columns = tables.outbox.c
        waiting = connection.execute(select(columns.account_id, columns.channel, columns.next_at, columns.detail))
        assert sorted(tuple(row) for row in waiting) == [
            (4, "email", milliseconds(settling.at), "charged-2026-12-01"),
            (4, "sms", milliseconds(settling.at), "charged-2026-12-01"),
            (5, "sms", milliseconds(settling.at), "service_stopped-2026-12-01"),
            (6, "sms", milliseconds(settling.at), "balance_low-2026-12-01"),
        ]

    database.write(work)


def test_whoever_chose_another_x_is_told_at_that(database: Database) -> None:
    operator = load_operator("mts")

    def work(connection: Connection) -> None:
        settling = Settling(connection, operator, operator.regions["moscow"], DAY, 1, 2)
        for account_id, limit in ((1, 50), (2, 51)):
            connection.execute(insert(tables.accounts), account_row(account_id, balance=50, settling_on=DAY))
            connection.execute(
                insert(tables.ledger_entries), entry(account_id, 1, 9000, settling, EntryKind.TARIFF_FEE)
            )
            stored.choose(connection, account_id, stored.Choices("ru", limit, True))
        tell_day(settling)
        assert (told(connection, 1), told(connection, 2)) == ({}, {"balance_low": 50})

    database.write(work)
