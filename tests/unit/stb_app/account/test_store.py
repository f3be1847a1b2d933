"""The store: what is shown belongs to the card that is in; nothing of another account comes in late."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import pytest

from device.api.errors import ApiError
from stb_app.account.models import Account
from stb_app.account.queries import ACCOUNT, MESSAGES, MONTHS
from stb_app.account.store import Fetched, Store
from tests.unit.stb_app.account.support import Loop
from tools.pilot import documents


@pytest.fixture
def loop() -> Loop:
    return Loop()


def shown(loop: Loop) -> Account:
    loop.store.get(ACCOUNT)
    loop.run()
    value = loop.store.value(ACCOUNT)
    assert value is not None
    return value


def waits(loop: Loop) -> tuple[bool, bool]:
    """Whether an answer is on its way, and whether one failed."""
    return loop.store.loading, loop.store.failed


def test_the_first_who_asks_has_it_fetched_and_the_others_share_it(loop: Loop) -> None:
    assert loop.store.get(ACCOUNT) == Fetched(loading=True, since=7.0) and loop.store.awaited_since == [7.0]
    assert waits(loop) == (True, False)
    loop.run()
    fetched = loop.store.get(ACCOUNT)
    assert fetched.value.number == "102733458021"
    assert (fetched.as_of, fetched.stale) == (datetime(2026, 11, 21, 16, 42, tzinfo=UTC), False)
    assert waits(loop) == (False, False)
    loop.store.get(ACCOUNT)
    assert loop.asked() == ["/v1/account"]


def test_nothing_is_asked_while_nobody_is_signed_in() -> None:
    loop = Loop(documents.session("no_card", "C-01"))
    assert loop.store.get(ACCOUNT).value is None
    assert loop.asked() == []


@pytest.mark.parametrize(
    "session",
    [
        documents.session("no_card", "C-01"),
        documents.session("refused", "C-03"),
        documents.session("starting"),
        documents.session("signed_in", account_number="500000000001"),
    ],
)
def test_another_card_or_none_drops_everything_in_the_same_step(loop: Loop, session: dict[str, Any]) -> None:
    shown(loop)
    loop.gateway.sign(session)
    assert len(loop.work) == 1, "one step"
    loop.gateway.held = []
    loop.work.pop(0)()
    assert loop.store.value(ACCOUNT) is None
    assert loop.store.session.state == session["state"]


def test_an_answer_that_was_on_its_way_is_thrown_away(loop: Loop) -> None:
    held = loop.hold()
    loop.store.get(ACCOUNT)
    loop.sign(documents.session("no_card", "C-01"))
    loop.sign(documents.session("signed_in", account_number="500000000001"))
    loop.gateway.bodies["/v1/account"] = documents.account(account_number="500000000001")
    held.pop(0)()
    loop.run()
    assert loop.store.value(ACCOUNT) is None, "the old card's answer is not the new card's account"
    changes = loop.changes
    assert loop.store.get(ACCOUNT).loading
    held.pop(0)()
    loop.run()
    new = loop.store.value(ACCOUNT)
    assert new is not None and new.number == "500000000001"
    assert loop.changes == changes + 1


def test_a_lost_device_service_drops_everything_and_comes_back(loop: Loop) -> None:
    shown(loop)
    listener = loop.gateway.listener
    assert listener is not None
    listener.disconnected(ApiError("gone", code="device_unreachable"))
    loop.run()
    assert (loop.store.linked, loop.store.session.state) == (False, "starting")
    assert loop.store.value(ACCOUNT) is None
    listener.connected()
    loop.run()
    assert (loop.store.linked, loop.store.session.state) == (True, "signed_in")


def test_a_failed_refresh_keeps_the_value_and_marks_it_stale(loop: Loop) -> None:
    shown(loop)
    loop.gateway.unreachable = True
    loop.store.refresh()
    loop.run()
    fetched = loop.store.get(ACCOUNT)
    assert fetched.value is not None and fetched.stale and fetched.error is not None
    assert fetched.as_of is not None
    loop.gateway.unreachable = False
    loop.store.refresh()
    loop.run()
    assert not loop.store.get(ACCOUNT).stale and loop.store.get(ACCOUNT).error is None


def test_what_never_came_is_failed_until_it_comes(loop: Loop) -> None:
    loop.gateway.unreachable = True
    loop.store.get(ACCOUNT)
    loop.run()
    assert waits(loop) == (False, True)
    assert loop.store.get(ACCOUNT).error is not None
    loop.gateway.unreachable = False
    loop.store.retry()
    loop.run()
    assert waits(loop) == (False, False)
    assert loop.store.value(ACCOUNT) is not None


def test_the_devices_last_known_answer_says_when_it_was_true(loop: Loop) -> None:
    loop.gateway.stale, loop.gateway.as_of = True, "2026-11-20T10:00:00Z"
    shown(loop)
    fetched = loop.store.get(ACCOUNT)
    assert fetched.stale and fetched.as_of == datetime(2026, 11, 20, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    "body", [{"account_number": "1"}, [], "text", None, documents.account(balance={"amount": "1", "currency": "RUB"})]
)
def test_a_document_of_another_shape_is_an_error_that_is_shown(loop: Loop, body: Any) -> None:
    loop.gateway.bodies["/v1/account"] = body
    loop.store.get(ACCOUNT)
    loop.run()
    fetched = loop.store.get(ACCOUNT)
    assert fetched.error is not None and fetched.error.code == "unexpected_answer" and fetched.value is None


@pytest.mark.parametrize("answer", [{}, {"status": 200}, None, {"status": 200, "body": {}, "as_of": "x", "stale": 0}])
def test_an_answer_that_is_none_is_an_error_too(loop: Loop, answer: Any) -> None:
    assert Store._read(ACCOUNT, answer).error is not None


def test_a_refusal_of_the_service_keeps_its_code(loop: Loop) -> None:
    answer = {"status": 403, "body": {"code": "not_yours", "title": "no"}, "as_of": None, "stale": False}
    error = Store._read(ACCOUNT, answer).error
    assert error is not None and error.code == "not_yours"


def test_the_account_changed_asks_anew_for_all_that_is_held(loop: Loop) -> None:
    loop.store.get(ACCOUNT)
    loop.store.get(MONTHS)
    loop.store.get(MESSAGES)
    loop.run()
    assert loop.gateway.listener is not None
    loop.gateway.listener.event("account.changed", {})
    loop.run()
    assert sorted(loop.asked()) == sorted(["/v1/account", "/v1/ledger/months", "/v1/messages"] * 2)


def test_the_same_answer_changes_nothing(loop: Loop) -> None:
    shown(loop)
    before = loop.changes
    loop.store.refresh()
    loop.run()
    assert loop.changes == before


def test_back_in_touch_asks_anew(loop: Loop) -> None:
    shown(loop)
    loop.sign(documents.session("offline", "N-01"))
    loop.sign(documents.session("signed_in"))
    assert loop.asked() == ["/v1/account"] * 3
    assert loop.store.value(ACCOUNT) is not None, "the account stayed on the screen"


def test_sending_makes_one_key_and_asks_anew_when_it_is_done(loop: Loop) -> None:
    shown(loop)
    held = loop.hold()
    told: list[ApiError | None] = []
    loop.store.send("/v1/messages/m1/read", {}, told.append)
    assert waits(loop) == (True, False)
    assert told == []
    posts = [params for _, params in loop.gateway.calls if params.get("method") == "POST"]
    assert len(posts) == 1
    assert re.fullmatch(r"[0-9a-f-]{36}", posts[0]["idempotency_key"])
    held.pop(0)()
    loop.run()
    assert told == [None]
    assert waits(loop) == (False, False)
    assert len(held) == 1, "the account is asked for anew"


@pytest.mark.parametrize(
    ("answer", "code"), [({"status": 422, "body": {}}, "refused"), ({}, "unexpected_answer"), (7, "unexpected_answer")]
)
def test_a_change_that_was_refused_says_so(loop: Loop, answer: Any, code: str) -> None:
    told: list[ApiError | None] = []
    loop.gateway.posted = answer
    loop.store.send("/v1/messages/m1/read", {}, told.append)
    loop.run()
    assert [error.code for error in told if error] == [code]
    assert waits(loop) == (False, False)


def test_two_sendings_have_two_keys(loop: Loop) -> None:
    told: list[ApiError | None] = []
    for _ in range(2):
        loop.store.send("/v1/messages/m1/read", {}, told.append)
    keys = {params["idempotency_key"] for _, params in loop.gateway.calls if params.get("method") == "POST"}
    assert len(keys) == 2


def test_what_was_sent_by_the_old_card_tells_the_new_one_nothing(loop: Loop) -> None:
    held = loop.hold()
    told: list[ApiError | None] = []
    loop.store.send("/v1/messages/m1/read", {}, told.append)
    loop.sign(documents.session("no_card", "C-01"))
    assert not loop.store.sending
    held.pop(0)()
    loop.run()
    assert told == []


def test_a_session_that_makes_no_sense_leaves_the_last_one(loop: Loop) -> None:
    loop.sign({"state": 5})
    assert loop.store.session.state == "signed_in"


def test_an_answer_that_was_overtaken_by_a_later_one_changes_nothing(loop: Loop) -> None:
    """Two workers carry the answers: the one that was asked for first may come last, with the balance of before."""
    shown(loop)
    held = loop.hold()
    loop.store.refresh()
    loop.store.refresh()
    first, second = held
    loop.gateway.bodies[ACCOUNT.path] = documents.account(balance=documents.rub(500))
    second()
    loop.gateway.bodies[ACCOUNT.path] = documents.account(balance=documents.rub(100))
    first()
    loop.run()
    assert shown(loop).balance.amount == 500 and not loop.store.get(ACCOUNT).stale


def test_news_of_the_sign_in_is_not_undone_by_an_answer_that_comes_late(loop: Loop) -> None:
    """The answer travels by a worker and the event does not: the box restarted without network, and the screen was to
    read the card for ever."""
    held = loop.hold()
    loop.store.ask_session()
    late = documents.session(state="starting", account_number=None)
    loop.sign(documents.session(state="offline", code="N-01"))
    loop.gateway.session = late
    held.pop(0)()
    loop.run()
    assert loop.store.session.state == "offline"


def test_what_a_lost_connection_still_answers_is_not_believed(loop: Loop) -> None:
    held = loop.hold()
    loop.store.ask_session()
    loop.store.disconnected(ApiError("gone", code="device_unreachable"))
    held.pop(0)()
    loop.run()
    assert loop.store.session.state == "starting"
