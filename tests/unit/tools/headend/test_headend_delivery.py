"""Delivery by the real things: an SMTP server, an HTTP gateway, a folder; what fails, and who hands over what."""

from __future__ import annotations

import json
import logging
import socket
import stat
import threading
from collections.abc import Iterator
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

from device.api.errors import ConfigError
from tools.headend.delivery import ByChannel, Delivery, DeliveryFailed, Message
from tools.headend.delivery.courier import Courier
from tools.headend.delivery.folder import FolderDelivery
from tools.headend.delivery.sms_gateway import SmsGatewayDelivery
from tools.headend.delivery.smtp import SmtpDelivery, SmtpServer

MAIL = Message("email", "ivan@example.org", "МТС Спутниковое ТВ", "Код: 804152")
SMS = Message("sms", "+79005550134", "", "Код: 804152")


class Mailbox:
    """What an SMTP server took; ``refuse``: what it answers to a recipient instead."""

    def __init__(self) -> None:
        self.taken: list[Envelope] = []
        self.refuse = ""

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, to: str, options: Any) -> str:
        if self.refuse:
            return self.refuse
        envelope.rcpt_tos.append(to)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        self.taken.append(envelope)
        return "250 taken"


@pytest.fixture
def mailbox() -> Mailbox:
    return Mailbox()


@pytest.fixture
def mail_server(mailbox: Mailbox) -> Iterator[Controller]:
    def known(_server: Any, _session: Any, _envelope: Any, _mechanism: str, data: Any) -> AuthResult:
        return AuthResult(success=(data.login, data.password) == (b"headend", b"s3cret"), handled=False)

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(mailbox, hostname="127.0.0.1", port=port, authenticator=known, auth_require_tls=False)
    controller.start()
    try:
        yield controller
    finally:
        controller.stop()


def port_of(controller: Controller) -> int:
    return int(controller.port)


def test_a_mail_arrives_whole(mail_server: Controller, mailbox: Mailbox) -> None:
    url = f"smtp://headend@127.0.0.1:{port_of(mail_server)}?from=no-reply@example.org"
    SmtpDelivery(SmtpServer.parse(url, "s3cret")).send(MAIL)
    (envelope,) = mailbox.taken
    assert (envelope.mail_from, envelope.rcpt_tos) == ("no-reply@example.org", ["ivan@example.org"])
    assert isinstance(envelope.content, bytes)
    parsed = message_from_bytes(envelope.content, policy=policy.default)
    assert parsed["Subject"] == "МТС Спутниковое ТВ" and parsed["To"] == "ivan@example.org"
    body = parsed.get_body()
    assert body is not None and body.get_content().strip() == "Код: 804152"
    assert parsed["Auto-Submitted"] == "auto-generated" and parsed["Date"] and parsed["Message-ID"]


def test_the_same_message_has_the_same_id(mail_server: Controller, mailbox: Mailbox) -> None:
    delivery = SmtpDelivery(SmtpServer.parse(f"smtp://127.0.0.1:{port_of(mail_server)}?from=a@example.org"))
    again = Message("email", "ivan@example.org", "s", "t", id="abc")
    delivery.send(again)
    delivery.send(again)
    ids = [message_from_bytes(each.content)["Message-ID"] for each in mailbox.taken if isinstance(each.content, bytes)]
    assert ids == ["<abc@example.org>"] * 2


@pytest.mark.parametrize(("answer", "final"), [("550 no such user", True), ("450 later", False)])
def test_a_refused_recipient_is_for_good_or_for_now(
    mail_server: Controller, mailbox: Mailbox, answer: str, final: bool
) -> None:
    mailbox.refuse = answer
    delivery = SmtpDelivery(SmtpServer.parse(f"smtp://127.0.0.1:{port_of(mail_server)}?from=a@example.org"))
    with pytest.raises(DeliveryFailed) as caught:
        delivery.send(MAIL)
    assert caught.value.final is final
    assert "ivan" not in caught.value.message and "804152" not in caught.value.message


def test_a_wrong_password_or_no_server_is_no_crash(mail_server: Controller) -> None:
    port = port_of(mail_server)
    wrong = SmtpDelivery(SmtpServer.parse(f"smtp://headend:wrong@127.0.0.1:{port}?from=a@example.org"))
    with pytest.raises(DeliveryFailed, match="535"):
        wrong.send(MAIL)
    with pytest.raises(DeliveryFailed, match="cannot be reached"):
        SmtpDelivery(SmtpServer.parse("smtp://127.0.0.1:1?from=a@example.org")).send(MAIL)


