"""A box of our own for the contract tests: it signs in by contracts.md with cryptography and joserfc alone, and
can be told to get any step wrong. It shares no code with the service or the real box."""

from __future__ import annotations

import hashlib
import json
import secrets
import ssl
from base64 import b64encode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from joserfc import jws
from joserfc.jwk import ECKey

GRANT_TYPE = "urn:ietf:params:oauth:grant-type:jwt-bearer"
_KEEP: Any = object()


def b64url(data: bytes) -> str:
    return urlsafe_b64encode(data).decode().rstrip("=")


def load_private_key(path: Path) -> ec.EllipticCurvePrivateKey:
    key = serialization.load_pem_private_key(path.read_bytes(), None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    return key


def thumbprint(key: ec.EllipticCurvePrivateKey) -> str:
    """RFC 7638, spelled out: SHA-256 of the required members in order."""
    numbers = key.public_key().public_numbers()
    members = {
        "crv": "P-256",
        "kty": "EC",
        "x": b64url(numbers.x.to_bytes(32, "big")),
        "y": b64url(numbers.y.to_bytes(32, "big")),
    }
    return b64url(hashlib.sha256(json.dumps(members, separators=(",", ":")).encode()).digest())


def sign_jwt(key: ec.EllipticCurvePrivateKey, header: dict[str, Any], claims: dict[str, Any]) -> str:
    registry = jws.JWSRegistry(algorithms=["ES256"], strict_check_header=False)
    return jws.serialize_compact(header, json.dumps(claims), ECKey.import_key(key), registry=registry)


@dataclass
class Card:
    """A card: number, key, certificate (DER)."""

    number: str
    key: ec.EllipticCurvePrivateKey
    certificate: bytes
    kind: str = "piv"

    @classmethod
    def load(cls, number: str, key: Path, certificate: Path) -> Card:
        found = x509.load_pem_x509_certificate(certificate.read_bytes())
        return cls(number, load_private_key(key), found.public_bytes(serialization.Encoding.DER))


class SignInBox:
    """One box with its card, talking HTTPS to the service."""

    def __init__(self, origin: str, ca: Path, chip_id: str, device_key: ec.EllipticCurvePrivateKey, card: Card) -> None:
        self.origin = origin
        self.chip_id = chip_id
        self.device_key = device_key
        self.card = card
        self.http = httpx.Client(verify=ssl.create_default_context(cafile=str(ca)), trust_env=False, timeout=20)
        self.server_time = 0
        self.dpop_nonce = ""
        self.token = ""

    def close(self) -> None:
        self.http.close()

    @property
    def jkt(self) -> str:
        return thumbprint(self.device_key)

    def challenge(self, chip_id: str | None = None) -> str:
        """Step 1: the nonce; service time and DPoP nonce are kept."""
        answer = self.http.post(f"{self.origin}/v1/device/challenge", json={"chip_id": chip_id or self.chip_id})
        assert answer.status_code == 200, answer.text
        self._note(answer)
        body = answer.json()
        self.server_time = int(datetime.fromisoformat(body["server_time"]).timestamp())
        return str(body["nonce"])

    def card_proof(self, nonce: str, *, card: Card | None = None, audience: str | None = None) -> str:
        """Step 2: the card signs."""
        card = card or self.card
        parts = ("stb-card-proof-v1", audience or self.origin, nonce, self.chip_id, card.number, self.jkt)
        return b64url(card.key.sign("|".join(parts).encode(), ec.ECDSA(hashes.SHA256())))

    def card_claim(self, nonce: str) -> dict[str, Any]:
        return {
            "number": self.card.number,
            "kind": self.card.kind,
            "proof": self.card_proof(nonce),
            "certificate": b64encode(self.card.certificate).decode(),
        }

    def assertion(
        self,
        nonce: str | None,
        *,
        key: ec.EllipticCurvePrivateKey | None = None,
        header: dict[str, Any] | None = None,
        card: dict[str, Any] | None = None,
        **claims: Any,
    ) -> str:
        """Step 3: the assertion; ``claims`` replace those of a right one, None removes."""
        right: dict[str, Any] = {
            "iss": self.chip_id,
            "sub": self.chip_id,
            "aud": self.origin,
            "iat": self.server_time,
            "exp": self.server_time + 120,
            "nonce": nonce,
            "jti": secrets.token_hex(16),
            "card": card if card is not None else self.card_claim(nonce or ""),
        }
        right.update(claims)
        said = {name: value for name, value in right.items() if value is not None}
        return sign_jwt(key or self.device_key, header or {"typ": "stb-assertion+jwt", "alg": "ES256"}, said)

    def proof(
        self,
        method: str,
        path: str,
        *,
        token: str | None = None,
        key: ec.EllipticCurvePrivateKey | None = None,
        header: dict[str, Any] | None = None,
        **claims: Any,
    ) -> str:
        """A DPoP proof for one request; ``claims`` and ``header`` replace those of a right one, None removes."""
        key = key or self.device_key
        right: dict[str, Any] = {
            "htm": method,
            "htu": f"{self.origin}{path}",
            "iat": self.server_time,
            "jti": secrets.token_hex(16),
            "nonce": self.dpop_nonce,
            "ath": b64url(hashlib.sha256(token.encode()).digest()) if token else None,
        }
        right.update(claims)
        said = {name: value for name, value in right.items() if value is not None}
        jwk = ECKey.import_key(key).as_dict(private=False)
        full = {"typ": "dpop+jwt", "alg": "ES256", "jwk": {name: jwk[name] for name in ("kty", "crv", "x", "y")}}
        full.update(header or {})
        return sign_jwt(key, {name: value for name, value in full.items() if value is not None}, said)

    def ask_token(
        self, assertion: str, proof: str | None = _KEEP, fields: dict[str, str] | None = None
    ) -> httpx.Response:
        """``POST /v1/device/token`` as it is; no repetition."""
        headers = {} if proof is None else {"DPoP": self.proof("POST", "/v1/device/token") if proof is _KEEP else proof}
        form = {"grant_type": GRANT_TYPE, "assertion": assertion, **(fields or {})}
        answer = self.http.post(f"{self.origin}/v1/device/token", data=form, headers=headers)
        self._note(answer)
        return answer

    def try_sign_in(self, **claims: Any) -> httpx.Response:
        """All three steps, with an assertion that says ``claims``."""
        return self.ask_token(self.assertion(self.challenge(), **claims))

    def sign_in(self) -> dict[str, Any]:
        answer = self.try_sign_in()
        assert answer.status_code == 200, answer.text
        body: dict[str, Any] = answer.json()
        self.token = body["access_token"]
        return body

    def set_pin(self, pin: str = "4071", first_name: str = "Иван", last_name: str = "Петров") -> None:
        """The account's first PIN, by the names of its contract."""
        names = {"first_name": first_name, "last_name": last_name}
        answer = self.request("POST", "/v1/pin", body={**names, "pin": pin})
        assert answer.status_code == 200, answer.text

    def step_up(self, pin: str = "4071") -> str:
        """From now on this box asks with the token that the PIN opens; returns it. The one before stays good."""
        answer = self.request("POST", "/v1/step-up", body={"pin": pin})
        assert answer.status_code == 200, answer.text
        self.token = answer.json()["access_token"]
        return self.token

    def request(
        self,
        method: str,
        path: str,
        *,
        key: str | None = None,
        body: Any = None,
        content: bytes | None = None,
        proof: str | None = None,
        headers: dict[str, str] | None = None,
    ) -> httpx.Response:
        """A request with token and proof; repeated once where the service wants another DPoP nonce."""
        answer = self._send(method, path, key, body, content, proof, headers)
        if proof is None and answer.status_code == 401 and answer.json()["code"] == "use_dpop_nonce":
            answer = self._send(method, path, key, body, content, proof, headers)
        return answer

    def _send(
        self,
        method: str,
        path: str,
        key: str | None,
        body: Any,
        content: bytes | None,
        proof: str | None,
        headers: dict[str, str] | None,
    ) -> httpx.Response:
        plain = path.partition("?")[0]
        sent = {
            "Authorization": f"DPoP {self.token}",
            "DPoP": proof or self.proof(method, plain, token=self.token),
            **({"Idempotency-Key": key} if key else {}),
            **(headers or {}),
        }
        if content is None and body is not None:
            content = json.dumps(body).encode()
        answer = self.http.request(method, f"{self.origin}{path}", content=content, headers=sent)
        self._note(answer)
        return answer

    def _note(self, answer: httpx.Response) -> None:
        self.dpop_nonce = answer.headers["DPoP-Nonce"]
