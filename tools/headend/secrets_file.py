"""The service's own secret, beside the database and never in it: HMAC keys are derived from it."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from device.api.errors import ConfigError

_BYTES = 32


class ServiceSecret:
    """32 random bytes in ``path`` (mode 0600), made at first use; processes that start together agree on one."""

    def __init__(self, path: Path) -> None:
        self._secret = _read_or_make(path)

    def key(self, purpose: str) -> bytes:
        """A key of its own for each purpose (HKDF, RFC 5869)."""
        return HKDF(hashes.SHA256(), 32, salt=None, info=f"stb-headend|{purpose}".encode()).derive(self._secret)


def _read_or_make(path: Path) -> bytes:
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not path.exists():
            _make(path)
        secret = path.read_bytes()
    except OSError as error:
        raise ConfigError(f"{path}: cannot be used: {error.strerror}") from None
    if len(secret) != _BYTES:
        raise ConfigError(f"{path}: expected {_BYTES} bytes, found {len(secret)}", remedy="remove it; it is made anew")
    return secret


def _make(path: Path) -> None:
    """Write aside, then link: whoever links first wins, and nobody ever reads half a secret."""
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(secrets.token_bytes(_BYTES))
            file.flush()
            os.fsync(file.fileno())
        try:
            path.hardlink_to(temporary)
        except FileExistsError:
            return
    finally:
        temporary.unlink(missing_ok=True)
