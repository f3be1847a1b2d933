"""The picture straight into the memory of a screen: /dev/fb0, for boxes without a driver that SDL could use.

A canvas of 32 bits is painted as everywhere; what of it changed is converted by SDL and copied row by row.
"""

from __future__ import annotations

import errno
import logging
import mmap
import os
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

import pygame

from device.api.errors import ConfigError
from stb_app.platform.fbdev import (
    KD_GRAPHICS,
    Ioctl,
    KernelIoctl,
    Screen,
    console_mode,
    read_screen,
    set_console_mode,
    set_even_colours,
)
from stb_app.platform.queued import QueuedPlatform

logger = logging.getLogger(__name__)

DEVICE, CONSOLE = Path("/dev/fb0"), Path("/dev/tty0")
SMALLEST = (640, 360)
NARROWEST, WIDEST = 1.6, 1.9
"""Sides of a picture that the layout is made for; on another screen it is as large as 16:9 allows, in the middle."""
WHY = {
    errno.ENOENT: ("no such device", "is the driver of the screen loaded?"),
    errno.EACCES: ("no permission to open it", "add the user of stb-app to its group (video)"),
    errno.EPERM: ("no permission to open it", "add the user of stb-app to its group (video)"),
    errno.ENOTTY: ("not a framebuffer", "name one, such as /dev/fb0"),
    errno.EINVAL: ("not a framebuffer", "name one, such as /dev/fb0"),
}


