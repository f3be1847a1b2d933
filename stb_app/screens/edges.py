"""Picture edges (H2): a television that hides a part of the picture is allowed for, corner by corner."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from stb_app.controls.edges import EdgeMover
from stb_app.navigation import Back, Choose, Destination, Stay, Tell
from stb_app.screens.base import Frame, Screen, View
from stb_app.toolkit.corners import Corners
from stb_app.toolkit.elements import Box, Column, Element, Focusable, Row, Sized, Space, Text
from stb_app.toolkit.progress import Steps
from stb_app.toolkit.stage import Page
from stb_app.toolkit.widgets import KeyHint


class EdgesScreen(Screen):
    """The wizard; BACK at its start leaves everything as it was."""

    name = "edges"

    def __init__(self, edges: tuple[int, int, int, int]) -> None:
        self._mover = EdgeMover(edges)

    def finished(self, control: str, value: Any, view: View) -> Destination:  # noqa: ARG002
        said = Tell(view.words("The picture fits your television now"), "good", Back())
        return Choose(replace(view.preferences, edges=value), said)

    def cancelled(self, control: str, view: View) -> Destination:  # noqa: ARG002
        return Back()

    def select(self, focus: str, view: View) -> Destination:  # noqa: ARG002 - the mover takes OK
        return Stay()

    def build(self, view: View, frame: Frame) -> Page:
        words, mover = view.words, self._mover
        first = mover.corner == "first"
        step = words("{position} of {count}", position=1 if first else 2, count=2)
        title = words("Upper left corner") if first else words("Lower right corner")
        text = words("Move the mark with the arrows until you just see it whole")
        across, down = mover.edges[0 if first else 2], mover.edges[1 if first else 3]
        value = words("{across} across, {down} down", across=across, down=down)
        card = Column(
            [
                Steps((words("Upper left corner"), words("Lower right corner")), 0 if first else 1, step, "title"),
                Text(text, "body", "explain"),
                Text(value, "detail"),
            ],
            gap="small",
        )
        said = Focusable(
            "mover", "mover", f"{title}. {text}", card, f"{step}, {value}", control=mover,
            radius="radius_card", pad_x="large", pad_y="large",
        )  # fmt: skip
        hints: list[Element] = [
            KeyHint("OK", words("Next") if first else words("Done")),
            KeyHint("0", words("Start over")),
        ]
        back = frame.key_name("back")
        if back is not None:
            hints.append(KeyHint(back[0], frame.back_label or words("Back") if first else words("Back"), back[1]))
        middle = Sized(said, 1100 if not view.large else 1500)
        rows: list[Element] = [
            Space(grow=1),
            Row([Space(grow=1), middle, Space(grow=1)], gap=0),
            Space(grow=1),
            Row([Space(grow=1), *hints, Space(grow=1)], gap="medium"),
        ]
        body = Box(Column(rows, gap="medium", grow=1), pad_x="edge_x", pad_y="edge_y")
        return Page(self.name, Corners(body, mover.edges, mover.corner), initial="mover")
