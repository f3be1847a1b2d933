"""``stb-card atr``: an answer to reset taken apart, from the command line, from stdin, or from the card in a reader."""

from __future__ import annotations

import sys
import textwrap
from collections.abc import Iterator
from typing import BinaryIO

from smartcard.atr import ATR
from smartcard.command.explain import Row, explain
from smartcard.command.tool import Tool, UsageError, failure_document, read_hex, spaced
from smartcard.errors import ATRError

MAX_LINE = 4096
"""Characters of one line of ``atr -``; an answer to reset has at most 33 bytes."""
LINE, BYTES_COLUMN = 118, 11
"""Of the page for people."""


def run_atr(tool: Tool, parts: list[str], reader: str, *, as_json: bool) -> int:
    """0; 1 where the bytes are no answer to reset."""
    if parts == ["-"]:
        return _run_lines(tool, sys.stdin.buffer)
    try:
        atr = ATR.parse(_given(parts)) if parts else _in_slot(tool, reader)
    except ATRError as error:
        if as_json:
            tool.document({"error": failure_document(error)})
        else:
            tool.note(f"byte {error.offset}: {error.message}")
        return 1
    if as_json:
        tool.document(atr_document(atr))
    else:
        tool.say(*_page(atr))
    return 0


def atr_document(atr: ATR) -> dict[str, object]:
    """The shape that contracts.md fixes."""
    return {
        "atr": atr.raw.hex().upper(),
        "convention": atr.convention,
        "protocols": list(atr.protocols),
        "f": atr.f,
        "d": atr.d,
        "n": atr.n,
        "specific_mode": atr.specific_mode,
        "wi": atr.wi,
        "ifsc": atr.ifsc,
        "cwi": atr.cwi,
        "bwi": atr.bwi,
        "historical": atr.historical.hex().upper(),
        "tck": atr.tck,
        "faults": list(atr.faults),
    }


def _given(parts: list[str]) -> bytes:
    try:
        return read_hex(" ".join(parts))
    except ValueError:
        raise UsageError(f"'{' '.join(parts)}' is not hexadecimal") from None


def _in_slot(tool: Tool, reader: str) -> ATR:
    with tool.connected(reader) as (_, connection):
        return connection.atr


def _run_lines(tool: Tool, stream: BinaryIO) -> int:
    """One document a line, whatever the line is."""
    for line in _lines(stream):
        try:
            raw = b"" if line is None else read_hex(line)
        except ValueError:
            raw = None
        tool.document(_line_document(line, raw))
    return 0


def _line_document(line: str | None, raw: bytes | None) -> dict[str, object]:
    if line is None:
        return {"error": {"kind": "line_too_long", "offset": 0, "message": f"more than {MAX_LINE} characters"}}
    if raw is None:
        return {"error": {"kind": "not_hex", "offset": 0, "message": "not hexadecimal"}}
    try:
        return atr_document(ATR.parse(raw))
    except ATRError as error:
        return {"error": failure_document(error)}


def _lines(stream: BinaryIO) -> Iterator[str | None]:
    """Each line's text, None for one that is too long to be kept."""
    while piece := stream.readline(MAX_LINE + 1):
        if len(piece) > MAX_LINE and not piece.endswith(b"\n"):
            while piece and not piece.endswith(b"\n"):
                piece = stream.readline(MAX_LINE)
            yield None
        else:
            yield piece.decode("ascii", "replace").strip()


def _page(atr: ATR) -> Iterator[str]:
    yield spaced(atr.raw)
    yield ""
    rows = explain(atr)
    width = max(len(row.name) for row in rows)
    for row in rows:
        yield from _row_lines(row, width)
    yield ""
    yield f"protocols  {', '.join(f'T={each}' for each in atr.protocols)}"
    if atr.specific_mode is not None:
        yield f"mode       specific, T={atr.specific_mode}"
    yield f"faults     {', '.join(atr.faults) or 'none'}"


def _row_lines(row: Row, width: int) -> Iterator[str]:
    """The bytes in a column of their own, the meaning beside it, or below it where there are many bytes."""
    margin = 7 + width
    shown = spaced(row.data) or "--"
    begin = f"{row.offset:3}  {row.name:{width}}  "
    if len(shown) > BYTES_COLUMN:
        yield begin + shown
        begin = " " * (margin + BYTES_COLUMN)
    else:
        begin += shown.ljust(BYTES_COLUMN)
    later = " " * (margin + BYTES_COLUMN + 2)
    yield from textwrap.wrap(row.meaning, LINE, initial_indent=f"{begin}  ", subsequent_indent=later)
