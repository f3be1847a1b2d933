"""The names out of a stream of server-sent events (WHATWG HTML, 9.2.6), bounded whatever comes."""

from __future__ import annotations

from collections.abc import Iterator

MAX_LINE = 64 * 1024


class EventNames:
    """Feed it pieces of the stream; it gives the name of each event that is complete. Comments are keep-alives.
    Lines end in LF or CRLF."""

    def __init__(self) -> None:
        self._rest = bytearray()
        self._name = ""
        self._has_data = False

    def feed(self, piece: bytes) -> Iterator[str]:
        self._rest += piece
        *lines, rest = self._rest.split(b"\n")
        self._rest = bytearray(rest[-MAX_LINE:])
        for line in lines:
            name = self._line(bytes(line.removesuffix(b"\r")))
            if name is not None:
                yield name

    def _line(self, line: bytes) -> str | None:
        if not line:
            name, complete = self._name or "message", bool(self._name or self._has_data)
            self._name, self._has_data = "", False
            return name if complete else None
        field, _, value = line.partition(b":")
        if field == b"event":
            self._name = value.removeprefix(b" ").decode("utf-8", "replace")[:128]
        elif field == b"data":
            self._has_data = True
        return None
