"""What the account service said last, kept on flash by card, so that the screen has something true offline."""

from __future__ import annotations

import json
import logging
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from device.api.state_file import StateFile
from device.domain.times import parse_rfc3339

logger = logging.getLogger(__name__)

VERSION = 1
MAX_BYTES = 512 * 1024
"""Of all answers kept for one card."""
MAX_CARDS = 4
REWRITE_AFTER_S = 600.0
"""An answer that says the same again is written only when what lies on flash is older: flash wears."""


@dataclass(frozen=True)
class Known:
    """``as_of``: RFC 3339, when it was true by the service's time."""

    body: Any = field(repr=False)
    as_of: str


class LastKnown:
    """One file a card below ``folder``. Any thread may call; every method may touch the disk."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._cards: dict[str, _Card] = {}
        self._failing = False

    def put(self, owner: str, request: str, known: Known) -> None:
        """Keep the answer to ``request``; what cannot be written is kept until the restart, and said once."""
        with self._lock:
            try:
                if self._card(owner).put(request, known):
                    self._remove_oldest_cards(owner)
                self._failing = False
            except OSError as error:
                if not self._failing:
                    logger.error(
                        "%s: last known answers cannot be kept: %s; there will be none after a restart offline",
                        self._folder,
                        error.strerror,
                    )
                self._failing = True

    def get(self, owner: str, request: str) -> Known | None:
        with self._lock:
            return self._card(owner).answers.get(request)

    def _card(self, owner: str) -> _Card:
        name = owner[:32]
        if name not in self._cards:
            self._cards[name] = _Card(StateFile(self._folder / f"{name}.json", VERSION))
        return self._cards[name]

    def _remove_oldest_cards(self, owner: str) -> None:
        files = sorted(self._folder.glob("*.json"), key=lambda file: file.stat().st_mtime, reverse=True)
        for file in files[MAX_CARDS:]:
            if file.stem != owner[:32]:
                StateFile(file, VERSION).remove()
                self._cards.pop(file.stem, None)


class _Card:
    """The answers of one card, as they are and as they lie on flash."""

    def __init__(self, file: StateFile) -> None:
        self._file = file
        self.answers = _answers(file.read() or {})
        self._written = dict(self.answers)

    def put(self, request: str, known: Known) -> bool:
        """True where the file was written."""
        if _size(request, known) > MAX_BYTES // 4:
            return False
        self.answers.pop(request, None)
        self.answers[request] = known  # the newest last
        while sum(_size(*each) for each in self.answers.items()) > MAX_BYTES:
            self.answers.pop(next(iter(self.answers)))
        before = self._written.get(request)
        if before is not None and before.body == known.body and _seconds(before, known) < REWRITE_AFTER_S:
            return False
        self._file.write({key: {"body": each.body, "as_of": each.as_of} for key, each in self.answers.items()})
        self._written = dict(self.answers)
        return True


def _answers(data: dict[str, Any]) -> dict[str, Known]:
    """What a file holds, oldest first; members of another shape are left out."""
    answers = {}
    for key, each in data.items():
        match each:
            case {"body": body, "as_of": str(as_of)} if _moment(as_of) is not None:
                answers[key] = Known(body, as_of)
    return dict(sorted(answers.items(), key=lambda item: item[1].as_of))


def _moment(text: str) -> float | None:
    try:
        return parse_rfc3339(text)
    except ValueError:
        return None


def _seconds(before: Known, after: Known) -> float:
    return abs(parse_rfc3339(after.as_of) - parse_rfc3339(before.as_of))


def _size(request: str, known: Known) -> int:
    return len(json.dumps(known.body, ensure_ascii=False).encode("utf-8", "surrogatepass")) + len(request) + 64
