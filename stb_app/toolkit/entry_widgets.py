"""The things that a viewer edits, drawn: each shows a control and hands it the keys."""

from __future__ import annotations

from dataclasses import dataclass

import pygame

from stb_app.controls.choose import ChooseOne
from stb_app.controls.toggle import Toggle
from stb_app.toolkit.elements import Column, Element, Focusable, Icon, Row, Text, Wrap
from stb_app.toolkit.ops import FillOp, FrameOp
from stb_app.toolkit.scene import Kit, Scene

TRACK_EMS, KNOB_PART = 2.1, 0.66
"""The track of a switch is so many ems wide; its knob is so high beside the track."""

ARROW_EMS = 0.9


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
            scene.ops.append(FillOp(track, scene.owner, scene.clip, "good", high // 2))
            scene.ops.append(FillOp(knob, scene.owner, scene.clip, "background_bottom", side // 2))
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


@dataclass
class Stepper(Element):
    """``‹ value ›``: one of ``texts``, in the room of the widest, so that nothing moves while one steps; at the first
    and the last the arrow that leads nowhere is not there.
    """

    texts: tuple[str, ...]
    index: int
    style: str = "row"

    def _arrow(self, kit: Kit) -> int:
        return round(kit.theme.font_px(self.style) * ARROW_EMS)

    def _room(self, kit: Kit) -> int:
        """For both arrows and what parts them from the text."""
        return 2 * (self._arrow(kit) + kit.px("small"))

    def measure(self, kit: Kit, width: int) -> tuple[int, int]:
        room = self._room(kit)
        sizes = [Text(text, self.style).measure(kit, width - room) for text in self.texts]
        return min(width, max(wide for wide, _ in sizes) + room), max(high for _, high in sizes)

    def place(self, kit: Kit, rect: pygame.Rect, scene: Scene) -> None:
        wide, high = self.measure(kit, rect.width)
        side, room = self._arrow(kit), self._room(kit)
        text = Text(self.texts[self.index], self.style, align="center")
        tall = text.measure(kit, wide - room)[1]
        y = rect.y + (high - tall) // 2
        text.place(kit, pygame.Rect(rect.x + room // 2, y, wide - room, tall), scene)
        middle = rect.y + (high - side) // 2
        if self.index > 0:
            Icon("previous", ems=ARROW_EMS, style=self.style).place(kit, pygame.Rect(rect.x, middle, side, side), scene)
        if self.index < len(self.texts) - 1:
            right = pygame.Rect(rect.x + wide - side, middle, side, side)
            Icon("next", ems=ARROW_EMS, style=self.style).place(kit, right, scene)


def chooser(name: str, label: str, control: ChooseOne, *, note: str = "") -> Focusable:
    """A line with one of a few, below its name where there is not room for both."""
    left: list[Element] = [Text(label, "row")]
    if note:
        left.append(Text(note, "detail", "explain"))
    stepper = Stepper(tuple(text for _, text in control.options), control.index)
    child = Wrap(Column(left, gap=0), stepper, align="center")
    value = ", ".join(part for part in (control.label, note) if part)
    return Focusable(name, "chooser", label, child, value, min_height="height_row", pad_x="medium", control=control)
