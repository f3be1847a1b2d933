"""From a reader's specification, as it stands in a configuration, to the reader."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smartcard.reader import CardReader

if TYPE_CHECKING:
    from smartcard.serial.reader import SerialOptions

FORMS = ("pcsc:NAME", "serial:URL[,clock=3.57|6][,echo=auto|on|off][,reset=rts|-rts]")

_ECHO = {"auto": None, "on": True, "off": False}
_INVERTED = {"rts": False, "-rts": True}


def open_reader(spec: str) -> CardReader:
    """``pcsc:NAME``: the first PC/SC reader whose name begins with NAME, else contains it; ``pcsc:`` alone the first.
    ``serial:URL``: a Phoenix or Smartmouse reader on any port that pyserial opens, with its options behind it.

    ValueError for what is no specification. A reader that is not there (yet) is no error here: its methods raise
    ReaderUnavailable until it is.
    """
    scheme, colon, rest = spec.partition(":")
    rest = rest.strip()
    if scheme == "pcsc" and colon:
        from smartcard.pcsc.reader import PcscReader

        return PcscReader(rest)
    if scheme == "serial" and rest:
        from smartcard.serial.reader import SerialReader

        url, options = serial_options(rest)
        return SerialReader(url, options)
    raise ValueError(f"'{spec}' names no reader; known: {', '.join(FORMS)}")


def serial_options(text: str) -> tuple[str, SerialOptions]:
    """What stands behind ``serial:``: the URL and its options. ValueError where one of them is unknown."""
    from smartcard.serial.port import instance
    from smartcard.serial.reader import SerialOptions
    from smartcard.timing import CLOCKS

    url, *parts = (part.strip() for part in text.split(","))
    given = dict(part.partition("=")[::2] for part in parts)
    choices: dict[str, dict[str, int | bool | None]] = {
        "clock": dict(CLOCKS),
        "echo": dict(_ECHO),
        "reset": dict(_INVERTED),
    }
    for name, value in given.items():
        if name not in choices:
            raise ValueError(f"a serial reader has no option '{name}'; known: {', '.join(choices)}")
        if value not in choices[name]:
            raise ValueError(f"{name}={value}: known are {', '.join(choices[name])}")
    if len(given) != len(parts):
        raise ValueError("an option of the serial reader is given twice")
    instance(url)
    return url, SerialOptions(
        clock=CLOCKS[given.get("clock", "3.57")],
        echo=_ECHO[given.get("echo", "auto")],
        inverted_reset=_INVERTED[given.get("reset", "rts")],
    )
