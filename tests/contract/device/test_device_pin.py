"""The PIN through the real box and the real service: what it opens; neither of them keeps or says a PIN or a code."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from device.api.waiting import wait_until
from tests.contract.device.world import Box, Headend
from tools.provisioning import KeyRing

PIN, NEW_PIN = "4071", "9936"


@pytest.fixture
def own(tmp_path: Path, ring: KeyRing) -> Any:
    """A head-end and a signed-in box of this test alone: it sets the account's PIN."""
    headend = Headend(tmp_path / "headend", ring)
    try:
        with Box(tmp_path / "box", ring, headend.url) as box:
            box.insert()
            box.start().wait_for("signed_in")
            yield headend, box
    finally:
        headend.program.end()


def ask(box: Box, method: str, path: str, body: dict[str, Any] | None = None) -> tuple[int, Any]:
    answer = box.call("account.request", {"method": method, "path": path, **({"body": body} if body else {})})
    return answer["status"], answer["body"]


def sent_codes(ring: KeyRing) -> list[str]:
    """The codes in the service's outbox, oldest first."""
    outbox = ring.folder.parent / "outbox"
    texts = [json.loads(each.read_text())["text"] for each in sorted(outbox.glob("*.json"))]
    return [match[1] for each in texts if (match := re.match(r"Код для нового ПИН-кода: (\d{6})\.", each))]


def test_a_pin_opens_personal_data_and_nobody_keeps_or_says_it(own: tuple[Headend, Box], ring: KeyRing) -> None:
    headend, box = own
    names = {"first_name": "Иван", "last_name": "Петров"}
    assert ask(box, "GET", "/v1/personal")[1]["code"] == "insufficient_user_authentication"
    assert ask(box, "POST", "/v1/pin", {**names, "pin": PIN})[0] == 200
    status, opened = ask(box, "POST", "/v1/step-up", {"pin": PIN})
    assert (status, opened) == (200, {"expires_in": 300, "acr": "card-proven+pin"}), "the token stays in the service"
    assert ask(box, "GET", "/v1/personal")[1]["phone"] == "9005550134"
    assert ask(box, "GET", "/v1/account")[0] == 200
    assert ask(box, "POST", "/v1/step-up", {"pin": "0000"})[1]["attempts_remaining"] == 2
    assert (
        box.code_of(
            lambda: box.call(
                "account.request",
                {"method": "POST", "path": "/v1/step-up", "body": {"pin": PIN}, "idempotency_key": "key-12345678"},
            )
        )
        == "invalid_params"
    )
    assert ask(box, "POST", "/v1/pin/codes", {"channel": "sms"})[0] == 200
    code = wait_until(lambda: sent_codes(ring), limit=5, what="the code")[-1]
    assert ask(box, "POST", "/v1/pin/reset", {"code": code, "new_pin": NEW_PIN})[0] == 200
    assert ask(box, "GET", "/v1/personal")[1]["code"] == "insufficient_user_authentication", (
        "the old PIN's token is over"
    )
    assert ask(box, "POST", "/v1/step-up", {"pin": NEW_PIN})[0] == 200
    assert box.call("account.pending") == []
    assert box.stop() == 0 and headend.program.end() == 0

    log = headend.log.read_text() + box.log.read_text() + (box.folder / "stderr.log").read_text()
    paths = [each["path"] for each in headend.requests("POST", "/v1/step-up")]
    assert len(paths) == 3, "each was sent once"
    said = [json.loads(line) for line in headend.log.read_text().splitlines() if line.startswith("{")]
    values = [str(value) for line in said for value in line.values()]
    kept = [each.read_bytes() for each in box.state.rglob("*") if each.is_file()]
    for secret in (PIN, NEW_PIN, code):
        assert secret not in values and f'"{secret}"' not in log
        assert not any(f'"{secret}"'.encode() in each for each in kept)
    assert not any(b"9005550134" in each for each in kept), "what the PIN opens is not kept"
    assert "Петров" not in log
