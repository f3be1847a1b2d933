"""What the gallery shows: a widget in one state, on a page of the real app."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

import pygame

from stb_app.controls.port import Control
from stb_app.input.keys import Key
from stb_app.navigation import Destination, Stay
from stb_app.screens.base import Frame, Screen, View
from stb_app.screens.frame import page
from stb_app.toolkit.elements import Column, Element, Row, Space
from stb_app.toolkit.scene import Kit, Scene
from stb_app.toolkit.stage import Page
from stb_app.toolkit.widgets import button

AWAY = "away"
"""The focus of an exhibit that shows how a widget looks while something else has it."""

Room = Literal["own", "page", "canvas"]


@dataclass(frozen=True)
class Exhibit:
    """``name`` is ``widget.state``, unique in its family; ``make`` gives what is shown, ``make(view)``, and is called
    again whenever the page is built.

    ``control`` makes what a viewer edits, anew for each drawing; ``make(view, control)`` then. ``focus``: the id of who
    has it, by default the first that can; AWAY for none of the exhibit. ``keys`` are pressed before anybody looks.
    ``room``: as high as it wants (own), all between header and footer (page: a list, a keyboard), or the canvas with
    no frame (what lies over a page). ``waives``: names of checks of tests/screens/checks.py that it is there to break.
    """

    name: str
    make: Callable[..., Element]
    control: Callable[[], Control] | None = None
    focus: str | None = None
    keys: tuple[Key, ...] = ()
    room: Room = "own"
    waives: tuple[str, ...] = ()


class Stand(Element):
    """The exhibit in its place; ``rect`` is what it has painted of the canvas, its ring included."""

    def __init__(self, child: Element, *, grow: int) -> None:
        self.child = child
        self.grow = grow
        self.rect = pygame.Rect(0, 0, 0, 0)

    def measure(self, kit: Kit, width: int) -> tuple[int, int]:
        return self.child.extent(kit, width)

    def place(self, kit: Kit, rect: pygame.Rect, scene: Scene) -> None:
        first = len(scene.ops)
        self.child.place(kit, rect, scene)
        seen = [(op.bounds(kit), op.clip) for op in scene.ops[first:]]
        rects = [bounds.clip(clip) if clip is not None else bounds for bounds, clip in seen]
        self.rect = pygame.Rect(rects[0]).unionall(rects[1:])


class ExhibitScreen(Screen):
    """One exhibit between the header and the footer of every other screen."""

    name: ClassVar[str] = "exhibit"

    def __init__(self, exhibit: Exhibit) -> None:
        self.exhibit = exhibit
        self._control = exhibit.control() if exhibit.control is not None else None
        self.entered: list[tuple[str, Any]] = []
        """What controls were done with, for those who try them."""
        self.stand: Stand | None = None

    def build(self, view: View, frame: Frame) -> Page:
        exhibit = self.exhibit
        made = exhibit.make(view) if self._control is None else exhibit.make(view, self._control)
        stand = self.stand = Stand(made, grow=0 if exhibit.room == "own" else 1)
        if exhibit.room == "canvas":
            return Page(self.name, stand, initial=exhibit.focus)
        children: list[Element] = [stand] if stand.grow else [Space("tight"), stand]
        if exhibit.focus == AWAY:
            elsewhere = Row([button(AWAY, "Elsewhere"), Space(grow=1)])
            children += [elsewhere] if stand.grow else [Space(grow=1), elsewhere]
        body = Column(children, gap="medium")
        return page(self, view, frame, body, title=exhibit.name, initial=exhibit.focus)

    def finished(self, control: str, value: Any, view: View) -> Destination:  # noqa: ARG002
        self.entered.append((control, value))
        return Stay()
