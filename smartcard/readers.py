"""From a reader's specification, as it stands in a configuration, to the reader."""

from __future__ import annotations

from smartcard.reader import CardReader

SCHEMES = ("pcsc",)


def open_reader(spec: str) -> CardReader:
    """``pcsc:NAME``: the first PC/SC reader whose name begins with NAME, else contains it; ``pcsc:`` alone the first.

    ValueError for what is no specification. A reader that is not there (yet) is no error here: its methods raise
    ReaderUnavailable until it is.
    """
    scheme, colon, name = spec.partition(":")
    if not colon or scheme not in SCHEMES:
        known = ", ".join(f"{each}:NAME" for each in SCHEMES)
        raise ValueError(f"'{spec}' names no reader; known: {known}")
    from smartcard.pcsc.reader import PcscReader

    return PcscReader(name.strip())
