"""A voice that remembers what it was given to say."""

from __future__ import annotations

from stb_app.speech.voice import Voice


class Listener(Voice):
    """``said`` in order; ``stops`` counts how often it had to fall silent."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self.languages: list[str] = []
        self.stops = 0
        self.closed = False

    def say(self, text: str, language: str) -> None:
        self.said.append(text)
        self.languages.append(language)

    def stop(self) -> None:
        self.stops += 1

    def close(self) -> None:
        self.closed = True

    def heard(self) -> list[str]:
        """What was said since it was asked last."""
        said, self.said = self.said, []
        return said
