"""Without a network, without a disk, killed in the middle: what is known stays, nothing is lost or comes twice."""

from __future__ import annotations

import json
import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from device.api.waiting import wait_until
from tests.contract.device.world import Box, Headend, Network
from tools.provisioning import KeyRing

MakeBox = Callable[..., Box]


@pytest.fixture
def signed_in(network: Network, make_box: MakeBox) -> Box:
    box = make_box(network.url)
    box.insert()
    box.start().wait_for("signed_in")
    return box


def test_A5_a_lost_network_is_seen_at_once_and_the_last_known_answer_is_marked(
    network: Network, signed_in: Box
) -> None:
    fresh = signed_in.get("/v1/account")
    months = signed_in.get("/v1/ledger/months")
    network.relay.down()
    status = signed_in.wait_for("offline", "N-01", limit=2)
    assert status["account_number"] == "102733458021"
    stale = signed_in.get("/v1/account")
    assert stale == {**fresh, "stale": True}
    assert signed_in.get("/v1/ledger/months")["body"] == months["body"]
    assert signed_in.code_of(lambda: signed_in.get("/v1/receipts")) == "offline"
    assert signed_in.code_of(lambda: signed_in.get("/v1/ledger/entries", month="2026-01")) == "offline"
    network.relay.up()
    wait_until(lambda: not signed_in.get("/v1/account")["stale"], limit=5, what="a fresh answer")
    assert signed_in.status["state"] == "signed_in"


def test_unreachable_at_start_then_signed_in(network: Network, make_box: MakeBox) -> None:
    network.relay.down()
    box = make_box(network.url)
    box.insert()
    box.start()
    assert box.wait_for("offline", "N-01")["reason"] == "tcp"
    assert box.code_of(lambda: box.get("/v1/account")) == "offline"
    network.relay.up()
    box.wait_for("signed_in")


def test_A5_last_known_answers_survive_a_restart_but_only_for_the_card_that_proves_itself(
    network: Network, signed_in: Box
) -> None:
    fresh = signed_in.get("/v1/account")
    assert signed_in.stop(signal.SIGKILL) == -signal.SIGKILL
    network.relay.down()
    signed_in.start().wait_for("offline", "N-01")
    assert signed_in.get("/v1/account") == {**fresh, "stale": True}
    signed_in.remove()
    signed_in.wait_for("no_card", "C-01")
    assert signed_in.code_of(lambda: signed_in.get("/v1/account")) == "no_session"
    signed_in.insert("family/kitchen")
    signed_in.wait_for("offline", "N-01")
    assert signed_in.code_of(lambda: signed_in.get("/v1/account")) == "offline"


def test_a_broken_store_is_set_aside_said_once_and_nothing_stops(network: Network, signed_in: Box) -> None:
    signed_in.get("/v1/account")
    signed_in.stop()
    files = list((signed_in.state / "known").glob("*.json*"))
    for file in [*files, signed_in.state / "journal.json", signed_in.state / "service-time.json"]:
        file.write_bytes(b'{"version": 1, "data": {"half')
    signed_in.log.write_text("")
    signed_in.start().wait_for("signed_in")
    assert signed_in.get("/v1/account")["stale"] is False
    assert signed_in.get("/v1/receipts")["status"] == 200
    assert signed_in.call("account.pending") == []
    said = [line for line in signed_in.log.read_text().splitlines() if "set aside" in line]
    assert len(said) == len({line.split(": ", 1)[1] for line in said}) >= 3
    assert list((signed_in.state / "known").glob("*.broken"))


def test_a_state_folder_that_takes_nothing_is_said_once_and_the_session_works(
    network: Network, make_box: MakeBox
) -> None:
    box = make_box(network.url)
    blocked = box.folder / "blocked"
    blocked.write_text("a file where the folder should be")
    box.config["state"] = str(blocked / "state")
    box.insert()
    box.start().wait_for("signed_in")
    for path in ("/v1/account", "/v1/receipts", "/v1/messages"):
        assert box.get(path)["stale"] is False
    assert box.code_of(lambda: box.post("/v1/messages/m3/read", "key-12345678")) == "journal_unavailable"
    network.relay.down()
    box.wait_for("offline", "N-01")
    assert box.get("/v1/receipts")["stale"] is True, "what is in memory is known all the same"
    said = [line for line in box.log.read_text().splitlines() if "cannot be kept" in line]
    assert len(said) == 2, said  # the answers, the time


def test_a_change_is_sent_with_its_key_and_leaves_nothing_pending(headend: Headend, signed_in: Box) -> None:
    unread = signed_in.get("/v1/messages")["body"]["items"][0]["id"]
    first = signed_in.post(f"/v1/messages/{unread}/read", "key-aaaa-0001")
    again = signed_in.post(f"/v1/messages/{unread}/read", "key-aaaa-0001")
    assert (first["status"], first["body"], first["stale"]) == (200, {"id": unread, "read": True}, False)
    assert again["body"] == first["body"]
    assert signed_in.call("account.pending") == []
    missing = {"method": "POST", "path": f"/v1/messages/{unread}/read"}
    assert signed_in.code_of(lambda: signed_in.call("account.request", missing)) == "invalid_params"


