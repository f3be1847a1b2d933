"""What a text is written with: the field with its caret, and the page of keys below it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pygame

from stb_app.controls.text import DELETE, DONE, LAYOUT, SHIFT, SPACE, TextEntry
from stb_app.toolkit.elements import Element
from stb_app.toolkit.keycaps import Cap, Carried, Keycaps
from stb_app.toolkit.ops import FillOp, TextOp
from stb_app.toolkit.scene import Kit, Scene
from stb_app.toolkit.text import Span

ICONS = {SHIFT: "shift", SPACE: "space", DELETE: "erase", DONE: "check"}
KEY_HEIGHT = 72


def keyboard(control: TextEntry, carried: Carried, said: Mapping[str, str]) -> Keycaps:
    """The page as it stands; ``said``: what the keys that are no letters are called in the viewer's language."""
    rows = []
    for row, keys in enumerate(control.rows):
        caps = []
        for key, span in zip(keys, control.spans(row), strict=True):
            text = control.next_layout.name if key == LAYOUT else "" if key in ICONS else key
            marked = key == SHIFT and control.capital
            caps.append(Cap(said.get(key, key), text, ICONS.get(key, ""), span, marked))
        rows.append(caps)
    return Keycaps(rows, control.layout.columns, control.cursor, carried, key_height=KEY_HEIGHT)


@dataclass
class Written(Element):
    """The end of ``text`` in so many lines, a caret behind it; the letter that may still change stands on a line."""

    text: str
    tapping: bool = False
    lines: int = 1
    style: str = "row"

    def measure(self, kit: Kit, width: int) -> tuple[int, int]:
        return width, self.lines * kit.text.line_height(self.style)

    def place(self, kit: Kit, rect: pygame.Rect, scene: Scene) -> None:
        high, stroke = kit.text.line_height(self.style), kit.px("icon_stroke")
        flowed = kit.text.flow([Span(self.text, self.style)], rect.width - 4 * stroke)
        shown = flowed[-self.lines :]
        x = rect.x
        y = rect.y
        for index, line in enumerate(shown):
            x, y = rect.x, rect.y + index * high
            for span in line:
                wide = kit.text.width(span.text, self.style)
                place = pygame.Rect(x, y, wide, high)
                scene.ops.append(TextOp(place, scene.owner, scene.clip, span.text, self.style, "text", False))
                x += wide
        blanks = len(self.text) - len(self.text.rstrip(" "))
        x += min(blanks * kit.text.width(" ", self.style), rect.right - 4 * stroke - x)
        if self.tapping:
            wide = kit.text.width(self.text[-1], self.style)
            mark = pygame.Rect(x - wide, y + high, wide, stroke)
        else:
            mark = pygame.Rect(x + stroke, y + high // 6, stroke, high * 2 // 3)
        scene.ops.append(FillOp(mark, scene.owner, scene.clip, "text", 0))
