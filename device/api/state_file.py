"""The one writer of state on flash: versioned JSON that is either the old or the new one, whatever is pulled.

Write: temporary file, fsync, the old one kept as ``.last``, rename, fsync of the folder; nothing is written when
nothing changed. Read: a broken file is set aside as ``.broken`` and the last good one is used; a file of a newer
version (after a roll-back of the software) is kept beside as ``.vN`` and never eaten.
"""

from __future__ import annotations

import json
import logging
import os
from pathlib import Path
from typing import Any

logger = logging.getLogger(__name__)


class StateFile:
    """One JSON object at ``path``. Not for several writers at once: its owner holds the service's lock."""

    def __init__(self, path: Path, version: int, mode: int = 0o600) -> None:
        self.path = path
        self._version = version
        self._mode = mode
        self._written: bytes | None = None

    @property
    def _last(self) -> Path:
        return self.path.with_name(self.path.name + ".last")

    def read(self) -> dict[str, Any] | None:
        """What was written last, or None where there is nothing that can be used."""
        for candidate in (self.path, self._last):
            data = self._load(candidate)
            if data is not None:
                return data
        return None

    def _load(self, path: Path) -> dict[str, Any] | None:
        try:
            raw = path.read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            logger.error("%s cannot be read: %s; going on without it", path, error.strerror)
            return None
        try:
            document = json.loads(raw)
            version, data = document["version"], document["data"]
            if not isinstance(version, int) or not isinstance(data, dict):
                raise TypeError
        except (ValueError, TypeError, KeyError, RecursionError):
            self._set_aside(path, ".broken", "is broken")
            return None
        if version != self._version:
            self._set_aside(path, f".v{version}", f"is of version {version}, this software writes {self._version}")
            return None
        if path == self.path:
            self._written = raw
        return data

    def _set_aside(self, path: Path, suffix: str, why: str) -> None:
        aside = self.path.with_name(self.path.name + suffix)
        try:
            path.replace(aside)
            logger.warning("%s %s: set aside as %s", path, why, aside.name)
        except OSError as error:
            logger.warning("%s %s, and cannot be set aside: %s", path, why, error.strerror)

    def write(self, data: dict[str, Any]) -> None:
        """Make ``data`` the state; returns when it is on the disk. OSError where the disk refuses (full, read-only)."""
        raw = json.dumps(
            {"version": self._version, "data": data}, ensure_ascii=False, separators=(",", ":"), sort_keys=True
        ).encode()
        if raw == self._written:
            return
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        temporary = self.path.with_name(f".{self.path.name}.new")
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, self._mode)
        try:
            try:
                view = memoryview(raw)
                while view:
                    view = view[os.write(descriptor, view) :]
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
            self._keep_last()
            temporary.replace(self.path)
        except OSError:
            temporary.unlink(missing_ok=True)
            raise
        self._sync_folder()
        self._written = raw

    def remove(self) -> None:
        """Forget the state, the last good one too."""
        self.path.unlink(missing_ok=True)
        self._last.unlink(missing_ok=True)
        self._written = None
        self._sync_folder()

    def _keep_last(self) -> None:
        if self.path.exists():
            link = self.path.with_name(f".{self.path.name}.link")
            link.unlink(missing_ok=True)
            link.hardlink_to(self.path)
            link.replace(self._last)

    def _sync_folder(self) -> None:
        descriptor = os.open(self.path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
