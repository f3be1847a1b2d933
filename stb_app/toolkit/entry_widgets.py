"""The things that a viewer edits, drawn: each shows a control and hands it the keys."""

from __future__ import annotations

from dataclasses import dataclass

import pygame

from stb_app.controls.toggle import Toggle
from stb_app.toolkit.elements import Column, Element, Focusable, Row, Text
from stb_app.toolkit.ops import FrameOp, PlainFillOp
from stb_app.toolkit.scene import Kit, Scene

TRACK_EMS, KNOB_PART = 2.1, 0.66
"""The track of a switch is so many ems wide; its knob is so high beside the track."""


@dataclass
class Switch(Element):
    """The picture of on and off: a knob at the right of a filled track, or at the left of an empty one."""

    on: bool
    style: str = "row"

    def measure(self, kit: Kit, width: int) -> tuple[int, int]:
        wide = round(TRACK_EMS * kit.theme.font_px(self.style))
        return min(width, wide), round(wide * 0.56)

    def place(self, kit: Kit, rect: pygame.Rect, scene: Scene) -> None:
        wide, high = self.measure(kit, rect.width)
        track = pygame.Rect(rect.x, rect.y, wide, high)
        side = round(high * KNOB_PART)
        pad = (high - side) // 2
        knob = pygame.Rect(track.right - pad - side if self.on else track.x + pad, track.y + pad, side, side)
        if self.on:
            scene.ops.append(PlainFillOp(track, scene.owner, scene.clip, "key_green", high // 2))
            scene.ops.append(PlainFillOp(knob, scene.owner, scene.clip, "ink", side // 2))
        else:
            stroke = kit.px("icon_stroke")
            scene.ops.append(FrameOp(track, scene.owner, scene.clip, "quiet", high // 2, stroke))
            scene.ops.append(FrameOp(knob, scene.owner, scene.clip, "quiet", side // 2, stroke))


def toggle(name: str, label: str, control: Toggle, said: tuple[str, str], *, note: str = "") -> Focusable:
    """A line with a switch; ``said`` are the words for off and on: colour and shape are never alone."""
    left: list[Element] = [Text(label, "row")]
    if note:
        left.append(Text(note, "detail", "explain"))
    word = said[control.on]
    right: list[Element] = [Text(word, "detail", "explain", align="end"), Switch(control.on)]
    child = Row([Column(left, gap=0, grow=1), *right], gap="medium")
    state = ("selected",) if control.on else ()
    value = ", ".join(part for part in (word, note) if part)
    return Focusable(
        name, "toggle", label, child, value, min_height="height_row", pad_x="medium", state=state, control=control
    )
