"""The HTTP side against a server in this process that misbehaves in every way a test asks for."""

from __future__ import annotations

import base64
import gzip
import http.server
import json
import socket
import ssl
import struct
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from device.adapters.account_http import AccountHttp, retry_after
from device.adapters.file_key_store import FileKeyStore
from device.adapters.http_transport import HttpTransport
from device.adapters.tls import PinnedAdapter
from device.adapters.tls_context import client_context
from device.api.errors import ConfigError
from device.domain.service_time import ServiceTime
from device.ports.account_service import AccountRequest, Busy, Refused, Unreachable, Untrusted
from tests.unit.device.support import SetClock
from tools.provisioning import KeyRing

Reply = Callable[["Handler"], None]
NOW = datetime.now(UTC)


@dataclass(frozen=True)
class Seen:
    """A request as it came."""

    path: str
    headers: dict[str, str]
    body: bytes


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Server

    def handle_any(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.server.seen.append(Seen(self.path, dict(self.headers), body))
        replies = self.server.replies
        (replies.pop(0) if len(replies) > 1 else replies[0])(self)

    do_GET = do_POST = do_DELETE = handle_any

    def answer(self, status: int, body: Any = None, **headers: str) -> None:
        raw = b"" if body is None else json.dumps(body).encode()
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing."""


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, tls: tuple[Path, Path] | None = None) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.replies: list[Reply] = [lambda handler: handler.answer(200, {})]
        self.seen: list[Seen] = []
        scheme = "http"
        if tls is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*tls)
            self.socket = context.wrap_socket(self.socket, server_side=True, do_handshake_on_connect=False)
            scheme = "https"
        self.url = f"{scheme}://127.0.0.1:{self.server_address[1]}"
        self._thread = threading.Thread(target=self.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is what some tests are about."""

    def reply(self, *replies: Reply) -> None:
        self.replies = list(replies)

    def close(self) -> None:
        self.shutdown()
        self.server_close()
        self._thread.join(5)


def reset(handler: Handler) -> None:
    """The line breaks with RST, as a cable does not but a relay or a killed process does."""
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    handler.close_connection = True
    for each in (handler.rfile, handler.wfile, handler.connection):
        each.close()


def says(status: int, body: Any = None, **headers: str) -> Reply:
    return lambda handler: handler.answer(status, body, **headers)


@pytest.fixture(scope="module")
def ring(tmp_path_factory: pytest.TempPathFactory) -> KeyRing:
    return KeyRing(tmp_path_factory.mktemp("keys"))


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> FileKeyStore:
    path = tmp_path_factory.mktemp("key") / "d.pem"
    key = ec.generate_private_key(ec.SECP256R1())
    path.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    path.chmod(0o600)
    return FileKeyStore(path)


class Client:
    """The adapter with its own clock, and the transport under it."""

    def __init__(
        self,
        url: str,
        keys: FileKeyStore,
        ca: Path | None = None,
        clock: SetClock | None = None,
        read_seconds: float = 5.0,
    ) -> None:
        self.clock = clock or SetClock(system=time.time())
        self.time = ServiceTime(self.clock)
        context = None if ca is None else client_context(ca)
        self.context = context
        self.transport = HttpTransport(url, PinnedAdapter(context, self.time), "test/1", read_seconds=read_seconds)
        self.service = AccountHttp(self.transport, keys, self.time, self.clock)

    def close(self) -> None:
        self.transport.close()


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server()
    yield server
    server.close()


@pytest.fixture
def client(server: Server, keys: FileKeyStore) -> Iterator[Client]:
    client = Client(server.url, keys)
    yield client
    client.close()


GET = AccountRequest("GET", "/v1/account")
NO_NONCE = {"code": "use_dpop_nonce", "error": "use_dpop_nonce"}


def test_a_new_dpop_nonce_is_taken_and_the_request_repeated_once(server: Server, client: Client) -> None:
    server.reply(says(401, NO_NONCE, DPoP_Nonce="n-2"), says(200, {"ok": True}, DPoP_Nonce="n-3"), says(200, {}))
    assert client.service.request("token", GET).body == {"ok": True}
    client.service.request("token", GET)
    assert [_claims(seen).get("nonce") for seen in server.seen] == [None, "n-2", "n-3"]
    assert len({_claims(seen)["jti"] for seen in server.seen}) == 3
    server.reply(says(401, NO_NONCE, DPoP_Nonce="n-9"))
    assert client.service.request("token", GET).status == 401, "never a third time"


def _claims(seen: Seen) -> dict[str, Any]:
    body = seen.headers["DPoP"].split(".")[1]
    return dict(json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4))))


