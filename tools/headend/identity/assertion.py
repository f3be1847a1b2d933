"""The box's assertion (RFC 7523; contracts.md, Silent sign-in, step 3), checked without any HTTP library."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from tools.headend.identity.jose import ALGORITHM, Message
from tools.headend.identity.refusals import refuse

TYP = "stb-assertion+jwt"
LIFE = timedelta(seconds=120)
EARLY = timedelta(seconds=60)
"""How far ahead of the service's clock ``iat`` may be: rounding and the drift of a box that counts by itself."""
IDENTIFIER = re.compile(r"[A-Za-z0-9._-]{1,32}")
"""A Chip ID or card number: nothing that could stand for the ``|`` of a card proof."""
_JTI = re.compile(r"[\x21-\x7e]{1,128}")


@dataclass(frozen=True, slots=True)
class CardClaim:
    """What the box says of its card. It is a claim; the registry decides."""

    number: str
    kind: str
    proof: str | None
    certificate: str | None


@dataclass(frozen=True, slots=True)
class Assertion:
    """The claims of an assertion whose signature held."""

    chip_id: str
    nonce: str
    jti: str
    expires_at: datetime
    card: CardClaim


def claimed_chip_id(message: Message) -> str | None:
    """Whose assertion this says it is, before anything is verified; None where it cannot be a Chip ID."""
    subject = message.claims.get("sub")
    return subject if isinstance(subject, str) and IDENTIFIER.fullmatch(subject) else None


def check_assertion(message: Message, audience: str, now: datetime) -> Assertion:
    """The assertion of a message that the device key signed; Refusal assertion_invalid naming the first bad claim."""
    if not message.header_is(TYP) or message.header.get("alg") != ALGORITHM:
        refuse("assertion_invalid", f"the header must be typ {TYP} and alg {ALGORITHM}, nothing else")
    claims = message.claims
    chip_id = claims.get("sub")
    if not isinstance(chip_id, str) or claims.get("iss") != chip_id:
        refuse("assertion_invalid", "iss and sub must both be the Chip ID")
    if claims.get("aud") not in (audience, [audience]):
        refuse("assertion_invalid", "aud is not this service's origin")
    issued, expires = _instant(claims, "iat"), _instant(claims, "exp")
    if expires - issued > LIFE.total_seconds() or expires <= issued:
        refuse("assertion_invalid", f"exp must be iat + {LIFE.seconds}")
    if issued > (now + EARLY).timestamp():
        refuse("assertion_invalid", "iat is in the future")
    if expires <= now.timestamp():
        refuse("assertion_invalid", "exp has passed")
    nonce, jti = claims.get("nonce"), claims.get("jti")
    if not isinstance(nonce, str) or not 1 <= len(nonce) <= 128 or not nonce.isascii():
        refuse("assertion_invalid", "nonce is missing")
    if not isinstance(jti, str) or not _JTI.fullmatch(jti):
        refuse("assertion_invalid", "jti must be 1 to 128 visible ASCII characters")
    return Assertion(chip_id, nonce, jti, now + LIFE + EARLY, _card(claims.get("card")))


def _instant(claims: dict[str, Any], name: str) -> float:
    """NumericDate of RFC 7519; only what can be a time of this millennium."""
    value = claims.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 32503680000:
        refuse("assertion_invalid", f"{name} must be a time in seconds")
    return float(value)


def _card(card: Any) -> CardClaim:
    if not isinstance(card, dict):
        refuse("assertion_invalid", "card is missing")
    number, kind = card.get("number"), card.get("kind")
    if not isinstance(number, str) or not IDENTIFIER.fullmatch(number):
        refuse("assertion_invalid", "card.number is not a card number")
    if not isinstance(kind, str) or not IDENTIFIER.fullmatch(kind):
        refuse("assertion_invalid", "card.kind is not a kind of card")
    proof, certificate = card.get("proof"), card.get("certificate")
    for name, value in (("proof", proof), ("certificate", certificate)):
        if value is not None and not isinstance(value, str):
            refuse("assertion_invalid", f"card.{name} must be a text")
    return CardClaim(number, kind, proof or None, certificate or None)
