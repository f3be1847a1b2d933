"""A box that costs a benchmark as little as can be: one kept connection, plain sockets, JOSE by hand.

The service is a process of its own; what is measured here is its work, so the client must not be the slower half.
"""

from __future__ import annotations

import hashlib
import json
import secrets
import socket
from base64 import b64encode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key

from tools.bench.rows import CannotMeasure
from tools.headend.households import load_household
from tools.headend.households.model import HouseholdBox
from tools.headend.operators import load_operator
from tools.provisioning import KeyRing

_ES256 = ec.ECDSA(hashes.SHA256())
_LIMIT_S = 60.0


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back; ``nonce`` is the service's DPoP-Nonce, empty where it sent none."""

    status: int
    body: bytes
    nonce: str


class Connection:
    """HTTP/1.1 over one socket that stays open; a context manager."""

    def __init__(self, port: int) -> None:
        self.origin = f"http://127.0.0.1:{port}"
        self._host = f"127.0.0.1:{port}"
        self._socket = socket.create_connection(("127.0.0.1", port), _LIMIT_S)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._buffer = b""

    def __enter__(self) -> Connection:
        return self

    def __exit__(self, _type: type[BaseException] | None, _error: object, _trace: TracebackType | None) -> None:
        self._socket.close()

    def request(self, method: str, path: str, headers: str = "", body: bytes = b"") -> Answer:
        """``headers``: further lines, each ended by CRLF."""
        length = f"Content-Length: {len(body)}\r\n" if body else ""
        self._socket.sendall(f"{method} {path} HTTP/1.1\r\nHost: {self._host}\r\n{headers}{length}\r\n".encode() + body)
        while (end := self._buffer.find(b"\r\n\r\n")) < 0:
            self._fill()
        head = self._buffer[:end].lower()
        length_of_body = int(_header(head, b"content-length") or 0)
        while len(self._buffer) < end + 4 + length_of_body:
            self._fill()
        at = head.find(b"\r\ndpop-nonce: ")
        nonce = self._buffer[at + 14 : self._buffer.find(b"\r\n", at + 14)].decode() if at >= 0 else ""
        answer = Answer(int(head[9:12]), self._buffer[end + 4 : end + 4 + length_of_body], nonce)
        self._buffer = self._buffer[end + 4 + length_of_body :]
        return answer

    def _fill(self) -> None:
        received = self._socket.recv(65536)
        if not received:
            raise CannotMeasure("the service closed the connection")
        self._buffer += received


def _header(head: bytes, name: bytes) -> bytes:
    return head.partition(b"\r\n" + name + b": ")[2].partition(b"\r\n")[0]


