"""Compact JWS over ES256 (RFC 7515, RFC 7518 section 3.4), verified by joserfc; headers are judged by the caller.

joserfc refuses unknown headers before it looks at the signature. Here the order is the other way round: who cannot
sign learns nothing but that, so the signature comes first and the header after it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey
from joserfc.registry import Header

ALGORITHM = "ES256"
MAX_BYTES = 8192


class Malformed(ValueError):
    """Not a compact JWS with a JSON object inside."""


class _SignatureFirst(jws.JWSRegistry):
    max_header_length = 2048
    max_payload_length = MAX_BYTES

    def check_header(self, header: Header) -> None:
        """Left to ``header_is``, after the signature held."""


_REGISTRY = _SignatureFirst(algorithms=[ALGORITHM])


@dataclass(frozen=True, slots=True)
class Message:
    """A JWS taken apart, not verified yet."""

    header: dict[str, Any]
    claims: dict[str, Any]
    compact: jws.CompactSignature

    def signed_by(self, key: ECKey) -> bool:
        """Whether the signature holds under ``key``; any alg but ES256 does not."""
        try:
            return jws.validate_compact(self.compact, key, [ALGORITHM], _REGISTRY)
        except (JoseError, ValueError, TypeError):
            return False

    def header_is(self, typ: str, *more: str) -> bool:
        """Exactly typ, alg and ``more``: no crit, no other header (contracts.md: any other is refused)."""
        return self.header.get("typ") == typ and set(self.header) == {"typ", "alg", *more}


def parse(token: str) -> Message:
    """Take ``token`` apart; Malformed where it is not what it should be."""
    if len(token) > MAX_BYTES or not token.isascii():
        raise Malformed("not a compact JWS")
    try:
        compact = jws.extract_compact(token.encode(), None, _REGISTRY)
        header, claims = compact.headers(), json.loads(compact.payload)
    except (JoseError, ValueError, TypeError, RecursionError):
        raise Malformed("not a compact JWS") from None
    # RFC 7797 (b64) changes what is signed; nothing of ours uses it
    if not isinstance(header, dict) or not isinstance(claims, dict) or "b64" in header:
        raise Malformed("not a compact JWS of a JSON object")
    return Message(header, claims, compact)
