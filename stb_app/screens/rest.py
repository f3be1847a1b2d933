"""What stands while nobody presses a key: the time, dim, at another place each minute, and how to come back."""

from __future__ import annotations

from stb_app.screens.base import Frame, Screen, View
from stb_app.toolkit.elements import Box, Column, Element, Row, Space, Text
from stb_app.toolkit.stage import Page

PLACES = 5
"""The line wanders between so many heights: nothing burns in."""


class RestScreen(Screen):
    """Nothing private is on it; it is no place of the history."""

    name = "rest"
    rests = False

    def build(self, view: View, frame: Frame) -> Page:
        words = view.words
        place = int(frame.clock.timestamp() // 60) % PLACES
        lines: list[Element] = [
            Text(view.formats.time(frame.clock), "title", "dim", tabular=True, id="clock", role="clock"),
            Text(words("Press any key"), "body", "dim", id="how"),
        ]
        across: list[Element] = [Space(grow=1 + place), Column(lines, align="center"), Space(grow=PLACES - place)]
        rows: list[Element] = [Space(grow=1 + place), Row(across), Space(grow=PLACES - place)]
        return Page(self.name, Box(Column(rows, grow=1), pad_x="edge_x", pad_y="edge_y"))
