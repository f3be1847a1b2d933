"""Where a card's face and a simulated reader meet: ``HOST:PORT`` or ``unix:PATH``."""

from __future__ import annotations

import socket
from dataclasses import dataclass
from pathlib import Path

VPCD_PORT = 35963
"""The port of vpcd's first reader; the second one has the next."""


@dataclass(frozen=True)
class Address:
    """A stream socket's address; exactly one of ``path`` and ``host`` is set."""

    path: Path | None = None
    host: str = ""
    port: int = 0

    @classmethod
    def parse(cls, text: str) -> Address:
        """ValueError where ``text`` is none; an IPv6 address stands in brackets."""
        if text.startswith("unix:"):
            if not text[5:]:
                raise ValueError("unix: needs a path")
            return cls(path=Path(text[5:]))
        host, colon, port = text.rpartition(":")
        if not colon or not host or not port.isdecimal() or not 0 <= int(port) <= 65535:
            raise ValueError(f"'{text}' is no address; HOST:PORT or unix:PATH is")
        return cls(host=host.removeprefix("[").removesuffix("]"), port=int(port))

    @property
    def family(self) -> socket.AddressFamily:
        if self.path is not None:
            return socket.AF_UNIX
        return socket.AF_INET6 if ":" in self.host else socket.AF_INET

    @property
    def target(self) -> str | tuple[str, int]:
        """As ``socket.connect`` and ``bind`` take it."""
        return str(self.path) if self.path is not None else (self.host, self.port)

    def __str__(self) -> str:
        if self.path is not None:
            return f"unix:{self.path}"
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"
