"""Something entered that no log, dump or message may show by accident: a PIN, a one-time code."""

from __future__ import annotations


class Secret:
    """Holds a text; ``repr`` and ``str`` hide it, ``reveal`` gives it to the one call that sends it."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        return self._text

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._text == self._text

    def __hash__(self) -> int:
        return hash(self._text)

    def __repr__(self) -> str:
        return "Secret(…)"
