"""The picture in the memory of a screen: to the byte, whatever the screen's pixels; nothing else is written."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import pygame
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from device.api.errors import ConfigError
from stb_app.bootstrap import build
from stb_app.input.keys import Key, KeyEvent
from stb_app.platform.framebuffer import FramebufferPlatform
from tools.pilot.gateway import FakeGateway
from tools.pilot.pilot import STILL, FakeClock
from tools.pilot.screens import (
    ARGB,
    BGR565,
    DIRECTCOLOR,
    RGB24,
    RGB555,
    RGB565,
    RGBX,
    UNTOUCHED,
    XBGR,
    XRGB,
    Driver,
    Fields,
)

FORMATS: dict[str, tuple[int, Fields]] = {
    "RGB565": (16, RGB565),
    "BGR565": (16, BGR565),
    "RGB555": (16, RGB555),
    "XRGB8888": (32, XRGB),
    "ARGB8888": (32, ARGB),
    "XBGR8888": (32, XBGR),
    "RGBX8888": (32, RGBX),
    "RGB888": (24, RGB24),
}


@contextmanager
def opened(driver: Driver) -> Iterator[tuple[FramebufferPlatform, Path]]:
    with tempfile.TemporaryDirectory() as folder:
        path = driver.make(Path(folder) / "fb0")
        platform = FramebufferPlatform(path, Path(folder) / "no console", driver)
        try:
            yield platform, path
        finally:
            platform.close()


def painted() -> pygame.Surface:
    """Every level of every channel somewhere, no two neighbours alike."""
    canvas = pygame.Surface((640, 360), 0, 32)
    for y in range(0, 360, 3):
        for x in range(0, 640, 5):
            canvas.fill(((x * 7 + y) % 256, (x + y * 3) % 256, (x * y + 11) % 256), (x, y, 5, 3))
    return canvas


PAINTED = painted()


def packed(canvas: pygame.Surface, driver: Driver) -> bytes:
    """The canvas in the driver's pixels, by arithmetic: each channel's upper bits in their place, opaque."""
    pixels = pygame.image.tobytes(canvas, "RGB")
    channels = driver.fields[:3]
    opaque = ((1 << driver.fields[3][1]) - 1) << driver.fields[3][0]
    kept: dict[bytes, bytes] = {}
    found = []
    for at in range(0, len(pixels), 3):
        rgb = pixels[at : at + 3]
        if rgb not in kept:
            value = sum(
                (level >> (8 - length)) << offset for level, (offset, length) in zip(rgb, channels, strict=True)
            )
            kept[rgb] = (value | opaque).to_bytes(driver.depth // 8, "little")
        found.append(kept[rgb])
    return b"".join(found)


def meant(name: str, pixels: bytes) -> bytes:
    """``pixels`` with what no screen looks at set to 0: SDL leaves in the X of XRGB what it likes."""
    if name != "XRGB8888":
        return pixels
    cleared = bytearray(pixels)
    cleared[3::4] = bytes(len(pixels) // 4)
    return bytes(cleared)


@pytest.mark.parametrize("name", FORMATS)
def test_every_pixel_is_what_the_screen_understands(name: str) -> None:
    depth, fields = FORMATS[name]
    driver = Driver(depth=depth, fields=fields, padding=depth // 8 * 3)
    with opened(driver) as (platform, path):
        platform.canvas().blit(PAINTED, (0, 0))
        platform.present([platform.canvas().get_rect()])
        assert driver.seen(path) == pixels_of(name)
        assert driver.beside(path) == {UNTOUCHED}


@pytest.mark.parametrize("name", ["RGB565", "XRGB8888"])
def test_sdl_itself_would_write_the_same_bytes(name: str) -> None:
    depth, fields = FORMATS[name]
    driver = Driver(depth=depth, fields=fields)
    with opened(driver) as (platform, path):
        platform.canvas().blit(PAINTED, (0, 0))
        masks = tuple(((1 << length) - 1) << offset for offset, length in fields)
        theirs = pygame.Surface(driver.size, 0, depth, masks)
        theirs.blit(platform.canvas(), (0, 0))
        platform.present([platform.canvas().get_rect()])
        assert driver.seen(path) == bytes(theirs.get_buffer().raw)


@cache
def pixels_of(name: str) -> bytes:
    depth, fields = FORMATS[name]
    return packed(PAINTED, Driver(depth=depth, fields=fields))


rects = st.builds(pygame.Rect, st.integers(-60, 700), st.integers(-40, 400), st.integers(0, 900), st.integers(0, 500))


@settings(max_examples=40, deadline=None)
@given(
    st.sampled_from(sorted(FORMATS)),
    st.lists(rects, max_size=5),
    st.sampled_from([0, 0, 64]),
    st.tuples(st.sampled_from([0, 0, 7]), st.integers(0, 380)),
    st.sampled_from([0, 0x1000, 0x3E000123 * 4]),
)
def test_only_what_is_dirty_is_written(
    name: str, dirty: list[pygame.Rect], padding: int, offset: tuple[int, int], start: int
) -> None:
    """Whatever the rectangles, the padding of the rows, the panning and where the memory lies."""
    depth, fields = FORMATS[name]
    driver = Driver(depth=depth, fields=fields, padding=padding, offset=offset, start=start)
    with opened(driver) as (platform, path):
        platform.canvas().blit(PAINTED, (0, 0))
        platform.present(dirty)
        painted, wanted = pixels_of(name), bytearray(len(pixels_of(name)))
        row, pixel = driver.size[0] * depth // 8, depth // 8
        for rect in (each.clip((0, 0), driver.size) for each in dirty):
            for y in range(rect.top, rect.bottom):
                part = slice(y * row + rect.left * pixel, y * row + rect.right * pixel)
                wanted[part] = painted[part]
        assert driver.seen(path) == bytes(wanted)
        assert driver.beside(path) <= {UNTOUCHED}


@pytest.mark.parametrize(
    ("screen", "picture"),
    [
        ((1920, 1080), (0, 0, 1920, 1080)),
        ((1280, 720), (0, 0, 1280, 720)),
        ((1366, 768), (0, 0, 1366, 768)),
        ((1024, 768), (0, 96, 1024, 576)),
        ((720, 576), (0, 85, 720, 405)),
        ((2560, 1080), (320, 0, 1920, 1080)),
    ],
)
def test_the_picture_is_as_large_as_the_screen_lets_it_be(
    screen: tuple[int, int], picture: tuple[int, int, int, int]
) -> None:
    """On a screen of another shape it stands in the middle, with black beside it."""
    driver = Driver(size=screen, depth=16, fields=RGB565)
    with opened(driver) as (platform, path):
        canvas = platform.canvas()
        assert canvas.get_size() == picture[2:]
        canvas.fill((200, 100, 50))
        platform.present([canvas.get_rect()])
        left, top, wide, high = picture
        colour, black = packed(canvas.subsurface((0, 0, 1, 1)), driver), bytes(2)
        row = black * left + colour * wide + black * (screen[0] - left - wide)
        empty = black * screen[0]
        assert driver.seen(path) == empty * top + row * high + empty * (screen[1] - top - high)


def test_what_stood_on_the_screen_goes_at_the_start() -> None:
    driver = Driver(depth=16, fields=RGB565, padding=8)
    with opened(driver) as (_, path):
        assert set(driver.seen(path)) == {0}
        assert driver.beside(path) == {UNTOUCHED}


@pytest.mark.parametrize(("name", "steps"), [("RGB565", (8, 4, 8)), ("RGB555", (8, 8, 8)), ("XBGR8888", (1, 1, 1))])
def test_the_app_is_told_which_levels_can_be_shown(name: str, steps: tuple[int, int, int]) -> None:
    depth, fields = FORMATS[name]
    with opened(Driver(depth=depth, fields=fields)) as (platform, _):
        assert platform.steps == steps


@pytest.mark.parametrize("name", ["RGB565", "XRGB8888"])
def test_the_app_shows_on_it_what_it_painted(name: str) -> None:
    """After each key the screen is the canvas, although only what changed was written."""
    depth, fields = FORMATS[name]
    driver = Driver(size=(960, 540), depth=depth, fields=fields, padding=64)
    with opened(driver) as (platform, path):
        app = build(STILL, platform, FakeGateway(), FakeClock())
        app.begin()
        for key in (None, Key.RIGHT, Key.DOWN, Key.OK, Key.DOWN, Key.BACK, Key.LEFT):
            if key is not None:
                platform.feed(KeyEvent(key, True))
                platform.feed(KeyEvent(key, False))
            app.post(lambda: None)
            app.step()
            while app.busy:
                app.step()
            assert meant(name, driver.seen(path)) == packed(platform.canvas(), driver), key


@pytest.mark.parametrize(
    ("driver", "says"),
    [
        (Driver(known=False), "not a framebuffer; name one, such as /dev/fb0"),
        (Driver(depth=8, fields=((0, 8), (0, 8), (0, 8), (0, 0)), visual=3), "8 bits a pixel in a form that is not"),
        (Driver(kind=1), "32 bits a pixel in a form that is not supported; set 16 or 32 bits of true colour"),
        (Driver(grayscale=1), "32 bits a pixel in a form that is not supported"),
        (
            Driver(fields=((20, 10), (10, 10), (0, 10), (0, 0))),
            "red, green and blue at 10 bits from 20, 10 bits from 10",
        ),
        (Driver(size=(320, 240)), "320x240 is too small to read; set 640x360 or more"),
        (Driver(short=4), "the driver says 921596 bytes for 640x360: it does not fit"),
    ],
)
def test_a_screen_that_cannot_be_used_is_one_line(tmp_path: Path, driver: Driver, says: str) -> None:
    path = driver.make(tmp_path / "fb0")
    with pytest.raises(ConfigError) as caught:
        FramebufferPlatform(path, tmp_path / "console", driver)
    assert str(caught.value).startswith(f"{path}: {says}") and "\n" not in str(caught.value)
    assert driver.told == []


def test_a_device_that_is_not_there_and_one_that_is_none(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="fb0: no such device; is the driver of the screen loaded"):
        FramebufferPlatform(tmp_path / "fb0")
    with pytest.raises(ConfigError, match="/dev/null: not a framebuffer"):
        FramebufferPlatform(Path("/dev/null"))


def test_the_console_is_kept_off_the_picture_and_comes_back(tmp_path: Path) -> None:
    driver = Driver()
    console = tmp_path / "tty0"
    console.touch()
    platform = FramebufferPlatform(driver.make(tmp_path / "fb0"), console, driver)
    assert driver.told == [1], "KD_GRAPHICS"
    platform.close()
    assert driver.told == [1, 0], "as it was: KD_TEXT"


@pytest.mark.parametrize("name", ["RGB565", "RGB555", "XRGB8888"])
def test_a_screen_with_tables_of_colours_shows_levels_as_they_are(name: str) -> None:
    depth, fields = FORMATS[name]
    driver = Driver(depth=depth, fields=fields, visual=DIRECTCOLOR)
    with opened(driver) as (platform, path):
        platform.canvas().blit(PAINTED, (0, 0))
        platform.present([platform.canvas().get_rect()])
        assert driver.seen(path) == pixels_of(name)
    sizes = [1 << length for _, length in fields[:3]]
    assert len(driver.colours) == max(sizes)
    for channel, size in enumerate(sizes):
        levels = [level[channel] for level in driver.colours[:size]]
        assert levels == [65535 * number // (size - 1) for number in range(size)]


def test_a_box_without_a_console_shows_its_picture(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    driver = Driver(console=None)
    console = tmp_path / "tty0"
    console.touch()
    FramebufferPlatform(driver.make(tmp_path / "fb0"), console, driver).close()
    assert "its text may show over the picture" in caplog.text
