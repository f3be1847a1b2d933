"""The kernel's input events: their bytes, their ioctls and the names of their key codes (linux/input.h).

Standard library only: python-evdev builds from source on a box of another processor, and this is all of it that a
remote needs. The tests hold it against that library, which reads the same bytes.
"""

from __future__ import annotations

import array
import fcntl
import os
import struct
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass

EV_SYN, EV_KEY = 0x00, 0x01
SYN_REPORT, SYN_DROPPED = 0, 3
RELEASED, PRESSED, REPEATED = 0, 1, 2
BUS_CEC = 0x1E
KEY_MAX = 0x2FF

_EVENT = struct.Struct("@llHHi")
"""struct input_event of this process: 24 bytes with 64-bit longs, 16 with 32-bit ones."""


@dataclass(frozen=True, slots=True)
class InputEvent:
    """``at`` in seconds of the clock that the device was told to use."""

    at: float
    type: int
    code: int
    value: int

    def to_bytes(self) -> bytes:
        seconds, microseconds = divmod(round(self.at * 1_000_000), 1_000_000)
        return _EVENT.pack(seconds, microseconds, self.type, self.code, self.value)


class EventReader:
    """Bytes in, whole events out; the rest of a torn one is kept for the next read."""

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, data: bytes) -> Iterator[InputEvent]:
        data = self._rest + data
        whole = len(data) - len(data) % _EVENT.size
        self._rest = data[whole:]
        for seconds, microseconds, kind, code, value in _EVENT.iter_unpack(data[:whole]):
            yield InputEvent((seconds * 1_000_000 + microseconds) / 1_000_000, kind, code, value)


@dataclass(frozen=True)
class Identity:
    """Who a device says it is."""

    name: str = ""
    bus: int = 0
    vendor: int = 0
    product: int = 0


class Kernel(ABC):
    """What is asked of an open device; OSError where it refuses or is gone."""

    @abstractmethod
    def identity(self, fd: int) -> Identity: ...

    @abstractmethod
    def codes(self, fd: int) -> frozenset[int]:
        """The key codes that the device can send."""

    @abstractmethod
    def held(self, fd: int) -> frozenset[int]:
        """The key codes that are down now."""

    @abstractmethod
    def grab(self, fd: int) -> None:
        """Nobody else gets its events any more: without it every key comes twice where SDL or a console reads too."""

    @abstractmethod
    def use_monotonic_clock(self, fd: int) -> None:
        """Its events get their time from the clock that ``time.monotonic`` reads."""


_OLD_IOC = os.uname().machine.startswith(("mips", "ppc", "sparc", "alpha"))
"""Processors whose kernels number ioctls otherwise; MIPS is found in many a box."""
_WRITE, _READ = (4, 2) if _OLD_IOC else (1, 2)


def _request(direction: int, number: int, size: int) -> int:
    """_IOC of asm-generic/ioctl.h (asm/ioctl.h of the others) with type 'E'."""
    return direction << (29 if _OLD_IOC else 30) | size << 16 | ord("E") << 8 | number


_BITS = KEY_MAX // 8 + 1
EVIOCGID = _request(_READ, 0x02, 8)
EVIOCGNAME = _request(_READ, 0x06, 256)
EVIOCGKEY = _request(_READ, 0x18, _BITS)
EVIOCGBIT_KEY = _request(_READ, 0x20 + EV_KEY, _BITS)
EVIOCGRAB = _request(_WRITE, 0x90, 4)
EVIOCSCLOCKID = _request(_WRITE, 0xA0, 4)


class LinuxKernel(Kernel):
    """ioctl on /dev/input/event*."""

    def identity(self, fd: int) -> Identity:
        said = self._read(fd, EVIOCGNAME, 256).split(b"\0", 1)[0].decode("utf-8", "replace")
        # It comes from whatever was plugged in, and goes into logs and recordings
        name = "".join(char if char.isprintable() else "?" for char in said)
        bus, vendor, product, _ = struct.unpack("@HHHH", self._read(fd, EVIOCGID, 8))
        return Identity(name, bus, vendor, product)

    def codes(self, fd: int) -> frozenset[int]:
        return self._bits(self._read(fd, EVIOCGBIT_KEY, _BITS))

    def held(self, fd: int) -> frozenset[int]:
        return self._bits(self._read(fd, EVIOCGKEY, _BITS))

    def grab(self, fd: int) -> None:
        fcntl.ioctl(fd, EVIOCGRAB, 1)

    def use_monotonic_clock(self, fd: int) -> None:
        fcntl.ioctl(fd, EVIOCSCLOCKID, struct.pack("@i", time.CLOCK_MONOTONIC))

    @staticmethod
    def _read(fd: int, request: int, size: int) -> bytes:
        buffer = array.array("B", bytes(size))
        fcntl.ioctl(fd, request, buffer, True)
        return buffer.tobytes()

    @staticmethod
    def _bits(data: bytes) -> frozenset[int]:
        return frozenset(8 * place + bit for place, byte in enumerate(data) for bit in range(8) if byte >> bit & 1)


