"""The operator's commands of help, at a database with an account."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, insert

from tests.support.account_rows import account_row
from tests.support.headend_server import START
from tools.headend.__main__ import main
from tools.headend.domain.help import ApplicationKind
from tools.headend.operators import load_operator
from tools.headend.storage import help as stored
from tools.headend.storage import tables
from tools.headend.storage.database import Database
from tools.headend.storage.schema import claim_for_operator, open_database
from tools.headend.use_cases import applications, tickets
from tools.headend.use_cases.work import begin, finish

OPERATOR = load_operator("mts")
ACCOUNT = 102733458021


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'talk.db'}"


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    opened = open_database(url)
    claim_for_operator(opened, "mts")
    opened.write(
        lambda connection: connection.execute(insert(tables.accounts), account_row(ACCOUNT, due_on=date(2100, 1, 1)))
    )
    yield opened
    opened.close()


@pytest.fixture
def asked(database: Database) -> tuple[str, str]:
    """A request and an application that wait."""

    def work(connection: Connection) -> tuple[str, str]:
        account = begin(connection, OPERATOR, START, ACCOUNT)
        ticket = tickets.ask(account, "picture", "Квадраты")
        made = applications.apply(account, ApplicationKind.REPAIR, date(2026, 11, 23), "day", None, None)
        finish(account)
        return ticket.ticket_id, made.application_id

    return database.write(work)


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    assert main(arguments) == 0
    document: dict[str, Any] = json.loads(capsys.readouterr().out)
    return document


def test_what_waits_is_listed_until_it_is_answered(
    url: str, asked: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    ticket_id, application_id = asked
    found = run(capsys, "waiting", "--database", url)
    assert [(each["account"], each["id"], each["last"]) for each in found["tickets"]] == [
        ("102733458021", ticket_id, "Квадраты")
    ]
    assert [(each["id"], each["state"]) for each in found["applications"]] == [(application_id, "sent")]
    answer = ("ticket-answer", "--database", url, "--account", "102733458021", "--ticket", ticket_id)
    assert run(capsys, *answer, "--text", "Проверьте кабель") == {"ticket_id": ticket_id, "state": "answered"}
    assert run(capsys, "waiting", "--database", url)["tickets"] == []
    assert run(capsys, *answer, "--text", "Всё", "--close")["state"] == "closed"


def test_an_application_is_taken_step_by_step(
    url: str, database: Database, asked: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    _, application_id = asked
    step = ("application-state", "--database", url, "--account", "102733458021", "--application", application_id)
    agreed = run(capsys, *step, "--state", "agreed", "--day", "2026-11-25", "--slot", "evening")
    assert agreed == {"application_id": application_id, "state": "agreed"}
    with database.read() as connection:
        found = stored.application(connection, ACCOUNT, application_id)
    assert found is not None
    assert (found.day, found.slot) == (date(2026, 11, 25), "evening")
    run(capsys, *step, "--state", "on_the_way")
    run(capsys, *step, "--state", "done")
    assert run(capsys, "waiting", "--database", url)["applications"] == []
    assert main([*step, "--state", "agreed"]) == 2
    complaint = capsys.readouterr().err
    assert complaint.count("\n") == 1
    assert "done does not become agreed" in complaint


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("--account", "999999999999", "--ticket", "x", "--text", "y"), "there is no account …9999"),
        (("--account", "102733458021", "--ticket", "x", "--text", "y"), "this account has no such request"),
    ],
)
def test_what_is_not_there_is_one_line(
    url: str, asked: tuple[str, str], capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], complaint: str
) -> None:
    assert main(["ticket-answer", "--database", url, *arguments]) == 2
    error = capsys.readouterr().err
    assert complaint in error
    assert error.count("\n") == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ("--account", "1", "--ticket", "x", "--text", "y"),
        ("--account", "102733458021", "--ticket", "x" * 41, "--text", "y"),
        ("--account", "102733458021", "--ticket", "x", "--text", " "),
        ("--account", "102733458021", "--ticket", "x"),
    ],
)
def test_bad_usage_ends_with_2(url: str, arguments: tuple[str, ...]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["ticket-answer", "--database", url, *arguments])
    assert ended.value.code == 2
