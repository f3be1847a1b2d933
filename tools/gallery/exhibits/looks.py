"""What widgets are made of: the type scale, the colours on their grounds, the icons, the pictures of states."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from stb_app.screens.base import View
from stb_app.toolkit.elements import Box, Column, Element, Icon, Row, Scenery, Sized, Text
from stb_app.toolkit.icons import ICONS, SCENES
from stb_app.toolkit.many import Grid
from tools.gallery.exhibit import Exhibit

STYLES = (
    ("large", ("hero", "hero_small", "state_title", "title")),
    ("reading", ("lead", "subtitle", "body", "detail")),
    ("rows", ("card_title", "row", "sum", "badge")),
    ("frame", ("header", "header_note", "footer", "key")),
)
GROUNDS = ("background_bottom", "surface", "raised", "good_surface", "attention_surface", "bad_surface", "focus")
ON_DARK = ("text", "explain", "quiet", "good", "attention", "bad")
ON_LIGHT = ("ink", "ink_explain", "ink_good", "ink_attention", "ink_bad")
ICONS_A_PAGE, SCENES_A_PAGE = 12, 3


def _styles(view: View, styles: Sequence[str]) -> Element:  # noqa: ARG001 - every exhibit is made from a view
    texts: list[Element] = [Text(f"{style} 0123 ₽ **Ёё**", style, tabular=True, id=style) for style in styles]
    return Column(texts, gap="medium", align="start")


def _words_on(view: View, ground: str) -> Element:
    colours = ON_LIGHT if ground == "focus" else ON_DARK
    texts: list[Element] = [Text(colour, "body", colour, id=colour) for colour in colours]
    said = Column(texts, gap=4) if view.large else Row(texts, gap="large")
    return Box(said, ground, "radius_row", pad_y="small")


def _icons(view: View, names: Sequence[str]) -> Element:
    cells: list[Element] = [
        Row([Icon(name, colour="text"), Text(name, "body", id=name)], gap="medium") for name in names
    ]
    return Grid(cells, 2 if view.large else 4, gap="medium")


def _sceneries(view: View, names: Sequence[str]) -> Element:
    wide = 380 if view.large else 480
    return Row(
        [Column([Scenery(name, wide), Sized(Text(name.replace("_", " "), "body", id=name), wide)]) for name in names],
        gap="huge",
    )


def _pages(names: Sequence[str], count: int) -> list[Sequence[str]]:
    return [names[start : start + count] for start in range(0, len(names), count)]


EXHIBITS = (
    *(Exhibit(f"type.{name}", partial(_styles, styles=styles), waives=("sizes",)) for name, styles in STYLES),
    *(
        Exhibit(f"colours.{ground}", partial(_words_on, ground=ground), waives=("contrasts",) if "_" in ground else ())
        for ground in GROUNDS
    ),
    *(
        Exhibit(f"icons.{number}", partial(_icons, names=names))
        for number, names in enumerate(_pages(sorted(ICONS), ICONS_A_PAGE), 1)
    ),
    *(
        Exhibit(f"scenery.{number}", partial(_sceneries, names=names))
        for number, names in enumerate(_pages(sorted(SCENES), SCENES_A_PAGE), 1)
    ),
)
