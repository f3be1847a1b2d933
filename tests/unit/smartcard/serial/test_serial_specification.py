"""What stands behind ``serial:`` in a configuration."""

from __future__ import annotations

import pytest

from smartcard.readers import open_reader, serial_options
from smartcard.serial.reader import SerialOptions


@pytest.mark.parametrize(
    ("text", "url", "options"),
    [
        ("/dev/ttyUSB0", "/dev/ttyUSB0", SerialOptions()),
        ("/dev/ttyUSB0,clock=6", "/dev/ttyUSB0", SerialOptions(clock=6_000_000)),
        (
            "rfc2217://host:4001,echo=off,reset=-rts,clock=3.57",
            "rfc2217://host:4001",
            SerialOptions(clock=3_571_200, echo=False, inverted_reset=True),
        ),
        (" /dev/ttyS0 , echo=on, reset=rts", "/dev/ttyS0", SerialOptions(echo=True)),
        ("/dev/ttyS0,echo=auto", "/dev/ttyS0", SerialOptions()),
    ],
)
def test_what_is_understood(text: str, url: str, options: SerialOptions) -> None:
    assert serial_options(text) == (url, options)


@pytest.mark.parametrize(
    ("spec", "why"),
    [
        ("serial:", "known: pcsc:NAME, serial:URL"),
        ("usb:1", "names no reader"),
        ("serial", "names no reader"),
        ("serial:/dev/ttyS0,clock=4", "clock=4"),
        ("serial:/dev/ttyS0,speed=9600", "speed"),
        ("serial:/dev/ttyS0,echo", "echo="),
        ("serial:/dev/ttyS0,echo=on,echo=off", "twice"),
        ("serial:nonsense://x", "nonsense"),
    ],
)
def test_what_is_not(spec: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        open_reader(spec)