@pytest.mark.parametrize(
    "url", ["mail.example.org", "smtp://mail", "smtp://?from=a@b", "http://mail?from=a@b", "smtp://mail:x?from=a@b"]
)
def test_a_mail_servers_url_that_cannot_be_used_is_said(url: str) -> None:
    with pytest.raises(ConfigError):
        SmtpServer.parse(url)


def test_the_mail_servers_url_says_all() -> None:
    server = SmtpServer.parse("smtps://a%40b:p@mail.example.org?from=no-reply@example.org")
    assert (server.port, server.user, server.password) == (465, "a@b", "p")
    assert "'p'" not in repr(server)


class Gateway(ThreadingHTTPServer):
    """An SMS gateway: keeps what it gets, answers ``status``."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.status = 202
        self.got: list[tuple[str | None, Any]] = []


class _Handler(BaseHTTPRequestHandler):
    server: Gateway

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.got.append((self.headers["Authorization"], body))
        self.send_response(self.server.status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        pass


@pytest.fixture
def gateway() -> Iterator[Gateway]:
    server = Gateway()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


def test_an_sms_goes_to_the_gateway(gateway: Gateway) -> None:
    SmsGatewayDelivery(f"http://127.0.0.1:{gateway.server_port}/sms", "t0ken").send(SMS)
    assert gateway.got == [("Bearer t0ken", {"to": "+79005550134", "text": "Код: 804152"})]


@pytest.mark.parametrize(("status", "final"), [(400, True), (403, True), (429, False), (500, False), (302, False)])
def test_what_the_gateway_does_not_take_is_for_good_or_for_now(gateway: Gateway, status: int, final: bool) -> None:
    gateway.status = status
    with pytest.raises(DeliveryFailed) as caught:
        SmsGatewayDelivery(f"http://127.0.0.1:{gateway.server_port}/sms").send(SMS)
    assert caught.value.final is final
    assert "804152" not in caught.value.message and "5550134" not in caught.value.message


def test_a_gateway_that_is_not_there_or_not_a_url() -> None:
    with pytest.raises(DeliveryFailed):
        SmsGatewayDelivery("http://127.0.0.1:1/sms").send(SMS)
    with pytest.raises(ConfigError):
        SmsGatewayDelivery("sms.example.org")


def test_a_developers_outbox_is_his_alone_and_in_order(tmp_path: Path) -> None:
    outbox = FolderDelivery(tmp_path / "state" / "outbox")
    outbox.send(SMS)
    outbox.send(MAIL)
    files = sorted(outbox.folder.iterdir())
    assert [json.loads(each.read_text())["channel"] for each in files] == ["sms", "email"]
    assert json.loads(files[0].read_text())["text"] == "Код: 804152"
    assert stat.S_IMODE(files[0].stat().st_mode) == 0o600
    assert stat.S_IMODE(outbox.folder.stat().st_mode) == 0o700


def test_an_outbox_that_cannot_be_written_says_where(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(DeliveryFailed, match="file"):
        FolderDelivery(tmp_path / "file").send(SMS)


class Flaky(Delivery):
    """Fails with each of ``troubles`` in turn, then takes."""

    def __init__(self, *troubles: DeliveryFailed) -> None:
        self.troubles = list(troubles)
        self.taken: list[Message] = []
        self.tries = 0

    def send(self, message: Message) -> None:
        self.tries += 1
        if self.troubles:
            raise self.troubles.pop(0)
        self.taken.append(message)


@pytest.mark.parametrize(
    ("troubles", "taken", "tries"),
    [
        ([], 1, 1),
        ([DeliveryFailed("for now"), DeliveryFailed("for now")], 1, 3),
        ([DeliveryFailed("for now")] * 3, 0, 3),
        ([DeliveryFailed("for good", final=True)], 0, 1),
    ],
)
def test_the_courier_tries_again_what_may_pass(
    caplog: pytest.LogCaptureFixture, troubles: list[DeliveryFailed], taken: int, tries: int
) -> None:
    caplog.set_level(logging.WARNING, "headend")
    logging.getLogger("headend").propagate = True
    flaky = Flaky(*troubles)
    courier = Courier(ByChannel({"sms": flaky}), pauses=(0.0, 0.0))
    courier.send([SMS])
    courier.wait_idle()
    courier.stop()
    assert (len(flaky.taken), flaky.tries) == (taken, tries)
    assert "804152" not in caplog.text and "5550134" not in caplog.text
    assert ("was not sent" in caplog.text) == (not taken)


def test_a_courier_that_waits_is_stopped_at_once() -> None:
    courier = Courier(Flaky(DeliveryFailed("for now")), pauses=(60.0,))
    courier.send([SMS])
    courier.stop()
    courier.wait_idle()


def test_nothing_of_a_message_shows_in_its_repr() -> None:
    assert "804152" not in repr(SMS) and "900555" not in repr(SMS)
