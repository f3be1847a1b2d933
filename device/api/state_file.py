"""The one writer of state on flash: versioned JSON that is either the old or the new one, whatever is pulled.

Write: temporary file, fsync, the old one kept as ``.last``, rename, fsync of the folder; nothing is written when
nothing changed. Read: a broken file is set aside as ``.broken`` and the last good one is used; a file of another
version (after a roll-back of the software) is kept beside as ``.vN`` and never eaten.
"""

from __future__ import annotations

import contextlib
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
        self._looked = False

    @property
    def _last(self) -> Path:
        return self.path.with_name(self.path.name + ".last")

    @property
    def _temporary(self) -> Path:
        return self.path.with_name(f".{self.path.name}.new")

    @property
    def _link(self) -> Path:
        return self.path.with_name(f".{self.path.name}.link")

    def read(self) -> dict[str, Any] | None:
        """What was written last, or None where there is nothing that can be used."""
        self._looked = True
        self._written = None
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
        aside = path.with_name(path.name + suffix)  # of ``.last`` too: it must not overwrite what is newer
        try:
            path.replace(aside)
            logger.warning("%s %s: set aside as %s", path, why, aside.name)
        except OSError as error:
            logger.warning("%s %s, and cannot be set aside: %s", path, why, error.strerror)

    def write(self, data: dict[str, Any]) -> None:
        """Make ``data`` the state; returns when it is on the disk. OSError where the disk refuses (full, read-only)."""
        document = {"version": self._version, "data": data}
        text = json.dumps(document, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
        raw = text.encode("utf-8", "surrogatepass")  # json.loads reads them back, and peers may send half of a pair
        if not self._looked:
            self.read()
        if raw == self._written:
            return
        self._written = None  # whatever fails below, nobody knows what is on the disk then
        self._make_folder()
        temporary = self._temporary
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, self._mode)
        try:
            try:
                os.fchmod(descriptor, self._mode)
                view = memoryview(raw)
                while view:
                    view = view[os.write(descriptor, view) :]
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
            self._keep_last()
            temporary.replace(self.path)
        except OSError:
            self._tidy()
            raise
        _sync(self.path.parent)
        self._written = raw

    def remove(self) -> None:
        """Forget the state, the last good one too (first, so that half-way it is not read as the state)."""
        self._written = None
        for each in (self._last, self._temporary, self._link, self.path):
            each.unlink(missing_ok=True)
        if self.path.parent.is_dir():
            _sync(self.path.parent)

    def _keep_last(self) -> None:
        if self.path.exists():
            self._link.unlink(missing_ok=True)
            self._link.hardlink_to(self.path)
            self._link.replace(self._last)
            self._link.unlink(missing_ok=True)  # rename(2) leaves it where both are the same file already

    def _make_folder(self) -> None:
        if self.path.parent.is_dir():
            return
        missing = [each for each in (self.path.parent, *self.path.parent.parents) if not each.exists()]
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        for each in reversed(missing):
            _sync(each.parent)

    def _tidy(self) -> None:
        """What a failed write leaves; a disk that refuses even this has said what is wrong already."""
        with contextlib.suppress(OSError):
            self._temporary.unlink(missing_ok=True)
            self._link.unlink(missing_ok=True)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
