"""The things that screens are made of, composed of elements: buttons, tiles, rows, notices, bars, QR codes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pygame

from stb_app.toolkit.elements import Box, Column, Element, Focusable, Icon, Length, Row, Space, Text
from stb_app.toolkit.ops import FrameOp, MatrixOp, PlainFillOp
from stb_app.toolkit.progress import Track
from stb_app.toolkit.scene import Kit, Node, Scene

QUIET_ZONE = 4


@dataclass
class Plain(Element):
    """A bare box of a size: the brand bar, a line, a dot."""

    width: Length
    height: Length
    colour: str
    radius: Length = 0
    grow: int = 0

    def measure(self, kit: Kit, width: int) -> tuple[int, int]:
        return min(width, kit.px(self.width)), kit.px(self.height)

    def place(self, kit: Kit, rect: pygame.Rect, scene: Scene) -> None:
        place = pygame.Rect(rect.x, rect.y, rect.width, kit.px(self.height))
        scene.ops.append(PlainFillOp(place, scene.owner, scene.clip, self.colour, kit.px(self.radius)))


def line() -> Plain:
    """A thin line across."""
    return Plain(1, 2, "line")


def button(name: str, label: str, *, grow: int = 0, large: bool = False) -> Focusable:
    """A verb on a surface."""
    text = Text(label, "row", align="start" if large else "center")
    return Focusable(name, "button", label, text, fill="raised", min_height="height_button", grow=grow, pad_x="large")


def tile(name: str, icon: str, title: str, note: str) -> Focusable:
    """A way to another screen: icon above, what it is and what stands there now below."""
    words = Column([Text(title, "card_title", smaller=("body", "detail")), Text(note, "detail", "explain")], gap=4)
    child = Column([Icon(icon), Space(grow=1), words], gap="small", grow=1)
    return Focusable(name, "button", title, child, value=note, radius="radius_card", pad_y="medium", min_height=280)


def row(
    name: str,
    label: str,
    value: str = "",
    *,
    note: str = "",
    tone: str = "text",
    badge: tuple[str, str] | None = None,
    stacked: bool = False,
    role: str = "row",
) -> Focusable:
    """A line of a list: label left, value right; ``badge`` is (text, tone); ``stacked`` puts badge and value below."""
    left: list[Element] = [Text(label, "row")]
    if note:
        left.append(Text(note, "detail", "explain"))
    mark = [badge_of(*badge)] if badge else []
    right = [Text(value, "sum", tone, tabular=True, align="end")] if value else []
    child: Element
    if stacked:
        below = [*mark, *(_start(text) for text in right)]
        child = Column([*left, *([Row(below, gap="medium")] if below else [])], gap=4)
    else:
        child = Row([Column(left, gap=0, grow=1), *mark, *right], gap="medium")
    said = ", ".join(part for part in (value, note, badge[0] if badge else "") if part)
    return Focusable(name, role, label, child, value=said, min_height="height_row", pad_x="medium")


def _start(text: Text) -> Text:
    text.align = "start"
    return text


def badge_of(text: str, tone: str) -> Box:
    """A state in a word: ``tone`` good, attention or bad."""
    return Box(Text(text, "badge", tone), f"{tone}_surface", "radius_badge", pad_x="small", pad_y=4)


def notice(text: str, tone: str, icon: str) -> Box:
    """Something to know, with a shape beside its colour; tone ``explain`` is a calm one."""
    child, fill = _noticed(text, tone, icon)
    return Box(child, fill, "radius_row", pad_x="medium", pad_y="small", min_height="height_button")


def notice_row(name: str, text: str, tone: str, icon: str) -> Focusable:
    """A notice that the focus stops at, for lists: it may be as high as the screen, and is read out."""
    child, fill = _noticed(text, tone, icon)
    return Focusable(name, "notice", text, child, fill=fill, min_height="height_button")


def _noticed(text: str, tone: str, icon: str) -> tuple[Row, str]:
    said = Text(text, "body", "text", grow=1, id="notice", role="notice")
    fill = "surface" if tone == "explain" else f"{tone}_surface"
    return Row([Icon(icon, colour=tone, ems=1.25), said], gap="medium"), fill


@dataclass
class Segments(Element):
    """A bar in equal segments, each a monthly charge; ``filled`` of them, in parts too, are covered."""

    count: int
    filled: float
    tone: str
    label: str
    value: str

    def measure(self, kit: Kit, width: int) -> tuple[int, int]:
        return width, kit.px("height_bar")

    def place(self, kit: Kit, rect: pygame.Rect, scene: Scene) -> None:
        Track(self.filled, self.count, self.tone).place(kit, rect, scene)
        scene.say(Node(scene.unique("meter"), "meter", self.label, self.value, rect=rect))


@dataclass
class QR(Element):
    """A QR code (ISO/IEC 18004, error correction M) of ``payload``; ``label`` says what it holds."""

    payload: str
    label: str
    side: int = 480

    def measure(self, kit: Kit, width: int) -> tuple[int, int]:
        side = min(width, kit.px(self.side))
        return side, side

    def place(self, kit: Kit, rect: pygame.Rect, scene: Scene) -> None:
        import segno  # Here: it brings HTTP and XML along, and no screen that opens first shows a code

        rows = tuple(tuple(each) for each in segno.make(self.payload, error="m", micro=False).matrix)
        side = min(rect.width, kit.px(self.side))
        module = max(2, side // (len(rows) + 2 * QUIET_ZONE))
        place = pygame.Rect(rect.x + (rect.width - side) // 2, rect.y, side, side)
        scene.ops.append(MatrixOp(place, scene.owner, scene.clip, rows, module))
        scene.say(Node(scene.unique("qr"), "image", self.label, rect=place))


@dataclass
class KeyHint(Element):
    """A key of the remote and what it does now, for the footer; ``colour`` None draws a frame."""

    key: str
    label: str
    colour: str | None = None

    def _key_width(self, kit: Kit) -> int:
        pad = kit.px("small") if self.colour is None else kit.px("tight") * 2
        return max(kit.px(48), kit.text.width(self.key, "key") + 2 * pad)

    def measure(self, kit: Kit, width: int) -> tuple[int, int]:
        words = kit.text.width(self.label, "footer")
        high = max(kit.text.line_height("footer"), kit.text.line_height("key") + kit.px(4))
        return min(width, self._key_width(kit) + kit.px("small") + words), high

    def place(self, kit: Kit, rect: pygame.Rect, scene: Scene) -> None:
        wide, high = self._key_width(kit), kit.text.line_height("key")
        cap = pygame.Rect(rect.x, rect.y + (rect.height - high) // 2, wide, high)
        if self.colour is None:
            scene.ops.append(FrameOp(cap, scene.owner, scene.clip, "quiet", kit.px("radius_key"), max(2, kit.px(3))))
        else:
            scene.ops.append(PlainFillOp(cap, scene.owner, scene.clip, self.colour, kit.px("radius_key")))
        with scene.group(Node(scene.unique("hint"), "hint", self.label, self.key, rect=rect)), scene.silent():
            ink = "text" if self.colour is None else "ink"
            Text(self.key, "key", ink, align="center").place(kit, cap, scene)
            left = rect.x + wide + kit.px("small")
            words = pygame.Rect(left, rect.y, rect.right - left, rect.height)
            Row([Text(self.label, "footer", "explain", grow=1)]).place(kit, words, scene)


@dataclass
class Fitting(Element):
    """Children in a row, those behind dropped that do not fit whole: a footer is never cut."""

    children: Sequence[Element]
    gap: Length = "large"
    grow: int = 1

    def measure(self, kit: Kit, width: int) -> tuple[int, int]:
        return width, max((child.extent(kit, width)[1] for child in self.children), default=0)

    def place(self, kit: Kit, rect: pygame.Rect, scene: Scene) -> None:
        x = rect.x
        for child in self.children:
            wide, high = child.extent(kit, 10 * rect.width)
            if x + wide > rect.right:
                return
            child.place(kit, pygame.Rect(x, rect.y + (rect.height - high) // 2, wide, high), scene)
            x += wide + kit.px(self.gap)