def test_what_a_request_carries(server: Server, client: Client) -> None:
    request = AccountRequest("POST", "/v1/messages/m/read", {"a": "я &="}, {"n": "ё"}, "key-12345678", "press-1")
    client.service.request("tok", request)
    handler = server.seen[0]
    assert handler.path == "/v1/messages/m/read?a=%D1%8F+%26%3D"
    assert handler.headers["Authorization"] == "DPoP tok"
    assert handler.headers["Idempotency-Key"] == "key-12345678"
    assert handler.headers["X-Request-Id"] == "press-1"
    assert handler.headers["Accept-Encoding"] == "identity" and "Cookie" not in handler.headers
    assert json.loads(handler.body) == {"n": "ё"}
    claims = _claims(handler)
    assert (claims["htm"], claims["htu"]) == ("POST", f"{server.url}/v1/messages/m/read")


def test_the_environment_is_not_asked(
    server: Server, keys: FileKeyStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login me password mine\n")
    (tmp_path / "netrc").chmod(0o600)
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    client = Client(server.url, keys)
    assert client.service.request("tok", GET).status == 200
    assert server.seen[0].headers["Authorization"] == "DPoP tok"
    client.close()


def test_redirects_cookies_and_codings_are_not_obeyed(server: Server, client: Client) -> None:
    server.reply(says(302, {"code": "moved"}, Location="http://127.0.0.1:1/", Set_Cookie="a=b"), says(200, {}))
    assert client.service.request("t", GET).status == 302
    client.service.request("t", GET)
    assert "Cookie" not in server.seen[1].headers
    bomb = gzip.compress(b"[" + b" " * 50_000_000 + b"]")

    def packed(handler: Handler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Encoding", "gzip")
        handler.send_header("Content-Length", str(len(bomb)))
        handler.end_headers()
        handler.wfile.write(bomb)

    server.reply(packed)
    assert client.service.request("t", GET).body is None, "not unpacked, so not JSON"


@pytest.mark.parametrize("chunked", [False, True])
def test_an_answer_over_4_mib_is_cut_off(server: Server, client: Client, chunked: bool) -> None:
    def endless(handler: Handler) -> None:
        handler.send_response(200)
        if chunked:
            handler.send_header("Transfer-Encoding", "chunked")
        handler.end_headers()
        piece = b"x" * 65536
        while True:
            handler.wfile.write(b"10000\r\n" + piece + b"\r\n" if chunked else piece)

    server.reply(endless)
    with pytest.raises(Unreachable, match="4194304") as raised:
        client.service.request("t", AccountRequest("POST", "/v1/account"))
    assert raised.value.step == "http"


def test_silence_reset_and_half_answers_are_unreachable(server: Server, keys: FileKeyStore) -> None:
    client = Client(server.url, keys, read_seconds=0.2)
    silent = threading.Event()

    def half(handler: Handler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", "100")
        handler.end_headers()
        handler.wfile.write(b"{")
        handler.close_connection = True

    def rubbish(handler: Handler) -> None:
        handler.wfile.write(b"not http at all\r\n\r\n")
        handler.close_connection = True

    def hang(handler: Handler) -> None:
        silent.wait(5)

    for reply in (hang, reset, half, rubbish):
        server.reply(reply)
        with pytest.raises(Unreachable) as raised:
            client.transport.fetch("GET", "/x", {})
        assert raised.value.step == "http"
    silent.set()
    client.close()


def test_a_kept_connection_that_broke_is_tried_once_more_where_that_is_safe(server: Server, client: Client) -> None:
    server.reply(reset, says(200, {"ok": 1}))
    assert client.service.request("t", GET).body == {"ok": 1}
    server.reply(reset, says(200, {"ok": 2}))
    assert client.service.request("t", AccountRequest("POST", "/v1/x", {}, None, "key-12345678")).body == {"ok": 2}
    server.reply(reset, says(200, {"ok": 3}))
    with pytest.raises(Unreachable):
        client.service.request("t", AccountRequest("POST", "/v1/x"))


def test_the_step_that_failed_is_named(keys: FileKeyStore, ring: KeyRing) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    listener = socket.create_server(("127.0.0.1", 0))
    threading.Thread(target=lambda: listener.accept()[0].close(), daemon=True).start()
    for url, step in (
        ("https://no-such-host.invalid", "dns"),
        (f"https://127.0.0.1:{port}", "tcp"),
        (f"https://127.0.0.1:{listener.getsockname()[1]}", "tls"),
    ):
        client = Client(url, keys, ring.ca_certificate)
        with pytest.raises(Unreachable) as raised:
            client.service.challenge("c")
        assert raised.value.step == step
        client.close()
    listener.close()


@pytest.mark.parametrize(
    ("status", "body", "headers", "error", "code"),
    [
        (401, {"code": "box_unknown", "error": "invalid_client"}, {}, Refused, "box_unknown"),
        (400, {"error": "invalid_grant"}, {}, Refused, "invalid_grant"),
        (429, {"code": "rate_limited"}, {"Retry_After": "17"}, Busy, "busy"),
        (503, None, {"Retry_After": "Wed, 21 Oct 2026 07:28:00 GMT"}, Busy, "busy"),
        (500, {"code": "internal"}, {}, Unreachable, "unreachable"),
        (404, None, {}, Unreachable, "unreachable"),
        (302, {"code": "x"}, {}, Unreachable, "unreachable"),
        (200, [1], {}, Unreachable, "unreachable"),
        (200, {"nonce": "n"}, {}, Unreachable, "unreachable"),
        (200, {"nonce": "n", "server_time": "yesterday"}, {}, Unreachable, "unreachable"),
    ],
)
def test_what_an_answer_to_the_challenge_amounts_to(
    server: Server,
    client: Client,
    status: int,
    body: Any,
    headers: dict[str, str],
    error: type[Exception],
    code: str,
) -> None:
    server.reply(says(status, body, **headers))
    with pytest.raises(error) as raised:
        client.service.challenge("c")
    assert getattr(raised.value, "code", "") == code
    if error is Busy:
        assert getattr(raised.value, "retry_after", 0) == (17 if status == 429 else None)
    assert client.time.now() is None


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"access_token": "a", "token_type": "Bearer", "expires_in": 1, "account_number": "1", "acr": "x"},
        {"access_token": "a\r\nX: y", "token_type": "DPoP", "expires_in": 1, "account_number": "1", "acr": "x"},
        {"access_token": "", "token_type": "DPoP", "expires_in": 1, "account_number": "1", "acr": "x"},
        {"access_token": "a", "token_type": "DPoP", "expires_in": "soon", "account_number": "1", "acr": "x"},
        {"access_token": "a", "token_type": "DPoP", "expires_in": None, "account_number": "1", "acr": "x"},
    ],
)
def test_a_token_answer_that_is_none(server: Server, client: Client, document: dict[str, Any]) -> None:
    server.reply(says(200, document))
    with pytest.raises(Unreachable, match="incomplete"):
        client.service.token(lambda: "assertion")


