"""What stays when the account is left for television: nothing private, one line that says how to come back."""

from __future__ import annotations

from stb_app.navigation import Destination, Stay
from stb_app.screens.base import Frame, Screen, View
from stb_app.toolkit.elements import Box, Column, Element, Space, Text
from stb_app.toolkit.stage import Page


class TvScreen(Screen):
    """On a box the picture of the channel is behind it."""

    name = "tv"
    outlives = True
    rests = False

    def act(self, action: str, view: View) -> Destination | None:  # noqa: ARG002
        """TEXT is the channel's teletext here."""
        return Stay() if action == "speech" else None

    def build(self, view: View, frame: Frame) -> Page:  # noqa: ARG002
        words = view.words
        rows: list[Element] = [
            Space(grow=1),
            Text(words("Television"), "title", "explain", align="center", id="heading", role="heading"),
            Text(words("OK or MENU opens the account"), "lead", "quiet", align="center", id="how"),
            Space(grow=1),
        ]
        return Page(self.name, Box(Column(rows, grow=1), pad_x="edge_x", pad_y="edge_y"))
