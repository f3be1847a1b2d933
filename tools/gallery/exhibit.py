"""What the gallery shows: a widget in one state, on a page of the real app."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

from stb_app.navigation import Destination, Stay
from stb_app.screens.base import Frame, Screen, View
from stb_app.screens.frame import page
from stb_app.toolkit.elements import Column, Element
from stb_app.toolkit.stage import Page


@dataclass(frozen=True)
class Exhibit:
    """``name`` is ``family.widget.state``, unique; ``make`` gives what stands on the page, and is called again whenever
    the page is built: what a viewer edits is made once, outside.

    ``whole``: the element fills the page (a list, a keyboard) instead of standing at its top. ``focus``: who has it
    first.
    """

    name: str
    make: Callable[[View], Element]
    whole: bool = False
    focus: str | None = None


class ExhibitScreen(Screen):
    """One exhibit between the header and the footer of every other screen."""

    name: ClassVar[str] = "exhibit"

    def __init__(self, exhibit: Exhibit) -> None:
        self.exhibit = exhibit
        self.entered: list[tuple[str, Any]] = []
        """What controls were done with, for those who try them."""

    def build(self, view: View, frame: Frame) -> Page:
        body = self.exhibit.make(view)
        if not self.exhibit.whole:
            body = Column([body], gap="medium")
        return page(self, view, frame, body, title=self.exhibit.name, initial=self.exhibit.focus)

    def finished(self, control: str, value: Any, view: View) -> Destination:  # noqa: ARG002
        self.entered.append((control, value))
        return Stay()
