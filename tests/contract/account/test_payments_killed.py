"""SIGKILL between the commit of a payment and the provider's answer: made once, credited once (product.md P9)."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

from device.api.waiting import wait_until
from tests.support.headend_process import HeadendProcess, run_headend
from tests.support.payment_stand_in import SECRET, SHOP, RunningStandIn, running_stand_in
from tests.support.signin_box import SignInBox
from tools.provisioning import KeyRing


def options(stand_in: RunningStandIn, folder: Path) -> list[str]:
    secret = folder / "shop.key"
    secret.write_text(f"{SECRET}\n")
    return ["--payments-url", f"{stand_in.url}/v3", "--payments-shop-id", SHOP, "--payments-secret-file", str(secret)]


def pay(box: SignInBox, key: str) -> dict[str, Any]:
    body = {"amount": {"amount": 700, "currency": "RUB"}, "method": "sbp"}
    answer = box.request("POST", "/v1/payments", key=key, body=body)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def state(box: SignInBox, payment_id: str) -> str:
    return str(box.request("GET", f"/v1/payments/{payment_id}").json()["state"])


def balance(box: SignInBox) -> int:
    return int(box.request("GET", "/v1/account").json()["balance"]["amount"])


def test_killed_while_the_provider_is_asked_the_payment_goes_on_afterwards(url: str, tmp_path: Path) -> None:
    with running_stand_in() as stand_in:
        book, asked, go_on = stand_in.stand_in.book, threading.Event(), threading.Event()
        create = book.create

        def slow(key: str, body: Any) -> dict[str, Any]:
            made = create(key, body)
            asked.set()
            assert go_on.wait(30)
            return made

        book.create = slow  # type: ignore[method-assign]
        with HeadendProcess(tmp_path, *options(stand_in, tmp_path), url=url) as service:
            port = int(service.origin.rpartition(":")[2])
            box = service.box()
            box.sign_in()
            before = balance(box)
            begun = pay(box, "killed")
            assert asked.wait(20), service.log
            service.process.kill()
            service.process.wait(10)
        go_on.set()
        with HeadendProcess(tmp_path, *options(stand_in, tmp_path), url=url, port=port) as service:
            box = service.box()
            box.sign_in()
            assert pay(box, "killed") == begun, "the same key is the same payment"
            # whoever was killed had claimed the asking for a minute; the payer does not wait for that
            hook = f"{service.origin}/v1/webhooks/yookassa"
            stand_in.stand_in.notifier.send_to(hook, KeyRing(tmp_path / "keys").ca_certificate)
            stand_in.control("approve")
            wait_until(lambda: state(box, begun["id"]) == "succeeded", limit=20, what="the payment to be credited")
            assert balance(box) == before + 700
            assert len(stand_in.payments()) == 1
            service.process.kill()
            service.process.wait(10)
        with HeadendProcess(tmp_path, *options(stand_in, tmp_path), url=url, port=port) as service:
            box = service.box()
            box.sign_in()
            assert (state(box, begun["id"]), balance(box)) == ("succeeded", before + 700)
            assert service.end() == 0
            assert SECRET not in service.log


def test_a_provider_that_hangs_delays_neither_requests_nor_the_end(tmp_path: Path) -> None:
    with running_stand_in() as stand_in:
        asked, go_on = threading.Event(), threading.Event()
        create = stand_in.stand_in.book.create

        def hang(key: str, body: Any) -> dict[str, Any]:
            asked.set()
            assert go_on.wait(60)
            return create(key, body)

        stand_in.stand_in.book.create = hang  # type: ignore[method-assign]
        with HeadendProcess(tmp_path, *options(stand_in, tmp_path)) as service:
            box = service.box()
            box.sign_in()
            pay(box, "hangs")
            assert asked.wait(20)
            assert balance(box) == 128450
            assert service.end() == 0
        go_on.set()


def test_what_is_missing_is_said_in_one_line(tmp_path: Path) -> None:

    base = ["--database", f"sqlite:///{tmp_path / 'x.db'}", "--port", "0", "--payments-url", "http://127.0.0.1:9/v3"]
    for more in ([], ["--payments-shop-id", "1"], ["--payments-shop-id", "1", "--payments-secret-file", "/nowhere"]):
        said = run_headend(*base, *more)
        assert said.returncode == 2
        assert len(said.stderr.splitlines()) == 1 and "Traceback" not in said.stderr
