"""Nonces without a table: the service recognises its own by HMAC, and keeps only those that were used up.

The nonce of a challenge is bound to one Chip ID and lives 120 s. The nonce of DPoP (RFC 9449 section 8) is the same
for everybody, changes every 5 min, and the one before is still taken.
"""

from __future__ import annotations

import hmac
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from hashlib import sha256

from tools.headend.clock import Clock
from tools.headend.identity.refusals import refuse

CHALLENGE_LIFE = timedelta(seconds=120)
DPOP_WINDOW_S = 300
_RANDOM = 16
_TIME = 8
_MAC = 16


class ChallengeNonces:
    """Makes and recognises the nonces of ``POST /v1/device/challenge``."""

    def __init__(self, key: bytes, clock: Clock, random: Callable[[int], bytes] = secrets.token_bytes) -> None:
        self._key = key
        self._clock = clock
        self._random = random

    def issue(self, chip_id: str) -> str:
        """A fresh nonce, 128 random bits, base64url."""
        made = int(self._clock.now().timestamp() * 1000)
        body = made.to_bytes(_TIME, "big") + self._random(_RANDOM)
        return urlsafe_b64encode(body + self._mac(chip_id, body)).decode().rstrip("=")

    def check(self, nonce: str, chip_id: str) -> datetime:
        """When ``nonce`` expires; Refusal nonce_unknown or nonce_expired."""
        raw = _decode(nonce)
        body, mac = raw[: _TIME + _RANDOM], raw[_TIME + _RANDOM :]
        if not hmac.compare_digest(mac, self._mac(chip_id, body)):
            refuse("nonce_unknown")
        expires_at = datetime.fromtimestamp(int.from_bytes(body[:_TIME], "big") / 1000, UTC) + CHALLENGE_LIFE
        if self._clock.now() >= expires_at:
            refuse("nonce_expired")
        return expires_at

    def _mac(self, chip_id: str, body: bytes) -> bytes:
        return hmac.digest(self._key, body + chip_id.encode(), sha256)[:_MAC]


class DpopNonces:
    """Makes and recognises the service's ``DPoP-Nonce``."""

    def __init__(self, key: bytes, clock: Clock) -> None:
        self._key = key
        self._clock = clock
        self._of = lru_cache(maxsize=4)(self._made)

    def current(self) -> str:
        return self._of(self._window())

    def accepts(self, nonce: object) -> bool:
        """Whether ``nonce`` is the current one or the one before."""
        if not isinstance(nonce, str) or not nonce.isascii():
            return False
        window = self._window()
        return any(hmac.compare_digest(nonce, self._of(each)) for each in (window, window - 1))

    def _window(self) -> int:
        return int(self._clock.now().timestamp()) // DPOP_WINDOW_S

    def _made(self, window: int) -> str:
        mac = hmac.digest(self._key, window.to_bytes(8, "big", signed=True), sha256)[:_MAC]
        return urlsafe_b64encode(mac).decode().rstrip("=")


def _decode(nonce: str) -> bytes:
    """The nonce's bytes; what cannot be one of ours gives bytes that no MAC fits."""
    try:
        raw = urlsafe_b64decode(nonce + "=" * (-len(nonce) % 4))
    except ValueError:
        return bytes(_TIME + _RANDOM)
    # one spelling only: otherwise a used nonce would come back as another text
    return raw if urlsafe_b64encode(raw).decode().rstrip("=") == nonce else bytes(_TIME + _RANDOM)