class BenchBox:
    """A household's shown box with its card."""

    def __init__(self, connection: Connection, keys: KeyRing, household: str = "family", operator: str = "mts") -> None:
        which = _shown_box(household, operator)
        made = keys.box(household, which.id, chip_id=which.chip_id, card_number=which.card_number)
        self._connection = connection
        self.chip_id, self.card_number, self._kind = which.chip_id, which.card_number, which.card_kind
        self._key, self._card_key = _private_key(made.device_key), _private_key(made.card_key)
        certificate = x509.load_pem_x509_certificate(made.card_certificate.read_bytes())
        self._certificate = b64encode(certificate.public_bytes(Encoding.DER)).decode()
        point = self._key.public_key().public_numbers()
        x, y = (b64url(each.to_bytes(32, "big")) for each in (point.x, point.y))
        self.jkt = b64url(hashlib.sha256(f'{{"crv":"P-256","kty":"EC","x":"{x}","y":"{y}"}}'.encode()).digest())
        jwk = {"kty": "EC", "crv": "P-256", "x": x, "y": y}
        self._dpop_head = encoded_part({"typ": "dpop+jwt", "alg": "ES256", "jwk": jwk})
        self._assertion_head = encoded_part({"typ": "stb-assertion+jwt", "alg": "ES256"})
        self._nonce, self._token, self._ath, self._time = "", "", "", 0

    def sign_in(self) -> None:
        """Challenge and token; CannotMeasure where it is refused."""
        document = self._challenge()
        form = f"grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion={self._assertion(document)}"
        headers = f"Content-Type: application/x-www-form-urlencoded\r\n{self._proof('POST', '/v1/device/token')}"
        answer = self._expect(self._connection.request("POST", "/v1/device/token", headers, form.encode()))
        self._take(json.loads(answer.body)["access_token"])

    def use(self, token: str) -> None:
        """Go on with a session that was written straight into the database."""
        self._challenge()
        self._take(token)

    def step_up(self, pin: str) -> None:
        """From now on with the PIN."""
        answer = self._expect(self.request("POST", "/v1/step-up", {"pin": pin}))
        self._take(json.loads(answer.body)["access_token"])

    def _challenge(self) -> dict[str, Any]:
        body = json.dumps({"chip_id": self.chip_id}).encode()
        answer = self._expect(self._connection.request("POST", "/v1/device/challenge", body=body))
        document: dict[str, Any] = json.loads(answer.body)
        self._nonce, self._time = answer.nonce, int(datetime.fromisoformat(document["server_time"]).timestamp())
        return document

    def _take(self, token: str) -> None:
        self._token, self._ath = token, b64url(hashlib.sha256(token.encode()).digest())

    def request(self, method: str, path: str, document: Any = None, key: str = "") -> Answer:
        """With token and proof; ``key``: the Idempotency-Key. Whatever the service answers."""
        plain = path.partition("?")[0]
        idempotency = f"Idempotency-Key: {key}\r\n" if key else ""
        headers = f"Authorization: DPoP {self._token}\r\n{self._proof(method, plain, bound=True)}{idempotency}"
        body = b"" if document is None else json.dumps(document).encode()
        answer = self._connection.request(method, path, headers, body)
        self._nonce = answer.nonce
        return answer

    def get(self, path: str) -> Answer:
        return self._expect(self.request("GET", path))

    def post(self, path: str, document: Any) -> Any:
        """The answer's document."""
        return json.loads(self._expect(self.request("POST", path, document, secrets.token_hex(16))).body)

    def _expect(self, answer: Answer) -> Answer:
        if answer.status != 200:
            raise CannotMeasure(f"the service answered {answer.status}: {answer.body[:300].decode()}")
        return answer

    def _assertion(self, challenge: dict[str, Any]) -> str:
        nonce, origin = challenge["nonce"], self._connection.origin
        parts = ("stb-card-proof-v1", origin, nonce, self.chip_id, self.card_number, self.jkt)
        proof = b64url(self._card_key.sign("|".join(parts).encode(), _ES256))
        card = {"number": self.card_number, "kind": self._kind, "proof": proof, "certificate": self._certificate}
        claims = {
            "iss": self.chip_id,
            "sub": self.chip_id,
            "aud": origin,
            "iat": self._time,
            "exp": self._time + 120,
            "nonce": nonce,
            "jti": secrets.token_hex(16),
            "card": card,
        }
        return self._signed(self._assertion_head, claims)

    def _proof(self, method: str, path: str, *, bound: bool = False) -> str:
        claims = {
            "htm": method,
            "htu": f"{self._connection.origin}{path}",
            "iat": self._time,
            "jti": secrets.token_hex(16),
            "nonce": self._nonce,
            **({"ath": self._ath} if bound else {}),
        }
        return f"DPoP: {self._signed(self._dpop_head, claims)}\r\n"

    def _signed(self, head: str, claims: dict[str, Any]) -> str:
        return sign_jws(self._key, head, claims)


def sign_jws(key: ec.EllipticCurvePrivateKey, head: str, claims: dict[str, Any]) -> str:
    """Compact JWS, ES256 (RFC 7518 section 3.4); ``head`` is the encoded header."""
    signed = f"{head}.{encoded_part(claims)}"
    r, s = decode_dss_signature(key.sign(signed.encode(), _ES256))
    return f"{signed}.{b64url(r.to_bytes(32, 'big') + s.to_bytes(32, 'big'))}"


def b64url(data: bytes) -> str:
    return urlsafe_b64encode(data).decode().rstrip("=")


def encoded_part(document: dict[str, Any]) -> str:
    """A part of a JWS before its signature: JSON in base64url."""
    return b64url(json.dumps(document, separators=(",", ":")).encode())


@cache
def _shown_box(household: str, operator: str) -> HouseholdBox:
    """Read once: a slice begins with as many boxes as there are clients."""
    return load_household(household, load_operator(operator)).shown


def _private_key(path: Path) -> ec.EllipticCurvePrivateKey:
    key = load_pem_private_key(path.read_bytes(), None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise CannotMeasure(f"{path}: expected a P-256 key")
    return key
