"""DPoP proofs (RFC 9449 section 4.3), checked without any HTTP library."""

from __future__ import annotations

import hmac
from base64 import urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

from joserfc.errors import JoseError
from joserfc.jwk import ECKey

from tools.headend.clock import Clock
from tools.headend.identity.jose import ALGORITHM, Malformed, parse
from tools.headend.identity.nonces import DpopNonces
from tools.headend.identity.records import Once
from tools.headend.identity.refusals import refuse

TYP = "dpop+jwt"
LEEWAY = timedelta(seconds=60)
_JTI_MAX = 128
_JWK_MEMBERS = {"kty", "crv", "x", "y"}


@dataclass(frozen=True, slots=True)
class Proof:
    """A proof that holds. ``jti`` must be used up by the caller: durably for changes, in memory for reads."""

    jkt: str
    jti: Once


@dataclass(frozen=True, slots=True)
class Expected:
    """What this request's proof must say; ``token``: the access token, where there is one; ``jkt``: its key."""

    method: str
    url: str
    jkt: str
    token: str | None = None


class DpopChecker:
    """Checks proofs by the service's clock and nonces."""

    def __init__(self, nonces: DpopNonces, clock: Clock) -> None:
        self._nonces = nonces
        self._clock = clock

    def check(self, proofs: Sequence[str], expected: Expected) -> Proof:
        """The proof of a request, from its DPoP headers.

        Refusal dpop_invalid, dpop_key_mismatch where it is made with another key than ``expected.jkt``, or
        use_dpop_nonce where all holds but the nonce.
        """
        if len(proofs) != 1:
            refuse("dpop_invalid", "exactly one DPoP header is needed")
        try:
            message = parse(proofs[0])
        except Malformed:
            refuse("dpop_invalid", "the proof is not a JWT")
        if not message.header_is(TYP, "jwk") or message.header.get("alg") != ALGORITHM:
            refuse("dpop_invalid", f"the proof's header must be typ {TYP}, alg {ALGORITHM} and jwk")
        key, jkt = _key_of(message.header["jwk"])
        if not message.signed_by(key):
            refuse("dpop_invalid", "the proof's signature does not hold")
        jti = self._claims(message.claims, expected)
        if not hmac.compare_digest(jkt, expected.jkt):
            refuse("dpop_key_mismatch")
        if not self._nonces.accepts(message.claims.get("nonce")):
            refuse("use_dpop_nonce")
        return Proof(jkt, jti_once("dpop", jkt, jti, self._clock.now() + 2 * LEEWAY))

    def _claims(self, claims: dict[str, Any], expected: Expected) -> str:
        jti = claims.get("jti")
        if not isinstance(jti, str) or not 1 <= len(jti) <= _JTI_MAX:
            refuse("dpop_invalid", f"jti must be a text of 1 to {_JTI_MAX} characters")
        if claims.get("htm") != expected.method:
            refuse("dpop_invalid", "htm is not this request's method")
        if not _same_url(claims.get("htu"), expected.url):
            refuse("dpop_invalid", "htu is not this request's URL")
        if not _about_now(claims.get("iat"), self._clock.now()):
            refuse("dpop_invalid", f"iat is not within {LEEWAY.seconds} s of the service's time")
        if expected.token is not None:
            ath = urlsafe_b64encode(sha256(expected.token.encode()).digest()).decode().rstrip("=")
            given = claims.get("ath")
            if not isinstance(given, str) or not hmac.compare_digest(given.encode(), ath.encode()):
                refuse("dpop_invalid", "ath is not the hash of this request's token")
        return jti


def jti_once(kind: str, who: str, jti: str, expires_at: datetime) -> Once:
    """A jti as a value that is good once for ``who``."""
    digest = sha256(f"{kind}|{who}|{jti}".encode("utf-8", "surrogatepass")).digest()
    return Once(digest, expires_at, "jti_used")


def _key_of(jwk: Any) -> tuple[ECKey, str]:
    if not isinstance(jwk, dict) or set(jwk) != _JWK_MEMBERS or jwk["kty"] != "EC" or jwk["crv"] != "P-256":
        refuse("dpop_invalid", "jwk must be a public P-256 key: kty, crv, x and y")
    if not isinstance(jwk["x"], str) or not isinstance(jwk["y"], str):
        refuse("dpop_invalid", "jwk must be a public P-256 key: kty, crv, x and y")
    found = _imported(jwk["x"], jwk["y"])
    if found is None:
        refuse("dpop_invalid", "jwk is no point of P-256")
    return found


@lru_cache(maxsize=4096)
def _imported(x: str, y: str) -> tuple[ECKey, str] | None:
    """Key and RFC 7638 thumbprint; a box asks with the same key for years, and importing costs half a check."""
    try:
        key = ECKey.import_key({"kty": "EC", "crv": "P-256", "x": x, "y": y})
        return key, key.thumbprint()
    except (JoseError, ValueError, TypeError):
        return None


def _about_now(iat: Any, now: datetime) -> bool:
    if isinstance(iat, bool) or not isinstance(iat, int | float):
        return False
    # compared, not subtracted: a number of a thousand digits overflows no comparison
    return (now - LEEWAY).timestamp() <= iat <= (now + LEEWAY).timestamp()


def _same_url(htu: Any, url: str) -> bool:
    """RFC 9449 section 4.3: without query and fragment, scheme and host in any case (RFC 3986 section 6.2.2)."""
    if htu == url:
        return True
    if not isinstance(htu, str):
        return False
    try:
        parts = urlsplit(htu)
    except ValueError:
        return False
    return f"{parts.scheme.lower()}://{parts.netloc.lower()}{parts.path}" == url
