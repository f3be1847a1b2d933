"""What the tests of the app share: a kit without an app, and pages made of plain rows."""

from __future__ import annotations

from collections.abc import Sequence

import pygame

import ui_assets
from stb_app.toolkit.elements import Box, Element, Text
from stb_app.toolkit.fonts import Family, find_family
from stb_app.toolkit.many import Scroll
from stb_app.toolkit.scene import Kit
from stb_app.toolkit.stage import Page, Stage
from stb_app.toolkit.theme import Theme
from stb_app.toolkit.theme_file import load_theme

THEMES = sorted((ui_assets.ROOT / "themes").glob("*.yaml"))
SMALL = (640, 360)


def theme(text_size: str = "M", height: int = 1080, name: str = "default") -> Theme:
    return load_theme(ui_assets.ROOT / "themes" / f"{name}.yaml", text_size).for_canvas(height)


def family(name: str = "manrope") -> Family:
    return find_family(ui_assets.ROOT / "fonts.yaml", [name])


def kit(text_size: str = "M", size: tuple[int, int] = (1920, 1080), name: str = "default") -> Kit:
    tokens = theme(text_size, size[1], name)
    return Kit.of(tokens, family(), size)


def stage(text_size: str = "M", size: tuple[int, int] = SMALL) -> Stage:
    """A stage on a small canvas: a third of the design, so that whole pictures are cheap to compare."""
    return Stage(kit(text_size, size), pygame.Surface(size, 0, 32))


def page(body: Element, name: str = "page", initial: str | None = None) -> Page:
    body.grow = max(1, body.grow)
    return Page(name, Box(body, pad_x="edge_x", pad_y="edge_y", grow=1), initial=initial)


def scroll(rows: Sequence[Element]) -> Scroll:
    return Scroll("list", rows)


def words(text: str) -> Text:
    return Text(text)
