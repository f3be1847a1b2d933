"""A port whose time is a number: what a line does can be tested to the microsecond, and waits for nothing."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable

from smartcard.serial.port import EVEN, TICK, Port, RateRefused

Reaction = Callable[["VirtualPort", bytes], None]


def silent(_: VirtualPort, __: bytes = b"") -> None:
    """Nothing comes."""


class VirtualPort(Port):
    """``react`` is called with what is written, and says what comes by ``send``. ``on_reset`` when the reset ends."""

    def __init__(self, react: Reaction = silent, *, echo: bool = False) -> None:
        self.now = 1000.0
        self.react = react
        self.on_reset: Callable[[VirtualPort], None] = silent
        self.echo = echo
        self.has_reset = True
        self.told: bool | None = None
        self.changes = self.errors = 0
        self.refused: set[int] = set()
        self.baud, self.parity = 9600, EVEN
        self.log: list[str] = []
        self.written: list[tuple[float, bytes]] = []
        self.held = self.closed = False
        self._coming: list[tuple[float, int]] = []

    def clock(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds

    def send(self, data: bytes, *, after: float = 0.001, every: float = 0.0001) -> None:
        """``data`` begins to come ``after`` seconds behind now and what comes already, ``every`` seconds apart."""
        begin = max(self.now, self._coming[-1][0] if self._coming else 0.0) + after
        self._coming += [(begin + index * every, byte) for index, byte in enumerate(data)]

    def configure(self, baud: int, parity: str) -> None:
        if baud in self.refused:
            raise RateRefused(f"not {baud}")
        if (baud, parity) != (self.baud, self.parity):
            self.log.append(f"{baud}{parity}")
        self.baud, self.parity = baud, parity

    def read(self, count: int) -> bytes:
        if not self.waiting():
            until = self._coming[0][0] if self._coming else self.now + TICK
            self.now = min(until, self.now + TICK)
        count = min(count, self.waiting())
        came = bytes(byte for _, byte in self._coming[:count])
        del self._coming[:count]
        return came

    def waiting(self) -> int:
        return bisect_right(self._coming, (self.now, 255))

    def write(self, data: bytes) -> None:
        self.written.append((self.now, data))
        if self.echo:
            self.send(data, after=0)
        if not self.held:
            self.react(self, data)

    def hold_reset(self, held: bool) -> bool:
        if not self.has_reset:
            return False
        self.log.append("reset" if held else "go")
        self.held = held
        if not held:
            self.on_reset(self)
        return True

    def reopen(self) -> None:
        self.log.append("reopen")
        self.on_reset(self)

    def card_in(self) -> bool | None:
        return self.told

    def card_changes(self) -> int:
        return self.changes

    def parity_errors(self) -> int:
        return self.errors

    def close(self) -> None:
        self.closed = True
