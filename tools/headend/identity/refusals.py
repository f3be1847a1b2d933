"""Why somebody is refused: the codes of contracts.md, Silent sign-in, with OAuth's ``error`` beside them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NoReturn

from device.api.errors import ApiError


@dataclass(frozen=True, slots=True)
class Kind:
    """``error``: OAuth's name for it (RFC 6749 section 5.2, RFC 9449, RFC 9470); ``title`` is the same for all."""

    status: int
    error: str
    title: str


KINDS: Mapping[str, Kind] = {
    "box_unknown": Kind(401, "invalid_client", "The box is not registered, or did not prove that it is the one"),
    "box_revoked": Kind(401, "invalid_client", "The box was taken out of service"),
    "box_unpaired": Kind(401, "invalid_client", "The box belongs to no account yet"),
    "assertion_invalid": Kind(401, "invalid_grant", "The assertion cannot be accepted"),
    "jti_used": Kind(401, "invalid_grant", "This message was sent before"),
    "nonce_unknown": Kind(401, "invalid_grant", "The nonce is not one of this service for this box"),
    "nonce_used": Kind(401, "invalid_grant", "The nonce was used before"),
    "nonce_expired": Kind(401, "invalid_grant", "The nonce has expired"),
    "dpop_invalid": Kind(401, "invalid_dpop_proof", "The DPoP proof cannot be accepted"),
    "dpop_key_mismatch": Kind(401, "invalid_dpop_proof", "The DPoP proof was made with another key"),
    "use_dpop_nonce": Kind(401, "use_dpop_nonce", "The DPoP proof needs the service's current nonce"),
    "card_proof_required": Kind(401, "invalid_grant", "The card must prove itself"),
    "card_proof_invalid": Kind(401, "invalid_grant", "The card's proof does not hold"),
    "card_certificate_invalid": Kind(401, "invalid_grant", "The card's certificate cannot be accepted"),
    "card_revoked": Kind(401, "invalid_grant", "The card was taken out of service"),
    "card_other_box": Kind(401, "invalid_grant", "The card belongs to another box"),
    "token_invalid": Kind(401, "invalid_token", "The session is not known or has ended"),
    "acr_insufficient": Kind(403, "insufficient_scope", "A card that proves nothing may not do this"),
    "insufficient_user_authentication": Kind(401, "insufficient_user_authentication", "This needs the account's PIN"),
    "rate_limited": Kind(429, "temporarily_unavailable", "Too many failures"),
}


class Refusal(ApiError):
    """Nobody gets in; ``code`` is a key of KINDS, ``message`` says what exactly, to who holds the key already."""

    def __init__(self, code: str, message: str = "", *, retry_after: float | None = None) -> None:
        super().__init__(message or KINDS[code].title, code=code, retry_after=retry_after)

    @property
    def kind(self) -> Kind:
        return KINDS[self.code]


def refuse(code: str, message: str = "") -> NoReturn:
    """Raise the refusal ``code``."""
    raise Refusal(code, message)
