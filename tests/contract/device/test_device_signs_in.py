"""The box signs in over real TLS with the simulated card, and says what stands in the way where it cannot."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from device.api.waiting import wait_until
from tests.contract.device.world import Box, Headend, Network
from tools.card_sim.core import MuteCard
from tools.provisioning import KeyRing

MakeBox = Callable[..., Box]
NOW = datetime.now(UTC)


def test_signs_in_by_itself_and_reads_the_account(network: Network, make_box: MakeBox) -> None:
    box = make_box(network.url)
    box.insert()
    box.start()
    status = box.wait_for("signed_in")
    assert (status["account_number"], status["acr"], status["notices"]) == ("102733458021", "card-proven", [])
    assert abs(status["clock_offset_s"]) < 5
    answer = box.get("/v1/account")
    assert answer["status"] == 200 and answer["stale"] is False
    assert answer["body"]["balance"] == {"amount": 128450, "currency": "RUB"}
    assert answer["as_of"].endswith("Z")
    card = box.call("smartcard.status")
    assert (card["status"], card["type"], card["serial_number"]) == ("Running", "piv", box.box.card_number)
    info = box.call("device.info")
    assert info["chip_id"] == info["path"]["Device.DeviceInfo.SerialNumber"] == box.box.chip_id


def test_the_request_id_of_the_app_runs_into_the_services_log(
    network: Network, headend: Headend, make_box: MakeBox
) -> None:
    box = make_box(network.url)
    box.insert()
    box.start().wait_for("signed_in")
    assert box.client is not None
    params = {"method": "GET", "path": "/v1/receipts"}
    box.client.call("account.request", params, request_id="key-press-4711")
    assert "key-press-4711" in {each["request_id"] for each in headend.requests("GET", "/v1/receipts")}


def test_nothing_secret_is_in_any_log(network: Network, make_box: MakeBox) -> None:
    box = make_box(network.url)
    box.insert()
    box.start().wait_for("signed_in")
    box.get("/v1/account")
    box.insert("family/kitchen")
    box.wait_for("refused", "C-03")
    box.stop()
    text = box.log.read_text() + (box.folder / "stderr.log").read_text()
    assert "signed_in" in text
    for secret in (box.box.chip_id, box.box.card_number, "102733458021", "eyJ", "DPoP ", "BEGIN"):
        assert secret not in text


@pytest.mark.parametrize("year", [1970, 2019, 2100])
def test_any_box_clock_signs_in(network: Network, make_box: MakeBox, year: int) -> None:
    box = make_box(network.url)
    box.set_clock(datetime(year, 1, 2, tzinfo=UTC))
    box.insert()
    box.start()
    status = box.wait_for("signed_in")
    assert status["notices"] == ["T-01"]
    assert box.get("/v1/account")["status"] == 200
    assert datetime.fromisoformat(status["server_time"]) - NOW < timedelta(minutes=10)


@pytest.mark.parametrize(
    "clock",
    [None, datetime(1970, 1, 2, tzinfo=UTC), NOW - timedelta(days=3), datetime(2100, 1, 1, tzinfo=UTC)],
    ids=["right", "1970", "when it was valid", "2100"],
)
def test_an_expired_service_certificate_is_refused_with_any_box_clock(
    tmp_path: Path, ring: KeyRing, make_box: MakeBox, clock: datetime | None
) -> None:
    tls = ring.issue_tls(tmp_path / "tls", valid_from=NOW - timedelta(days=10), valid_to=NOW - timedelta(days=1))
    headend = Headend(tmp_path / "headend", ring, tls=tls)
    box = make_box(headend.url)
    if clock is not None:
        box.set_clock(clock)
    box.insert()
    box.start()
    assert box.wait_for("offline", "N-03")["reason"] == "tls"
    assert headend.requests("POST", "/v1/device/token") == []
    box.stop()
    headend.program.end()


def test_another_ca_and_another_host_are_refused(
    tmp_path: Path, network: Network, ring: KeyRing, make_box: MakeBox
) -> None:
    box = make_box(network.url)
    box.config["ca"] = str(KeyRing(tmp_path / "other").ca_certificate)
    box.insert()
    box.start()
    assert box.wait_for("offline", "N-03")["reason"] == "tls"
    tls = ring.issue_tls(
        tmp_path / "tls",
        valid_from=NOW - timedelta(days=1),
        valid_to=NOW + timedelta(days=9),
        hosts=("account.example.net",),
    )
    elsewhere = Headend(tmp_path / "headend", ring, tls=tls)
    second = make_box(elsewhere.url)
    second.insert()
    second.start().wait_for("offline", "N-03")
    second.stop()
    elsewhere.program.end()


def test_the_environment_changes_neither_trust_nor_way(network: Network, make_box: MakeBox, tmp_path: Path) -> None:
    other = KeyRing(tmp_path / "other").ca_certificate
    box = make_box(network.url)
    box.insert()
    box.start({"REQUESTS_CA_BUNDLE": str(other), "HTTPS_PROXY": "http://127.0.0.1:9", "SSL_CERT_FILE": str(other)})
    box.wait_for("signed_in")


def test_card_out_ends_the_session_at_once_and_at_the_service(
    network: Network, headend: Headend, make_box: MakeBox
) -> None:
    box = make_box(network.url, household="debt")
    box.insert()
    box.start().wait_for("signed_in")
    before = len(headend.requests("DELETE", "/v1/device/session"))
    box.events.clear()
    pulled = time.monotonic()
    box.remove()
    wait_until(lambda: any(params.get("state") == "no_card" for _, params in box.events), limit=2, what="the event")
    assert time.monotonic() - pulled < 1
    assert box.status["code"] == "C-01" and box.status["account_number"] is None
    assert box.code_of(lambda: box.get("/v1/account")) == "no_session"
    wait_until(
        lambda: len(headend.requests("DELETE", "/v1/device/session")) > before, limit=5, what="the session's end"
    )
    box.insert()
    box.wait_for("signed_in")


def test_a_card_of_another_box_a_mute_one_and_none(network: Network, make_box: MakeBox) -> None:
    box = make_box(network.url)
    box.start().wait_for("no_card", "C-01")
    box.insert("family/kitchen")
    assert box.wait_for("refused", "C-03")["reason"] == "card_other_box"
    assert box.code_of(lambda: box.get("/v1/account")) == "no_session"
    box.insert(MuteCard())
    assert box.wait_for("refused", "C-02")["account_number"] is None
    assert box.call("smartcard.status")["status"] == "Error"
    box.insert()
    box.wait_for("signed_in")


def test_boxes_that_are_unknown_revoked_or_cannot_prove_themselves(network: Network, make_box: MakeBox) -> None:
    box = make_box(network.url, household="revoked")
    box.insert()
    box.start()
    assert box.wait_for("refused", "B-02")["reason"] == "box_revoked"
    box.stop()
    box.chip_id_file.write_text("UNKNOWN-BOX-1\n")
    box.start()
    assert box.wait_for("refused", "B-01")["reason"] == "box_unknown"
    box.stop()
    box.chip_id_file.write_text("00000000\n")
    box.start()
    assert box.wait_for("refused", "B-03")["reason"] == "chip_id_missing"
    assert box.call("device.info")["chip_id"] == ""


def test_a_device_key_open_to_others_is_not_used(network: Network, make_box: MakeBox) -> None:
    box = make_box(network.url)
    key = box.folder / "device.pem"
    key.write_bytes(Path(box.config["device_key"]).read_bytes())
    key.chmod(0o644)
    box.config["device_key"] = str(key)
    box.insert()
    box.start()
    assert box.wait_for("refused", "B-03")["reason"] == "key_unusable"
    said = [line for line in box.log.read_text().splitlines() if "chmod 600" in line]
    assert len(said) == 1 and "0644" in said[0]


def test_a_box_revoked_in_the_middle_of_its_session(network: Network, headend: Headend, make_box: MakeBox) -> None:
    box = make_box(network.url, household="suspended")
    box.insert()
    box.start().wait_for("signed_in")
    box.get("/v1/account")
    headend.operate("revoke-box", box.box.chip_id)
    assert box.code_of(lambda: box.get("/v1/account")) == "no_session"
    assert box.wait_for("refused", "B-02")["account_number"] is None


def test_it_ends_within_seconds_whatever_hangs(network: Network, headend: Headend, make_box: MakeBox) -> None:
    box = make_box(network.url)
    box.insert()
    box.start().wait_for("signed_in")
    headend.program.send(signal.SIGSTOP)
    assert box.code_of(lambda: box.call("account.request", {"method": "GET", "path": "/v1/account"}, 0.3)) == "timeout"
    begun = time.monotonic()
    code = box.stop()
    took = time.monotonic() - begun
    headend.program.send(signal.SIGCONT)
    assert (code, took < 3) == (0, True)
    assert not box.socket.exists()


def test_sigint_ends_it_the_same_way(network: Network, make_box: MakeBox) -> None:
    box = make_box(network.url)
    box.start()
    assert box.stop(signal.SIGINT) == 0
    assert not box.socket.exists()
