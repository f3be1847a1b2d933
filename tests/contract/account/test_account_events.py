"""The event stream over HTTPS: it tells of changes, breathes, and ends with its session."""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from itertools import islice

from tests.support.headend_server import RunningHeadend
from tests.support.signin_box import SignInBox
from tools.headend.identity.records import ACTIVE, REVOKED


@contextmanager
def stream(box: SignInBox) -> Iterator[Iterator[str]]:
    """The lines of an open event stream that carry something."""
    box.sign_in()
    headers = {
        "Authorization": f"DPoP {box.token}",
        "DPoP": box.proof("GET", "/v1/events", token=box.token),
    }
    with box.http.stream("GET", f"{box.origin}/v1/events", headers=headers, timeout=10) as answer:
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("text/event-stream")
        lines = (line for line in answer.iter_lines() if line)
        assert next(lines) == ": connected"
        yield lines


def test_it_tells_of_a_change_of_this_account_alone(headend: RunningHeadend) -> None:
    with closing(sqlite3.connect(headend.database_file)) as database, database:
        database.execute("UPDATE messages SET read_at = NULL")
    listener, stranger, actor = headend.box(), headend.box("debt"), headend.box("family", "kitchen")
    actor.sign_in()
    with stream(listener) as lines, stream(stranger) as other_lines:
        assert actor.request("POST", "/v1/messages/m3/read", key=secrets.token_hex(8)).status_code == 200
        seen = [line for line in _until(lines, "data: ") if not line.startswith(":")]
        assert seen[0] == "event: account.changed"
        assert [next(other_lines) for _ in range(3)] == [": keep-alive"] * 3


def _until(lines: Iterator[str], prefix: str) -> list[str]:
    found: list[str] = []
    for line in islice(lines, 20):
        found.append(line)
        if line.startswith(prefix):
            return found
    raise AssertionError(f"it never came: {found}")


def test_it_ends_when_the_session_is_given_back(headend: RunningHeadend) -> None:
    box = headend.box()
    with stream(box) as lines:
        ender = headend.box()
        ender.challenge()
        ender.token = box.token
        assert ender.request("DELETE", "/v1/device/session").status_code == 204
        assert set(lines) <= {": keep-alive"}, "and then it is over"


def test_it_ends_when_the_box_is_revoked(headend: RunningHeadend) -> None:
    box = headend.box("family", "kitchen")
    registry = headend.service.services.registry
    with stream(box) as lines:
        registry.set_box_state(box.chip_id, REVOKED)
        assert set(lines) <= {": keep-alive"}
    registry.set_box_state(box.chip_id, ACTIVE)


def test_it_ends_when_the_session_expires(headend: RunningHeadend) -> None:
    with stream(headend.box()) as lines:
        headend.clock.advance(601)
        assert set(lines) <= {": keep-alive"}


def test_open_streams_are_counted(headend: RunningHeadend) -> None:
    box = headend.box()
    with stream(box):
        metrics = headend.box().http.get(f"{box.origin}/metrics").text
        assert "headend_event_streams 1" in metrics
        assert 'headend_sign_ins_total{outcome="granted"}' in metrics


def test_a_stream_needs_a_session_like_everything_else(headend: RunningHeadend) -> None:
    box = headend.box()
    assert box.http.get(f"{box.origin}/v1/events").status_code == 401
