"""How a PIN is kept: Argon2id (RFC 9106) over HMAC(pepper, PIN); the pepper lies outside the database."""

from __future__ import annotations

import hmac
import secrets
import threading
from dataclasses import dataclass, field
from hashlib import sha256

from cryptography.exceptions import InvalidKey
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

# OWASP's second recommendation, 19 MiB and two passes: some 30 ms of one core
_MEMORY_KIB = 19 * 1024
_PASSES = 2
_LANES = 1
_AT_ONCE = 4
"""Each takes its memory for as long as it runs."""


class PinHasher:
    """Encodes and compares; thread-safe, at most four at a time."""

    def __init__(self, pepper: bytes) -> None:
        self._pepper = pepper
        self._turns = threading.BoundedSemaphore(_AT_ONCE)

    def encode(self, pin: str) -> str:
        """What is kept: a PHC string with a salt of its own."""
        kdf = Argon2id(
            salt=secrets.token_bytes(16), length=32, iterations=_PASSES, lanes=_LANES, memory_cost=_MEMORY_KIB
        )
        with self._turns:
            return kdf.derive_phc_encoded(self._peppered(pin))

    def matches(self, pin: str, encoded: str) -> bool:
        with self._turns:
            try:
                Argon2id.verify_phc_encoded(self._peppered(pin), encoded)
            except InvalidKey:
                return False
        return True

    def _peppered(self, pin: str) -> bytes:
        return hmac.digest(self._pepper, pin.encode(), sha256)


@dataclass(slots=True)
class TypedPin:
    """What a viewer typed. It is compared and encoded once, whatever repeats it: the slow part is done before the
    transaction, which locks the account, and is known when the transaction asks again."""

    hasher: PinHasher
    pin: str = field(repr=False)
    _known: dict[str, bool] = field(default_factory=dict, repr=False)
    _encoded: str = field(default="", repr=False)

    def matches(self, encoded: str) -> bool:
        if encoded not in self._known:
            self._known[encoded] = self.hasher.matches(self.pin, encoded)
        return self._known[encoded]

    def encoded(self) -> str:
        """As it is kept."""
        if not self._encoded:
            self._encoded = self.hasher.encode(self.pin)
        return self._encoded
