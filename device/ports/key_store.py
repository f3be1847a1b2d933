"""The enrolled device key (P-256), wherever it is kept; the key itself never comes out."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

from device.api.errors import ApiError


class KeyUnusable(ApiError):
    """The device key is missing, broken, of another kind, or open to others."""

    code = "key_unusable"


class KeyStore(ABC):
    """Every method may touch files or hardware: not for the event loop. KeyUnusable where the key cannot be used."""

    label: str
    """What kind of store this is, for people: ``file`` is the weakest."""

    @abstractmethod
    def thumbprint(self) -> str:
        """The key's RFC 7638 SHA-256 thumbprint, base64url without padding."""

    @abstractmethod
    def sign_jwt(self, typ: str, claims: dict[str, Any], *, show_key: bool) -> str:
        """``claims`` as a compact JWS (RFC 7515, ES256) of type ``typ``; ``show_key`` puts the public jwk into its
        header, as DPoP wants it (RFC 9449, 4.2)."""
