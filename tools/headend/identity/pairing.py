"""Pairing codes: made at random, kept as HMAC alone (contracts.md, Account API: codes are in no table)."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Callable, Sequence
from hashlib import sha256

from tools.headend.domain.rooms import CODE_ALPHABET, CODE_LENGTH


class PairingCodes:
    """``key``: the service's own for this purpose. 20 letters, 8 of them: 34 bits, good for minutes."""

    def __init__(self, key: bytes, choice: Callable[[Sequence[str]], str] = secrets.choice) -> None:
        self._key = key
        self._choice = choice

    def new(self) -> str:
        return "".join(self._choice(CODE_ALPHABET) for _ in range(CODE_LENGTH))

    def digest(self, code: str) -> bytes:
        """By which a code is found again; a code as ``domain.rooms.typed_code`` gives it."""
        return hmac.digest(self._key, code.encode("ascii"), sha256)
