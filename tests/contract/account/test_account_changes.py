"""Messages, and what every change must hold: one effect a key, over HTTPS and at the same time."""

from __future__ import annotations

import secrets
import sqlite3
import threading
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from contextlib import closing
from typing import Any

import httpx
import pytest

from tests.support.headend_server import RunningHeadend
from tests.support.signin_box import SignInBox
from tools.headend.api import schemas
from tools.headend.storage.database import Database, DatabaseBusy

ACCOUNT = 102733458021


@pytest.fixture
def box(headend: RunningHeadend) -> SignInBox:
    """A box of family, all of whose messages are unread again."""
    with closing(sqlite3.connect(headend.database_file)) as database, database:
        database.execute("UPDATE messages SET read_at = NULL WHERE account_id = ?", (ACCOUNT,))
    client = headend.box()
    client.sign_in()
    return client


def rows(headend: RunningHeadend, sql: str, *parameters: Any) -> list[Any]:
    with closing(sqlite3.connect(headend.database_file)) as database:
        return database.execute(sql, parameters).fetchall()


def kept(headend: RunningHeadend, key: str) -> list[Any]:
    return rows(headend, "SELECT status, body FROM idempotency_keys WHERE key = ?", key)


def problem(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def test_messages_come_newest_first_in_every_language(box: SignInBox) -> None:
    page = box.request("GET", "/v1/messages?limit=2").json()
    schemas.Messages.model_validate(page, strict=True)
    assert [each["id"] for each in page["items"]] == ["m3", "m2"]
    rest = box.request("GET", f"/v1/messages?limit=2&cursor={page['next_cursor']}").json()
    assert [each["id"] for each in rest["items"]] == ["m1"]
    assert rest["next_cursor"] is None
    assert problem(box.request("GET", "/v1/messages?cursor=WzEsMl0")) == (400, "request_invalid")


def test_a_message_is_marked_as_read_once(headend: RunningHeadend, box: SignInBox) -> None:
    key = secrets.token_hex(8)
    answer = box.request("POST", "/v1/messages/m3/read", key=key)
    assert (answer.status_code, answer.json()) == (200, {"id": "m3", "read": True})
    first_read = rows(headend, "SELECT read_at FROM messages WHERE message_id = 'm3' AND account_id = ?", ACCOUNT)
    assert box.request("GET", "/v1/account").json()["unread_messages"] == 2
    headend.clock.advance(5)
    again = box.request("POST", "/v1/messages/m3/read", key=key)
    assert (again.status_code, again.content) == (200, answer.content)
    assert rows(headend, "SELECT read_at FROM messages WHERE message_id = 'm3' AND account_id = ?", ACCOUNT) == (
        first_read
    )
    assert len(kept(headend, key)) == 1


def test_the_same_key_with_another_request_is_refused(headend: RunningHeadend, box: SignInBox) -> None:
    key = secrets.token_hex(8)
    assert box.request("POST", "/v1/messages/m3/read", key=key, body={"a": 1, "b": 2}).status_code == 200
    spaced = box.request("POST", "/v1/messages/m3/read", key=key, content=b'{ "b":2,  "a":1 }')
    assert spaced.status_code == 200, "the same JSON, written otherwise"
    other_body = box.request("POST", "/v1/messages/m3/read", key=key, body={"a": 2})
    assert problem(other_body) == (422, "idempotency_key_reused")
    other_path = box.request("POST", "/v1/messages/m2/read", key=key, body={"a": 1, "b": 2})
    assert problem(other_path) == (422, "idempotency_key_reused")
    assert rows(headend, "SELECT message_id FROM messages WHERE read_at IS NOT NULL AND account_id = ?", ACCOUNT) == [
        ("m3",)
    ]


def test_two_accounts_may_use_one_key(headend: RunningHeadend, box: SignInBox) -> None:
    key = secrets.token_hex(8)
    stranger = headend.box("debt")
    stranger.sign_in()
    assert box.request("POST", "/v1/messages/m1/read", key=key).status_code == 200
    assert stranger.request("POST", "/v1/messages/m1/read", key=key).status_code == 200
    assert len(kept(headend, key)) == 2


def test_a_refused_change_keeps_its_answer_too(headend: RunningHeadend, box: SignInBox) -> None:
    key = secrets.token_hex(8)
    first = box.request("POST", "/v1/messages/m99/read", key=key)
    assert problem(first) == (404, "not_found")
    assert first.headers["content-type"] == "application/problem+json"
    again = box.request("POST", "/v1/messages/m99/read", key=key)
    assert (again.status_code, again.content) == (404, first.content)
    assert len(kept(headend, key)) == 1


def test_nobody_marks_another_accounts_message(headend: RunningHeadend, box: SignInBox) -> None:
    stranger = headend.box("debt")
    stranger.sign_in()
    answer = stranger.request("POST", "/v1/messages/m3/read", key=secrets.token_hex(8))
    assert problem(answer) == (404, "not_found")
    assert rows(headend, "SELECT read_at FROM messages WHERE message_id = 'm3' AND account_id = ?", ACCOUNT) == [
        (None,)
    ]


@pytest.mark.parametrize("key", [None, "", "x" * 129, "a b"])
def test_a_change_needs_a_key(box: SignInBox, key: str | None) -> None:
    answer = box.request("POST", "/v1/messages/m3/read", key=key)
    assert problem(answer) == (400, "request_invalid")
    assert answer.json()["errors"][0]["field"] == "Idempotency-Key"


def test_a_change_cannot_be_replayed_by_who_captured_it(box: SignInBox) -> None:
    proof = box.proof("POST", "/v1/messages/m3/read", token=box.token)
    key = secrets.token_hex(8)
    assert box.request("POST", "/v1/messages/m3/read", key=key, proof=proof).status_code == 200
    assert problem(box.request("POST", "/v1/messages/m3/read", key=key, proof=proof)) == (401, "jti_used")


def test_a_body_that_is_too_large_is_refused(box: SignInBox) -> None:
    answer = box.request("POST", "/v1/messages/m3/read", key="k", content=b"x" * 70_000)
    assert problem(answer) == (413, "request_too_large")


def test_a_key_whose_first_request_still_runs_is_answered_409(headend: RunningHeadend, box: SignInBox) -> None:
    key = secrets.token_hex(8)
    boxes = (box, headend.box())
    boxes[1].sign_in()

    def ask(each: SignInBox) -> httpx.Response:
        return each.request("POST", "/v1/messages/m3/read", key=key)

    with (
        closing(sqlite3.connect(headend.database_file, isolation_level=None)) as blocker,
        ThreadPoolExecutor(2) as pool,
    ):
        blocker.execute("BEGIN IMMEDIATE")
        asked = [pool.submit(ask, each) for each in boxes]
        done, running = wait(asked, timeout=5, return_when=FIRST_COMPLETED)
        blocker.execute("ROLLBACK")
        assert (len(done), len(running)) == (1, 1), "one waits for the database, the other is told so"
        second, first = done.pop().result(), running.pop().result(10)
    assert problem(second) == (409, "request_running")
    assert int(second.headers["Retry-After"]) >= 1
    assert first.status_code == 200
    assert ask(box).content == first.content


def test_many_at_once_with_one_key_have_one_effect(headend: RunningHeadend, box: SignInBox) -> None:
    boxes = [box, *(headend.box() for _ in range(5))]
    for each in boxes[1:]:
        each.sign_in()
    for _ in range(5):
        key = secrets.token_hex(8)
        barrier = threading.Barrier(len(boxes))

        def ask(each: SignInBox, key: str = key, barrier: threading.Barrier = barrier) -> tuple[int, bytes]:
            barrier.wait(10)
            answer = each.request("POST", "/v1/messages/m3/read", key=key)
            return answer.status_code, answer.content

        with ThreadPoolExecutor(len(boxes)) as pool:
            answers = list(pool.map(ask, boxes))
        assert {status for status, _ in answers} <= {200, 409}
        assert len({body for status, body in answers if status == 200}) == 1
        assert len(kept(headend, key)) == 1


def test_a_locked_database_is_busy_not_broken(headend: RunningHeadend) -> None:
    impatient = Database(f"sqlite:///{headend.database_file}", patience=0.05)
    with closing(sqlite3.connect(headend.database_file, isolation_level=None)) as blocker:
        blocker.execute("BEGIN IMMEDIATE")
        with pytest.raises(DatabaseBusy):
            impatient.write(lambda connection: connection.exec_driver_sql("SELECT 1"))
        blocker.execute("ROLLBACK")
    impatient.close()