def test_a_token_and_a_fresh_assertion_when_the_nonce_was_old(server: Server, client: Client) -> None:
    good = {"access_token": "a", "token_type": "DPoP", "expires_in": 600, "account_number": "1", "acr": "card-proven"}
    server.reply(says(401, NO_NONCE, DPoP_Nonce="n"), says(200, good))
    made: list[str] = []

    def make() -> str:
        made.append(f"assertion-{len(made)}")
        return made[-1]

    grant = client.service.token(make)
    assert (grant.token, grant.acr, grant.expires_in, len(made)) == ("a", "card-proven", 600.0, 2)
    assert b"assertion=assertion-1" in server.seen[1].body
    assert "token" not in repr(grant) and "account_number" not in repr(grant)


def test_retry_after_is_bounded() -> None:
    for value, seconds in (("5", 5.0), ("999999999", 3600.0), ("-1", None), ("", None), ("٥", None), ("1.5", None)):
        assert retry_after({"Retry-After": value}) == seconds


def test_events_over_a_stream_that_ends_breaks_or_is_closed(server: Server, client: Client) -> None:
    hold = threading.Event()

    def stream(handler: Handler) -> None:
        handler.send_response(200)
        handler.send_header("Transfer-Encoding", "chunked")
        handler.end_headers()
        text = b": hi\n\nevent: account.changed\ndata: {}\n\n"
        handler.wfile.write(b"%x\r\n%s\r\n" % (len(text), text))
        hold.wait(5)
        handler.wfile.write(b"0\r\n\r\n")

    server.reply(stream)
    events = client.service.events("t")
    names = iter(events)
    assert next(names) == "account.changed"
    threading.Timer(0.05, events.close).start()
    with pytest.raises(Unreachable):
        next(names)
    hold.set()
    assert list(client.service.events("t")) == ["account.changed"], "ended by the service"
    server.reply(says(401, {"code": "token_invalid"}))
    with pytest.raises(Refused) as refused:
        client.service.events("t")
    assert (refused.value.status, refused.value.code) == (401, "token_invalid")
    server.reply(says(401, NO_NONCE, DPoP_Nonce="n"), stream)
    assert list(client.service.events("t")) == ["account.changed"]


