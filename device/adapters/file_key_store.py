"""The device key in a file: the labelled fallback where the box has no hardware for it. joserfc signs."""

from __future__ import annotations

import os
import stat
import threading
from pathlib import Path
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

from device.ports.key_store import KeyStore, KeyUnusable

_MAX_BYTES = 16 * 1024
_ALGORITHM = "ES256"


class FileKeyStore(KeyStore):
    """PEM, P-256, mode 0600 or less. Read at first use, and again until it can be used."""

    label = "file"

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._loaded: ECKey | None = None

    def thumbprint(self) -> str:
        return self._key().thumbprint()

    def sign_jwt(self, typ: str, claims: dict[str, Any], *, show_key: bool) -> str:
        key = self._key()
        header: dict[str, Any] = {"typ": typ, "alg": _ALGORITHM}
        if show_key:
            header["jwk"] = key.as_dict(private=False)
        return jwt.encode(header, claims, key, algorithms=[_ALGORITHM])

    def _key(self) -> ECKey:
        with self._lock:
            if self._loaded is None:
                self._loaded = self._load()
            return self._loaded

    def _load(self) -> ECKey:
        pem = self._read()
        try:
            key = ECKey.import_key(pem)
        except (JoseError, ValueError, TypeError):
            raise KeyUnusable(f"{self._path}: not a private key in PEM") from None
        if key.curve_name != "P-256" or not key.is_private:
            raise KeyUnusable(f"{self._path}: not a private P-256 key", remedy="enrol the box again")
        return key

    def _read(self) -> bytes:
        try:
            descriptor = os.open(self._path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
            with os.fdopen(descriptor, "rb") as file:
                status = os.fstat(descriptor)
                if not stat.S_ISREG(status.st_mode):
                    raise KeyUnusable(f"{self._path}: not a file")
                if status.st_mode & 0o077:
                    raise KeyUnusable(
                        f"{self._path}: the device key is open to others (mode {stat.S_IMODE(status.st_mode):04o})",
                        remedy=f"chmod 600 {self._path}",
                    )
                return file.read(_MAX_BYTES)
        except OSError as error:
            raise KeyUnusable(f"{self._path}: the device key cannot be read: {error.strerror}") from None