class FramebufferPlatform(QueuedPlatform):
    """``console`` is the virtual terminal that writes on the same screen; where there is none, nothing is lost."""

    def __init__(self, device: Path = DEVICE, console: Path = CONSOLE, ioctl: Ioctl | None = None) -> None:
        super().__init__()
        ioctl = ioctl or KernelIoctl()
        with ExitStack() as opening:
            fd, self.screen, self._memory, self._base = _opened(device, ioctl, opening)
            self._place = _fitted(self.screen.size)
            self._canvas = pygame.Surface(self._place.size, 0, 32)
            self._shown = _shown_as(device, self.screen, self._canvas)
            _hold_console(console, ioctl, opening)
            _set_colours(device, fd, self.screen, ioctl)
            self._closing = opening.pop_all()
        self._blacken()

    def canvas(self) -> pygame.Surface:
        return self._canvas

    @property
    def steps(self) -> tuple[int, int, int]:
        red, green, blue = self.screen.channels
        return red.step, green.step, blue.step

    def present(self, rects: Sequence[pygame.Rect]) -> None:
        whole = self._canvas.get_rect()
        for each in rects:
            rect = each.clip(whole)
            if rect.width and rect.height:
                self._send(rect)

    def _send(self, rect: pygame.Rect) -> None:
        shown = self._shown
        if shown is not self._canvas:
            shown.blit(self._canvas, rect, rect)
        pixel, pitch, line = shown.get_bytesize(), shown.get_pitch(), self.screen.line_length
        size = rect.width * pixel
        start = rect.y * pitch + rect.x * pixel
        to = self._base + self.screen.place(self._place.x + rect.x, self._place.y + rect.y)
        with _pixels(shown) as source, memoryview(self._memory) as target:
            if size == pitch == line:
                target[to : to + rect.height * line] = source[start : start + rect.height * pitch]
                return
            for _ in range(rect.height):
                target[to : to + size] = source[start : start + size]
                start, to = start + pitch, to + line

    def _blacken(self) -> None:
        """What stood there before goes, beside the picture too."""
        width, height = self.screen.size
        row = bytes(width * self.screen.depth // 8)
        for y in range(height):
            at = self._base + self.screen.place(0, y)
            self._memory[at : at + len(row)] = row

    def close(self) -> None:
        self._closing.close()


def _opened(device: Path, ioctl: Ioctl, opening: ExitStack) -> tuple[int, Screen, mmap.mmap, int]:
    """Descriptor, mode, mapped memory, and where in it the screen's begins; ConfigError where that cannot be."""
    try:
        fd = os.open(device, os.O_RDWR | os.O_CLOEXEC)
        opening.callback(os.close, fd)
        screen = read_screen(fd, ioctl)
        _check(device, screen)
        base = screen.start % mmap.PAGESIZE
        memory = mmap.mmap(fd, base + screen.memory)
    except OSError as error:
        what, remedy = WHY.get(error.errno or 0, (error.strerror or "cannot be used", ""))
        raise ConfigError(f"{device}: {what}", remedy=remedy) from None
    opening.callback(memory.close)
    return fd, screen, memory, base


def _check(device: Path, screen: Screen) -> None:
    width, height = screen.size
    if not screen.plain or screen.depth not in (16, 24, 32):
        raise ConfigError(
            f"{device}: {screen.depth} bits a pixel in a form that is not supported",
            remedy="set 16 or 32 bits of true colour (fbset -depth 32)",
        )
    if width < SMALLEST[0] or height < SMALLEST[1]:
        raise ConfigError(
            f"{device}: {width}x{height} is too small to read", remedy=f"set {SMALLEST[0]}x{SMALLEST[1]} or more"
        )
    if screen.place(width, height - 1) > screen.memory or screen.line_length < width * screen.depth // 8:
        raise ConfigError(f"{device}: the driver says {screen.memory} bytes for {width}x{height}: it does not fit")


def _fitted(size: tuple[int, int]) -> pygame.Rect:
    """Where on a screen of ``size`` the picture is: all of it, or as large as 16:9 allows."""
    width, height = size
    if not NARROWEST <= width / height <= WIDEST:
        width, height = min(width, height * 16 // 9), min(height, width * 9 // 16)
    return pygame.Rect((size[0] - width) // 2, (size[1] - height) // 2, width, height)


def _shown_as(device: Path, screen: Screen, canvas: pygame.Surface) -> pygame.Surface:
    """A surface with the pixels of the screen, which SDL converts into; the canvas itself where they are the same."""
    masks = (*(channel.mask for channel in screen.channels), screen.opacity.mask)
    if screen.depth == canvas.get_bitsize() and masks == canvas.get_masks():
        return canvas
    depth = screen.depth if screen.depth != 16 else sum(channel.length for channel in screen.channels)
    try:
        return pygame.Surface(canvas.get_size(), 0, depth, masks)
    except (ValueError, pygame.error):
        order = ", ".join(f"{channel.length} bits from {channel.offset}" for channel in screen.channels)
        raise ConfigError(
            f"{device}: red, green and blue at {order} of {screen.depth} are not supported",
            remedy="set 16 bits (RGB565) or 32 bits (XRGB8888)",
        ) from None


def _pixels(surface: pygame.Surface) -> memoryview:
    return memoryview(surface.get_buffer())  # type: ignore[arg-type]  # its stub lacks the protocol


def _set_colours(device: Path, fd: int, screen: Screen, ioctl: Ioctl) -> None:
    """After the console was told: it sets colours of its own."""
    if not screen.mapped:
        return
    try:
        set_even_colours(fd, screen, ioctl)
    except OSError as error:
        logger.warning("%s: its tables of colours cannot be set: %s; colours may be wrong", device, error.strerror)


def _hold_console(console: Path, ioctl: Ioctl, opening: ExitStack) -> None:
    """Keep the kernel's text off the picture until ``opening`` closes."""
    try:
        fd = os.open(console, os.O_RDWR | os.O_NOCTTY | os.O_CLOEXEC)
    except OSError as error:
        logger.info("%s: %s; there is no console to keep off the picture", console, error.strerror)
        return
    opening.callback(os.close, fd)
    try:
        before = console_mode(fd, ioctl)
        set_console_mode(fd, KD_GRAPHICS, ioctl)
    except OSError as error:
        logger.warning("%s: %s; its text may show over the picture", console, error.strerror)
        return
    opening.callback(set_console_mode, fd, before, ioctl)