class Tls:
    """A TLS server with a certificate of the test's dates, and clients with clocks of the test's choice."""

    def __init__(
        self, ring: KeyRing, keys: FileKeyStore, folder: Path, valid_from: datetime, valid_to: datetime
    ) -> None:
        self._ring, self._keys = ring, keys
        self.server = Server(ring.issue_tls(folder, valid_from=valid_from, valid_to=valid_to))
        self.tell(NOW)

    def tell(self, moment: datetime) -> None:
        """What the service says the time is."""
        text = moment.strftime("%Y-%m-%dT%H:%M:%SZ")
        self.server.reply(says(200, {"nonce": "n", "server_time": text}))

    def client(self, clock: datetime) -> Client:
        return Client(self.server.url, self._keys, self._ring.ca_certificate, SetClock(clock.timestamp()))


def test_a_right_clock_is_the_ordinary_strict_check(ring: KeyRing, keys: FileKeyStore, tmp_path: Path) -> None:
    tls = Tls(ring, keys, tmp_path, NOW - timedelta(days=1), NOW + timedelta(days=1))
    client = tls.client(NOW)
    assert client.service.request("t", GET).status == 200, "no challenge needed before"
    assert client.context is not None and len(client.context.get_ca_certs()) == 1, "and no other CA crept in"
    client.close()
    tls.server.close()


@pytest.mark.parametrize("year", [1970, 2100])
def test_a_wrong_clock_may_ask_the_time_and_nothing_else(
    ring: KeyRing, keys: FileKeyStore, tmp_path: Path, year: int
) -> None:
    tls = Tls(ring, keys, tmp_path, NOW - timedelta(days=1), NOW + timedelta(days=1))
    client = tls.client(datetime(year, 2, 1, tzinfo=UTC))
    with pytest.raises(Unreachable) as raised:
        client.service.request("t", GET)
    assert raised.value.step == "tls" and not tls.server.seen, "not a byte of it was sent"
    client.service.challenge("c")
    assert client.service.request("t", GET).status == 200
    client.close()
    tls.server.close()


@pytest.mark.parametrize(
    "clock", [NOW, datetime(1970, 1, 2, tzinfo=UTC), NOW - timedelta(days=5), datetime(2100, 1, 1, tzinfo=UTC)]
)
def test_an_expired_certificate_is_untrusted(
    ring: KeyRing, keys: FileKeyStore, tmp_path: Path, clock: datetime
) -> None:
    tls = Tls(ring, keys, tmp_path, NOW - timedelta(days=9), NOW - timedelta(days=2))
    client = tls.client(clock)
    with pytest.raises(Untrusted):
        client.service.challenge("c")
    assert client.time.now() is None, "a time told over an untrusted line is not believed"
    client.close()
    tls.server.close()


def test_a_certificate_that_runs_out_on_a_kept_connection(ring: KeyRing, keys: FileKeyStore, tmp_path: Path) -> None:
    tls = Tls(ring, keys, tmp_path, NOW - timedelta(days=1), NOW + timedelta(days=1))
    client = tls.client(NOW)
    client.service.challenge("c")
    client.clock.pass_by(2 * 86400)
    with pytest.raises(Untrusted):
        client.service.request("t", GET)
    client.close()
    tls.server.close()


def test_a_card_certificate_is_no_servers(ring: KeyRing, keys: FileKeyStore) -> None:
    box = ring.box("family", "x", chip_id="884100270011", card_number="410273345801")
    server = Server((box.card_certificate, box.card_key))
    client = Client(server.url, keys, ring.ca_certificate)
    with pytest.raises(Untrusted):
        client.service.challenge("c")
    client.close()
    server.close()


def test_ca_files_that_are_none(tmp_path: Path, ring: KeyRing) -> None:
    (tmp_path / "empty").touch()
    (tmp_path / "noise").write_bytes(b"\xff\x00noise")
    box = ring.box("family", "x", chip_id="884100270011", card_number="410273345801")
    for path in (tmp_path / "none", tmp_path / "empty", tmp_path / "noise", tmp_path, box.card_certificate):
        with pytest.raises(ConfigError, match=str(path)):
            client_context(path)
