"""A framebuffer in a file, with a driver that answers as linux/fb.h and linux/kd.h lay down, byte by byte."""

from __future__ import annotations

import ctypes
import errno
import mmap
import struct
from dataclasses import dataclass, field
from pathlib import Path

from stb_app.platform.fbdev import Ioctl

VSCREENINFO, FSCREENINFO, PUTCMAP, GETMODE, SETMODE = 0x4600, 0x4602, 0x4605, 0x4B3B, 0x4B3A
RGB565 = ((11, 5), (5, 6), (0, 5), (0, 0))
BGR565 = ((0, 5), (5, 6), (11, 5), (0, 0))
RGB555 = ((10, 5), (5, 5), (0, 5), (0, 0))
XRGB = ((16, 8), (8, 8), (0, 8), (0, 0))
ARGB = ((16, 8), (8, 8), (0, 8), (24, 8))
XBGR = ((0, 8), (8, 8), (16, 8), (0, 0))
RGBX = ((24, 8), (16, 8), (8, 8), (0, 0))
RGB24 = ((16, 8), (8, 8), (0, 8), (0, 0))
UNTOUCHED = 0xEE

TRUECOLOR, DIRECTCOLOR = 2, 4

Fields = tuple[tuple[int, int], tuple[int, int], tuple[int, int], tuple[int, int]]


@dataclass
class Driver(Ioctl):
    """A mode and its memory; ``console`` is None where there is no virtual terminal."""

    size: tuple[int, int] = (640, 360)
    depth: int = 32
    fields: Fields = XRGB
    padding: int = 0
    """Bytes behind each row."""
    offset: tuple[int, int] = (0, 0)
    virtual: tuple[int, int] | None = None
    start: int = 0
    """Physical address."""
    kind: int = 0
    visual: int = TRUECOLOR
    grayscale: int = 0
    short: int = 0
    """Bytes that the memory lacks."""
    console: int | None = 0
    told: list[int] = field(default_factory=list)
    known: bool = True
    colours: list[tuple[int, int, int]] = field(default_factory=list)
    """What each level of red, green and blue looks like, where that was said."""

    @property
    def whole(self) -> tuple[int, int]:
        return self.virtual or (self.size[0] + self.offset[0], self.size[1] + self.offset[1])

    @property
    def line_length(self) -> int:
        return self.whole[0] * self.depth // 8 + self.padding

    @property
    def memory(self) -> int:
        return self.line_length * self.whole[1] - self.short

    def make(self, path: Path) -> Path:
        """The device's memory as a file."""
        path.write_bytes(bytes([UNTOUCHED]) * (self.start % mmap.PAGESIZE + self.memory))
        return path

    def seen(self, path: Path) -> bytes:
        """What the screen shows, row by row."""
        data, size = path.read_bytes()[self.start % mmap.PAGESIZE :], self.size[0] * self.depth // 8
        first = self.offset[1] * self.line_length + self.offset[0] * self.depth // 8
        return b"".join(data[first + y * self.line_length :][:size] for y in range(self.size[1]))

    def beside(self, path: Path) -> set[int]:
        """The bytes that no pixel of the screen is made of."""
        data, pixel, page = path.read_bytes(), self.depth // 8, self.start % mmap.PAGESIZE
        left, top = self.offset
        rest = bytearray(data)
        for y in range(self.size[1]):
            at = page + (top + y) * self.line_length + left * pixel
            rest[at : at + self.size[0] * pixel] = bytes([UNTOUCHED]) * (self.size[0] * pixel)
        return set(rest)

    def ask(self, fd: int, request: int, answer: bytearray) -> None:  # noqa: ARG002 - there is one device
        if request == GETMODE and self.console is not None:
            answer[:] = struct.pack("@i", self.console)
        elif request == VSCREENINFO and self.known:
            answer[:] = self._variable()
        elif request == FSCREENINFO and self.known:
            answer[:] = self._fixed()
        elif request == PUTCMAP and self.visual == DIRECTCOLOR:
            self.colours = _colour_map(bytes(answer))
        else:
            raise OSError(errno.ENOTTY, "Inappropriate ioctl for device")

    def tell(self, fd: int, request: int, value: int) -> None:  # noqa: ARG002 - there is one device
        if request != SETMODE or self.console is None:
            raise OSError(errno.ENOTTY, "Inappropriate ioctl for device")
        self.console = value
        self.told.append(value)

    def _variable(self) -> bytes:
        """160 bytes; at 24 the depth, at 28 grayscale, from 32 on four fields of three words."""
        fields = (value for offset, length in self.fields for value in (offset, length, 0))
        head = struct.pack("@8I", *self.size, *self.whole, *self.offset, self.depth, self.grayscale)
        return (head + struct.pack("@12I", *fields)).ljust(160, b"\0")

    def _fixed(self) -> bytes:
        """At 16 the address (a long), then length, type, type_aux, visual, three shorts, and the line length."""
        return struct.pack(
            "@16sLIIIIHHHILII3H0L", b"fake", self.start, self.memory, self.kind, 0, self.visual, 0, 1, 0,
            self.line_length, 0, 0, 0, 0, 0, 0,
        )  # fmt: skip


def _colour_map(data: bytes) -> list[tuple[int, int, int]]:
    """The first level and how many, then the addresses of red, green, blue and transparency, shorts each."""
    _, count, red, green, blue, _ = struct.unpack("@IIPPPP", data)
    channels = [(ctypes.c_uint16 * count).from_address(address) for address in (red, green, blue)]
    return list(zip(*channels, strict=True))
