"""What the kernel says of a framebuffer device, and of the console that shares its screen (linux/fb.h, linux/kd.h)."""

from __future__ import annotations

import ctypes
import fcntl
import sys
from abc import ABC, abstractmethod
from dataclasses import dataclass

FBIOGET_VSCREENINFO, FBIOGET_FSCREENINFO, FBIOPUTCMAP = 0x4600, 0x4602, 0x4605
FB_TYPE_PACKED_PIXELS = 0
FB_VISUAL_TRUECOLOR, FB_VISUAL_DIRECTCOLOR = 2, 4
KDSETMODE, KDGETMODE = 0x4B3A, 0x4B3B
KD_TEXT, KD_GRAPHICS = 0, 1


class _Bitfield(ctypes.Structure):
    """``struct fb_bitfield``: where in a pixel a channel is."""

    _fields_ = [("offset", ctypes.c_uint32), ("length", ctypes.c_uint32), ("msb_right", ctypes.c_uint32)]


class _Variable(ctypes.Structure):
    """``struct fb_var_screeninfo``: the mode, as far as we need it; 160 bytes in all."""

    _fields_ = [
        *((name, ctypes.c_uint32) for name in ("xres", "yres", "xres_virtual", "yres_virtual", "xoffset", "yoffset")),
        ("bits_per_pixel", ctypes.c_uint32),
        ("grayscale", ctypes.c_uint32),
        *((name, _Bitfield) for name in ("red", "green", "blue", "transp")),
        ("nonstd", ctypes.c_uint32),
        ("rest", ctypes.c_uint32 * 19),
    ]


class _Fixed(ctypes.Structure):
    """``struct fb_fix_screeninfo``: the memory; 80 bytes where a long has 64 bits, 68 where it has 32."""

    _fields_ = [
        ("id", ctypes.c_char * 16),
        ("smem_start", ctypes.c_ulong),
        *((name, ctypes.c_uint32) for name in ("smem_len", "type", "type_aux", "visual")),
        *((name, ctypes.c_uint16) for name in ("xpanstep", "ypanstep", "ywrapstep")),
        ("line_length", ctypes.c_uint32),
        ("mmio_start", ctypes.c_ulong),
        *((name, ctypes.c_uint32) for name in ("mmio_len", "accel")),
        ("rest", ctypes.c_uint16 * 3),
    ]


class _ColourMap(ctypes.Structure):
    """``struct fb_cmap``: what the screen shows for each level of a channel, 0 to 65535."""

    _fields_ = [
        ("start", ctypes.c_uint32),
        ("len", ctypes.c_uint32),
        *((name, ctypes.POINTER(ctypes.c_uint16)) for name in ("red", "green", "blue", "transp")),
    ]


class Ioctl(ABC):
    """What is asked of an open device and told to it; OSError where it does not know the request."""

    @abstractmethod
    def ask(self, fd: int, request: int, answer: bytearray) -> None:
        """Fill ``answer``."""

    @abstractmethod
    def tell(self, fd: int, request: int, value: int) -> None: ...


class KernelIoctl(Ioctl):
    """The kernel's."""

    def ask(self, fd: int, request: int, answer: bytearray) -> None:
        fcntl.ioctl(fd, request, answer)

    def tell(self, fd: int, request: int, value: int) -> None:
        fcntl.ioctl(fd, request, value)


@dataclass(frozen=True)
class Channel:
    """Where in a pixel a colour is: bits from the lowest one."""

    offset: int
    length: int

    @property
    def mask(self) -> int:
        return ((1 << self.length) - 1) << self.offset

    @property
    def step(self) -> int:
        """How far the levels that it can show are apart, of 256."""
        return 1 << max(0, 8 - self.length)


@dataclass(frozen=True)
class Screen:
    """A mode of a framebuffer. Lengths in pixels; ``offset`` is what of the virtual picture is seen (panning)."""

    size: tuple[int, int]
    offset: tuple[int, int]
    depth: int
    """Bits a pixel."""
    channels: tuple[Channel, Channel, Channel]
    """Red, green, blue."""
    opacity: Channel
    """Of no length where the screen has none."""
    plain: bool
    """Packed pixels that say their colour; no planes, no palette."""
    mapped: bool
    """Each channel goes through a table, which the console sets for its sixteen colours."""
    line_length: int
    """Bytes from a row to the next one."""
    memory: int
    """Bytes that may be mapped."""
    start: int
    """Physical address: a mapping begins at the page that it lies in."""

    def place(self, x: int, y: int) -> int:
        """Bytes from the start of the memory to a pixel that is seen."""
        return (self.offset[1] + y) * self.line_length + (self.offset[0] + x) * (self.depth // 8)


def read_screen(fd: int, ioctl: Ioctl) -> Screen:
    """What the open device says; OSError where it is no framebuffer."""
    variable, fixed = bytearray(ctypes.sizeof(_Variable)), bytearray(ctypes.sizeof(_Fixed))
    ioctl.ask(fd, FBIOGET_VSCREENINFO, variable)
    ioctl.ask(fd, FBIOGET_FSCREENINFO, fixed)
    mode, memory = _Variable.from_buffer(variable), _Fixed.from_buffer(fixed)
    fields = (mode.red, mode.green, mode.blue)
    plain = (
        memory.type == FB_TYPE_PACKED_PIXELS
        and memory.visual in (FB_VISUAL_TRUECOLOR, FB_VISUAL_DIRECTCOLOR)
        and not mode.grayscale
        and not mode.nonstd
        and not any(field.msb_right for field in fields)
    )
    red, green, blue, opacity = (Channel(field.offset, field.length) for field in (*fields, mode.transp))
    return Screen(
        size=(mode.xres, mode.yres),
        offset=(mode.xoffset, mode.yoffset),
        depth=mode.bits_per_pixel,
        channels=(red, green, blue),
        opacity=opacity,
        plain=plain,
        mapped=memory.visual == FB_VISUAL_DIRECTCOLOR,
        line_length=memory.line_length,
        memory=memory.smem_len,
        start=memory.smem_start,
    )


def set_even_colours(fd: int, screen: Screen, ioctl: Ioctl) -> None:
    """Have a ``mapped`` screen show levels as they are."""
    count = 1 << max(channel.length for channel in screen.channels)
    table = _ColourMap(0, count)
    for name, channel in zip(("red", "green", "blue"), screen.channels, strict=True):
        last = (1 << channel.length) - 1
        levels = (min(level, last) * 0xFFFF // last for level in range(count))
        setattr(table, name, (ctypes.c_uint16 * count)(*levels))
    ioctl.ask(fd, FBIOPUTCMAP, bytearray(table))


def console_mode(fd: int, ioctl: Ioctl) -> int:
    """KD_TEXT or KD_GRAPHICS; OSError where ``fd`` is no virtual terminal."""
    mode = bytearray(ctypes.sizeof(ctypes.c_int))
    ioctl.ask(fd, KDGETMODE, mode)
    return int.from_bytes(mode, sys.byteorder, signed=True)


def set_console_mode(fd: int, mode: int, ioctl: Ioctl) -> None:
    """KD_GRAPHICS keeps the kernel's text and cursor off the picture."""
    ioctl.tell(fd, KDSETMODE, mode)
