"""Watches the slot on a thread of its own, beside whatever is done with the card, and tells at once what changed."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from smartcard.errors import ReaderError
from smartcard.reader import CardReader, ReaderState

logger = logging.getLogger(__name__)

WAIT_SECONDS = 5.0
RETRY_SECONDS = 1.0
"""A reader that is gone is looked for this often."""


class CardWatcher:
    """``on_slot(present, generation)`` and ``on_failure(reason)`` are called on the watcher's thread, each
    only when something changed."""

    def __init__(
        self, reader: CardReader, on_slot: Callable[[bool, int], None], on_failure: Callable[[str], None]
    ) -> None:
        self._reader = reader
        self._on_slot = on_slot
        self._on_failure = on_failure
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="card-watcher", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """The reader is closed by whoever opened it, which ends a wait; nothing is told any more."""
        self._stopping.set()

    def _watch(self) -> None:
        seen: ReaderState | None = None
        failed = False
        while not self._stopping.is_set():
            try:
                state = self._reader.state() if seen is None else self._wait(seen)
            except ReaderError as error:
                seen = None
                if not failed and not self._stopping.is_set():
                    failed = True
                    logger.warning("the card reader fails: %s", error.message)
                    self._on_failure(error.kind)
                self._stopping.wait(RETRY_SECONDS)
                continue
            if failed:
                failed = False
                logger.info("the card reader works again")
            if state != seen and not self._stopping.is_set():
                seen = state
                self._on_slot(state.present, state.generation)

    def _wait(self, seen: ReaderState) -> ReaderState:
        return self._reader.wait_for_change(seen.generation, WAIT_SECONDS)
