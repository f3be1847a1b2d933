"""Changes sent, or about to be sent, whose answer is not known: on flash before the first byte goes out.

After a restart or a lost answer they are sent again with the same key, which has one effect at the service
(contracts.md, "Account API"). Secrets of a body are not written; such a change is shown and finished by the app.
"""

from __future__ import annotations

import logging
import threading
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from device.api.errors import ApiError
from device.api.redaction import redact
from device.api.state_file import StateFile
from device.domain.times import parse_rfc3339
from device.ports.account_service import AccountRequest

logger = logging.getLogger(__name__)

VERSION = 1
MAX_ENTRIES = 100
RESEND_WITHIN_S = 23 * 3600.0
"""The service keeps keys for 24 h; later the same key could have a second effect, so nothing is sent by itself."""
FORGET_AFTER_S = 30 * 86400.0


class JournalUnavailable(ApiError):
    """A change cannot be written down, so it is not sent."""

    code = "journal_unavailable"


@dataclass(frozen=True)
class Entry:
    """``owner``: whose card (device.ports.card); ``since``: RFC 3339; ``whole``: nothing was left out of the body."""

    key: str
    owner: str = field(repr=False)
    method: str
    path: str
    query: dict[str, str]
    body: Any = field(repr=False)
    whole: bool
    since: str

    def to_json(self) -> dict[str, Any]:
        """An item of account.pending."""
        return {
            "idempotency_key": self.key,
            "method": self.method,
            "path": self.path,
            "body": self.body,
            "since": self.since,
        }

    def request(self) -> AccountRequest:
        return AccountRequest(self.method, self.path, self.query, self.body, self.key)


class Journal:
    """Any thread may call; every method may touch the disk."""

    def __init__(self, file: StateFile) -> None:
        self._file = file
        self._lock = threading.Lock()
        self._entries: dict[str, Entry] | None = None
        self._failing = False

    def add(self, owner: str, request: AccountRequest, key: str, since: str) -> None:
        """Write a change down before it is sent; the same again changes nothing. JournalUnavailable; ApiError
        ``key_reused`` where the key stands for another change."""
        body = redact(request.body)
        entry = Entry(key, owner, request.method, request.path, request.query, body, body == request.body, since)
        with self._lock:
            entries = self._loaded()
            known = entries.get(key)
            if known is not None:
                if (known.owner, known.method, known.path, known.body) == (owner, entry.method, entry.path, entry.body):
                    return
                raise ApiError("this idempotency key stands for another change", code="key_reused")
            if len(entries) >= MAX_ENTRIES:
                raise JournalUnavailable(f"{MAX_ENTRIES} changes are unfinished already", remedy="wait until they are")
            try:
                self._write({**entries, key: entry})
            except OSError as error:
                raise JournalUnavailable(
                    f"the change cannot be written down, so it was not sent: {error.strerror}",
                    remedy="the box's memory is full or read-only",
                ) from None

    def remove(self, key: str) -> None:
        """The answer is known."""
        with self._lock:
            entries = self._loaded()
            if key not in entries:
                return
            rest = {each: entry for each, entry in entries.items() if each != key}
            try:
                self._write(rest)
                self._failing = False
            except OSError as error:
                # after a restart it is sent once more with the same key, which has no second effect
                self._entries = rest
                if not self._failing:
                    logger.error("a finished change cannot be struck out: %s", error.strerror)
                self._failing = True

    def of(self, owner: str) -> list[Entry]:
        """The changes of one card, oldest first."""
        with self._lock:
            return [entry for entry in self._loaded().values() if entry.owner == owner]

    def forget_before(self, now: float) -> None:
        """Strike out what is so old that nobody waits for it (30 days by the service's time ``now``)."""
        with self._lock:
            old = [key for key, entry in self._loaded().items() if now - parse_rfc3339(entry.since) > FORGET_AFTER_S]
        for key in old:
            logger.warning("a change whose answer never came is forgotten after 30 days")
            self.remove(key)

    def _loaded(self) -> dict[str, Entry]:
        if self._entries is None:
            document = self._file.read() or {}
            listed = document.get("entries")
            entries = [_entry(each) for each in listed] if isinstance(listed, list) else []
            self._entries = {entry.key: entry for entry in entries if entry is not None}
        return self._entries

    def _write(self, entries: dict[str, Entry]) -> None:
        self._file.write({"entries": [asdict(entry) for entry in entries.values()]})
        self._entries = entries


def may_be_resent(entry: Entry, now: float) -> bool:
    """Whole, and young enough at the service's time ``now`` that its key is still known there."""
    return entry.whole and now - parse_rfc3339(entry.since) < RESEND_WITHIN_S


def _entry(document: Any) -> Entry | None:
    """An entry as it was written; None for another shape."""
    if not isinstance(document, dict) or set(document) != {each.name for each in fields(Entry)}:
        return None
    texts = (document["key"], document["owner"], document["method"], document["path"], document["since"])
    if not all(isinstance(each, str) for each in texts) or not isinstance(document["query"], dict):
        return None
    try:
        parse_rfc3339(document["since"])
    except ValueError:
        return None
    return Entry(**document)