def test_a_change_without_an_answer_is_sent_again_after_sigkill_with_the_same_key(
    headend: Headend, network: Network, make_box: MakeBox
) -> None:
    box = make_box(network.url, household="debt")
    box.insert()
    box.start().wait_for("signed_in")
    path = "/v1/messages/" + box.get("/v1/messages")["body"]["items"][0]["id"] + "/read"
    before = len(headend.requests("POST", path))
    headend.program.send(signal.SIGSTOP)
    asking = threading.Thread(target=lambda: box.code_of(lambda: box.post(path, "key-killed-01")))
    asking.start()
    try:
        wait_until(lambda: box.call("account.pending"), limit=5, what="the journal")
        pending = box.call("account.pending")
        assert [(each["idempotency_key"], each["method"], each["path"]) for each in pending] == [
            ("key-killed-01", "POST", path)
        ]
        box.stop(signal.SIGKILL)
        asking.join(10)
    finally:
        headend.program.send(signal.SIGCONT)
    box.start().wait_for("signed_in")
    wait_until(lambda: not box.call("account.pending"), limit=10, what="the answer")
    answered = headend.requests("POST", path)[before:]
    assert answered and {each["status"] for each in answered} == {200}
    assert box.get("/v1/messages")["body"]["items"][0]["read"] is True


def test_a_change_in_flight_when_the_network_goes_is_finished_by_itself(
    headend: Headend, network: Network, signed_in: Box
) -> None:
    path = "/v1/messages/" + signed_in.get("/v1/messages")["body"]["items"][1]["id"] + "/read"
    codes: list[str] = []
    headend.program.send(signal.SIGSTOP)
    asking = threading.Thread(
        target=lambda: codes.append(signed_in.code_of(lambda: signed_in.post(path, "key-cut-0001")))
    )
    asking.start()
    try:
        wait_until(lambda: signed_in.call("account.pending"), limit=5, what="the journal")
        network.relay.down()
        asking.join(10)
    finally:
        headend.program.send(signal.SIGCONT)
    assert codes == ["answer_unknown"]
    assert signed_in.call("account.pending")[0]["idempotency_key"] == "key-cut-0001"
    signed_in.events.clear()
    network.relay.up()
    signed_in.wait_for("signed_in")
    wait_until(lambda: not signed_in.call("account.pending"), limit=10, what="the answer")
    wait_until(lambda: ("account.changed", {}) in signed_in.events, limit=5, what="the event")


def test_pending_changes_of_one_card_are_not_shown_or_sent_for_another(
    headend: Headend, network: Network, signed_in: Box
) -> None:
    path = "/v1/messages/m1/read"
    headend.program.send(signal.SIGSTOP)
    asking = threading.Thread(target=lambda: signed_in.code_of(lambda: signed_in.post(path, "key-other-01")))
    asking.start()
    try:
        wait_until(lambda: signed_in.call("account.pending"), limit=5, what="the journal")
        signed_in.insert("family/kitchen")
        wait_until(lambda: signed_in.call("smartcard.status")["generation"] >= 3, limit=5, what="the other card")
        assert signed_in.call("account.pending") == []
    finally:
        headend.program.send(signal.SIGCONT)
    asking.join(15)
    signed_in.wait_for("refused", "C-03")
    assert signed_in.call("account.pending") == []
    signed_in.insert()
    signed_in.wait_for("signed_in")
    wait_until(lambda: not signed_in.call("account.pending"), limit=10, what="the answer")


def test_A5_news_of_the_account_comes_as_an_event(tmp_path: Path, ring: KeyRing, make_box: MakeBox) -> None:
    headend = Headend(tmp_path / "headend", ring)
    shown, kitchen = make_box(headend.url), make_box(headend.url, box="kitchen")
    for box in (shown, kitchen):
        box.insert()
        box.start().wait_for("signed_in")
    wait_until(lambda: headend.metric("headend_event_streams") == 2, limit=5, what="both streams")
    unread = [each["id"] for each in kitchen.get("/v1/messages")["body"]["items"] if not each["read"]]
    kitchen.post(f"/v1/messages/{unread[0]}/read", "key-news-0001")
    wait_until(lambda: ("account.changed", {}) in shown.events, limit=5, what="account.changed in the other room")
    for box in (shown, kitchen):
        box.stop()
    headend.program.end()


def test_the_service_time_is_kept_for_the_next_start(signed_in: Box) -> None:
    saved = json.loads((signed_in.state / "service-time.json").read_text())["data"]["service_time"]
    assert abs(saved - time.time()) < 60