CODES: dict[str, int] = {
    **{f"KEY_{digit}": 1 + digit for digit in range(1, 10)}, "KEY_0": 11,
    **{f"KEY_F{number}": 58 + number for number in range(1, 11)}, "KEY_F11": 87, "KEY_F12": 88,
    "KEY_KP7": 71, "KEY_KP8": 72, "KEY_KP9": 73, "KEY_KP4": 75, "KEY_KP5": 76, "KEY_KP6": 77,
    "KEY_KP1": 79, "KEY_KP2": 80, "KEY_KP3": 81, "KEY_KP0": 82,
    **{f"KEY_NUMERIC_{digit}": 512 + digit for digit in range(10)},
    "KEY_NUMERIC_STAR": 522, "KEY_NUMERIC_POUND": 523, "KEY_NUMERIC_11": 620, "KEY_NUMERIC_12": 621,
    "KEY_ESC": 1, "KEY_BACKSPACE": 14, "KEY_TAB": 15, "KEY_ENTER": 28, "KEY_SPACE": 57, "KEY_KPENTER": 96,
    "KEY_HOME": 102, "KEY_UP": 103, "KEY_PAGEUP": 104, "KEY_LEFT": 105, "KEY_RIGHT": 106, "KEY_END": 107,
    "KEY_DOWN": 108, "KEY_PAGEDOWN": 109, "KEY_DELETE": 111, "KEY_MUTE": 113, "KEY_VOLUMEDOWN": 114,
    "KEY_VOLUMEUP": 115, "KEY_POWER": 116, "KEY_PAUSE": 119, "KEY_STOP": 128, "KEY_FIND": 136, "KEY_HELP": 138,
    "KEY_MENU": 139, "KEY_SETUP": 141, "KEY_SLEEP": 142, "KEY_BOOKMARKS": 156, "KEY_BACK": 158, "KEY_FORWARD": 159,
    "KEY_NEXTSONG": 163, "KEY_PLAYPAUSE": 164, "KEY_PREVIOUSSONG": 165, "KEY_RECORD": 167, "KEY_REWIND": 168,
    "KEY_HOMEPAGE": 172, "KEY_EXIT": 174, "KEY_PLAY": 207, "KEY_FASTFORWARD": 208, "KEY_SEARCH": 217,
    "KEY_CANCEL": 223, "KEY_MEDIA": 226, "KEY_OK": 352, "KEY_SELECT": 353, "KEY_GOTO": 354, "KEY_CLEAR": 355,
    "KEY_OPTION": 357, "KEY_INFO": 358, "KEY_TIME": 359, "KEY_VENDOR": 360, "KEY_PROGRAM": 362, "KEY_CHANNEL": 363,
    "KEY_FAVORITES": 364, "KEY_EPG": 365, "KEY_PVR": 366, "KEY_LANGUAGE": 368, "KEY_TITLE": 369, "KEY_SUBTITLE": 370,
    "KEY_ANGLE": 371, "KEY_MODE": 373, "KEY_TV": 377, "KEY_RADIO": 385, "KEY_TEXT": 388, "KEY_VIDEO": 393,
    "KEY_LIST": 395, "KEY_RED": 398, "KEY_GREEN": 399, "KEY_YELLOW": 400, "KEY_BLUE": 401, "KEY_CHANNELUP": 402,
    "KEY_CHANNELDOWN": 403, "KEY_LAST": 405, "KEY_NEXT": 407, "KEY_DIGITS": 413, "KEY_PREVIOUS": 412,
    "KEY_CONTEXT_MENU": 438, "KEY_APPSELECT": 580, "KEY_RIGHT_UP": 614, "KEY_RIGHT_DOWN": 615, "KEY_LEFT_UP": 616,
    "KEY_LEFT_DOWN": 617, "KEY_ROOT_MENU": 618, "KEY_MEDIA_TOP_MENU": 619, "KEY_AUDIO_DESC": 622,
    "KEY_NEXT_FAVORITE": 624, "KEY_STOP_RECORD": 625, "KEY_DATA": 631,
}  # fmt: skip
"""The codes that remotes send, by the kernel's name (linux/input-event-codes.h). Others stand in maps by number."""

NAMES = {code: name for name, code in CODES.items()}
