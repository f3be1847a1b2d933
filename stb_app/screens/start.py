"""The first picture: who we are and what is going on, for the second that the silent sign-in takes."""

from __future__ import annotations

from stb_app.screens.base import Frame, Screen, View
from stb_app.toolkit.elements import Box, Column, Element, Row, Space, Text
from stb_app.toolkit.stage import Page
from stb_app.toolkit.widgets import Plain


class StartScreen(Screen):
    """Shown while the box starts to sign in; it never stays: the device service ends in a state."""

    name = "start"

    def build(self, view: View, frame: Frame) -> Page:  # noqa: ARG002
        words = view.words
        brand = Row(
            [Plain(18, 64, "accent", 6), Text(words.local(view.profile.name), "state_title", grow=1, id="brand")]
        )
        rows: list[Element] = [
            Space(grow=1),
            brand,
            Text(
                words("Reading the card and opening the account…"), "lead", "explain", id="waiting", state=("loading",)
            ),
            Space(grow=1),
        ]
        return Page(self.name, Box(Column(rows, gap="medium", grow=1), pad_x="edge_x", pad_y="edge_y"))
