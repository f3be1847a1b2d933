"""What every command of the tool is given, and the way it talks to the person or program that asked."""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from smartcard.connection import CardConnection
from smartcard.reader import CardReader
from smartcard.readers import open_reader

PATIENCE = 2.0
"""Seconds after which a person is told what is being waited for."""


class UsageError(Exception):
    """What was asked for makes no sense: one line, exit 2."""


@dataclass(frozen=True)
class Tool:
    """One way to start the card tool; ``open`` raises ValueError for a specification that names no reader."""

    program: str = "stb-card"
    open: Callable[[str], CardReader] = open_reader
    readers: str = ""
    """Help on the readers that only this tool has."""

    def say(self, *lines: str) -> None:
        """Lines for people, on stdout."""
        sys.stdout.write("".join(f"{line}\n" for line in lines))
        sys.stdout.flush()

    def document(self, document: object) -> None:
        """One JSON document, on one line of stdout."""
        self.say(json.dumps(document, ensure_ascii=False))

    def note(self, line: str) -> None:
        """One line on stderr."""
        sys.stderr.write(f"{self.program}: {line}\n")
        sys.stderr.flush()

    @contextmanager
    def patience(self, what: str) -> Iterator[None]:
        """Tell after two seconds what takes so long."""
        timer = threading.Timer(PATIENCE, self.note, (f"{what}...",))
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()

    @contextmanager
    def connected(self, spec: str) -> Iterator[tuple[CardReader, CardConnection]]:
        """The reader and the card in it. UsageError for no specification; SmartCardError as ``CardReader.connect``."""
        try:
            reader = self.open(spec)
        except ValueError as error:
            raise UsageError(str(error)) from None
        with reader:
            with self.patience(f"waiting for {spec}"):
                connection = reader.connect()
            with connection:
                yield reader, connection


def read_hex(text: str) -> bytes:
    """The bytes of ``text``: hex digits, with spaces, colons or dashes between bytes. ValueError with the place."""
    return bytes.fromhex(text.replace(":", " ").replace("-", " "))


def spaced(data: bytes) -> str:
    """Upper-case hex in pairs, as people read it."""
    return data.hex(" ").upper()


def failure_document(error: Exception) -> dict[str, object]:
    """``{"kind", "message"}``, with ``offset`` where the error has one."""
    document: dict[str, object] = {"kind": getattr(error, "kind", "smartcard")}
    offset = getattr(error, "offset", None)
    if offset is not None:
        document["offset"] = offset
    return document | {"message": str(error)}
