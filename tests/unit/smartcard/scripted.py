"""A connection whose card answers by a script."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from smartcard.atr import ATR
from smartcard.connection import CardConnection

Answers = Callable[[bytes], tuple[bytes, int]]


class ScriptedConnection(CardConnection):
    """Answers from a function of the command, or from a list in its order; keeps what it was sent."""

    def __init__(
        self, answers: Answers | Iterable[tuple[bytes, int]], *, atr: bytes = b"\x3b\x00", protocol: int = 0
    ) -> None:
        self.atr = ATR.parse(atr)
        self.protocol = protocol
        self.generation = 1
        self.sent: list[bytes] = []
        self.closed = False
        self.resets = 0
        self._answers = answers if callable(answers) else _in_order(answers)

    def transmit(self, command: bytes) -> tuple[bytes, int]:
        self.sent.append(command)
        return self._answers(command)

    def reset(self) -> None:
        self.resets += 1

    def close(self) -> None:
        self.closed = True


def _in_order(answers: Iterable[tuple[bytes, int]]) -> Answers:
    left = iter(answers)
    return lambda _: next(left)
