"""A connection that tells what goes over it, wire quirks and all, with what must not be seen left out."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from smartcard.command.redaction import Redaction
from smartcard.connection import CardConnection
from smartcard.errors import SmartCardError
from smartcard.processors import Processor
from smartcard.status_word import describe


@dataclass(frozen=True)
class Exchange:
    """One command as it went to the card, and what came back; ``sw`` is "" where ``error`` tells why none came."""

    command: str
    name: str
    data: str
    sw: str
    meaning: str
    seconds: float
    error: str | None = None


class TracingConnection(Processor):
    """Stands below the other processors, so that GET RESPONSE and repeated commands are seen."""

    def __init__(self, inner: CardConnection, report: Callable[[Exchange], None]) -> None:
        super().__init__(inner)
        self._report = report
        self._redaction = Redaction()

    def transmit(self, command: bytes) -> tuple[bytes, int]:
        began = time.perf_counter()
        try:
            data, sw = super().transmit(command)
        except SmartCardError as error:
            shown = self._redaction.show(command, b"")
            self._report(Exchange(shown.command, shown.name, "", "", "", time.perf_counter() - began, error.kind))
            raise
        seconds = time.perf_counter() - began
        shown = self._redaction.show(command, data)
        self._report(Exchange(shown.command, shown.name, shown.data, f"{sw:04X}", describe(sw), seconds))
        return data, sw
