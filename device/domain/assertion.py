"""What the box signs: the claims of the assertion (RFC 7523) and of a DPoP proof (RFC 9449, 4.2)."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

from device.ports.card import CardEvidence

ASSERTION_TYPE = "stb-assertion+jwt"
DPOP_TYPE = "dpop+jwt"
ASSERTION_LIFE_S = 120


def assertion_claims(
    *, chip_id: str, audience: str, issued_at: float, nonce: str, jti: str, card: CardEvidence
) -> dict[str, Any]:
    """Contracts.md, "Silent sign-in", 3. ``issued_at``: the service's time, seconds since the epoch."""
    shown: dict[str, Any] = {"number": card.number, "kind": card.kind}
    if card.proof is not None:
        shown["proof"] = base64url(card.proof)
    if card.certificate is not None:
        shown["certificate"] = base64.b64encode(card.certificate).decode("ascii")
    return {
        "iss": chip_id,
        "sub": chip_id,
        "aud": audience,
        "iat": int(issued_at),
        "exp": int(issued_at) + ASSERTION_LIFE_S,
        "nonce": nonce,
        "jti": jti,
        "card": shown,
    }


def dpop_claims(
    *, method: str, url: str, issued_at: float, jti: str, nonce: str | None, token: str | None
) -> dict[str, Any]:
    """``url`` without query and fragment; ``token`` is bound by its hash where there is one already."""
    claims: dict[str, Any] = {"htm": method, "htu": url, "iat": int(issued_at), "jti": jti}
    if nonce is not None:
        claims["nonce"] = nonce
    if token is not None:
        claims["ath"] = base64url(hashlib.sha256(token.encode("ascii")).digest())
    return claims


def base64url(data: bytes) -> str:
    """RFC 4648, 5, without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")
