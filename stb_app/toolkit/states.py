"""What stands where something will be, is not, or cannot be: one look for loading, empty and error; and what is dim."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import pygame

from stb_app.toolkit.elements import Column, Element, Focusable, Icon, Row, Sized, Space, Text
from stb_app.toolkit.many import Scroll
from stb_app.toolkit.reading import stops
from stb_app.toolkit.scene import Kit, Node, Scene

Situation = Literal["loading", "empty", "error"]
ICONS: dict[Situation, str] = {"loading": "clock", "empty": "info", "error": "warning"}
"""Still ones: nothing turns without an end."""
TONES: dict[Situation, str] = {"loading": "quiet", "empty": "quiet", "error": "attention"}
ICON_SIDE, WIDEST = 96, 1200
ABOVE = 0.2
"""So much of the place stays free above, whatever is said: more words move nothing."""


@dataclass
class Standing(Element):
    """``title`` says what is so, ``text`` what it means or what to do, ``code`` how to name it to somebody; ``actions``
    are buttons. In the middle of what is left of the page; at size XL a column that scrolls.
    """

    situation: Situation
    title: str
    text: str = ""
    code: str = ""
    actions: Sequence[Focusable] = ()
    id: str = "standing"
    grow: int = 1

    def _value(self) -> str:
        return ", ".join(part for part in (self.text, self.code) if part)

    def _state(self) -> tuple[str, ...]:
        return () if self.situation == "empty" else (self.situation,)

    def _words(self) -> list[Element]:
        said: list[Element] = [Text(self.title, "lead!")]
        said += [Text(text, style, tone) for text, style, tone in self._others()]
        return said

    def _others(self) -> list[tuple[str, str, str]]:
        texts = ((self.text, "lead", "explain"), (self.code, "detail", "quiet"))
        return [each for each in texts if each[0]]

    def _stops(self) -> list[Element]:
        """For size XL, where the words may be longer than the page: OK on what is read does the first action."""
        first, *others = stops(self.text or self.title)
        head = Column([Text(self.title, "lead!"), *([Text(first.label, "lead", "explain")] if self.text else [])])
        said = first.label if self.text else ""
        for each in others:
            each.does = self.actions[0].does
        stop = Focusable(self.id, "status", self.title, head, said, state=self._state(), does=self.actions[0].does)
        code = [Text(self.code, "detail", "quiet", id="code")] if self.code else []
        return [stop, *others, *self.actions, *code]

    def _middle(self) -> Column:
        """For every size but XL."""
        texts = [(self.title, "title", "text"), *self._others()]
        said = [Sized(Text(text, style, tone, align="center"), WIDEST) for text, style, tone in texts]
        icon = Icon(ICONS[self.situation], ICON_SIDE, TONES[self.situation])
        return Column([icon, Space("tight"), *said], gap="small", align="center")

    def measure(self, kit: Kit, width: int) -> tuple[int, int]:
        if kit.theme.one_column:
            return width, 0 if self.actions else Column(self._words()).measure(kit, width)[1]
        return width, self._middle().measure(kit, width)[1]

    def place(self, kit: Kit, rect: pygame.Rect, scene: Scene) -> None:
        scene.passing.update(each.id for each in self.actions)
        if kit.theme.one_column and self.actions:
            rows = self._stops()
            scene.passing.update(each.id for each in rows if isinstance(each, Focusable))
            Scroll(self.id, rows, gap="medium").place(kit, rect, scene)
            return
        said = Column(self._words()) if kit.theme.one_column else self._middle()
        buttons = Row([Space(grow=1), *self.actions, Space(grow=1)], gap="medium")
        gap = kit.px("large") if self.actions else 0
        below = buttons.measure(kit, rect.width)[1] if self.actions else 0
        high = said.measure(kit, rect.width)[1]
        spare = max(0, rect.height - high - gap - below)
        above = 0 if kit.theme.one_column else min(spare, round(rect.height * ABOVE))
        place = pygame.Rect(rect.x, rect.y + above, rect.width, high)
        node = Node(scene.unique(self.id), "status", self.title, self._value(), list(self._state()), place)
        node.answers = True
        with scene.group(node), scene.silent():
            said.place(kit, place, scene)
        if self.actions:
            buttons.place(kit, pygame.Rect(rect.x, place.bottom + gap, rect.width, below), scene)


def standing_line(situation: Situation, text: str) -> Element:
    """The same in a line, where other things fill the page."""
    state = () if situation == "empty" else (situation,)
    said = Text(text, "body", "explain", id="standing", role="status", state=state, grow=1)
    return Row([Icon(ICONS[situation], colour=TONES[situation], ems=1.2), said])


def busy(name: str, label: str) -> Focusable:
    """A button whose work is being done: ``label`` says so, and OK does not begin it again."""
    child = Row([Icon("clock", colour="explain", ems=1.1, style="row"), Text(label, "row", "explain", grow=1)])
    return Focusable(
        name, "button", label, child, fill="raised", min_height="height_button", pad_x="large",
        state=("loading", "disabled"),
    )  # fmt: skip


def dimmed(name: str, label: str, reason: str, *, role: str = "button") -> Focusable:
    """A thing that does nothing now, and why: the arrows reach it, OK does nothing."""
    said = Column([Text(label, "row", "quiet"), Text(reason, "detail", "explain")], gap=0, grow=1)
    child = Row([Icon("lock", colour="quiet", ems=1.2, style="row"), said], gap="medium")
    return Focusable(name, role, label, child, reason, fill="sunken", min_height="height_row", state=("disabled",))
