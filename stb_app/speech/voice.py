"""What says a text aloud: a port, and the voice that only writes down what it would say."""

from __future__ import annotations

import logging
from abc import ABC, abstractmethod
from typing import TextIO

logger = logging.getLogger(__name__)


class Voice(ABC):
    """No call waits for anything: they come on the UI loop. A text takes the word from the one before it."""

    @abstractmethod
    def say(self, text: str, language: str) -> None:
        """Say ``text``, ready to be read, in ``language``; not the rest of what was being said."""

    @abstractmethod
    def stop(self) -> None:
        """Say nothing more of what is being said."""

    def close(self) -> None:  # noqa: B027 - not all hold something
        """The app ends; nothing may be left behind."""


class LogVoice(Voice):
    """A line for each text, for whoever develops or tests without ears: it may be private, and goes there alone."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def say(self, text: str, language: str) -> None:
        try:
            self._stream.write(f"{language}: {text}\n")
            self._stream.flush()
        except OSError as error:
            # Who read it has gone: that is no reason to end
            logger.info("nobody reads what is said any more: %s", error.strerror)

    def stop(self) -> None:
        """A line that is written is written."""
