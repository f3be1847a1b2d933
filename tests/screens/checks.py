"""What must hold on every screen (quality.md, "Picture"), read off the laid-out scene. Each check names its findings.

Rectangles are those that are seen: what a list's end cuts off counts as cut, what lies outside it as absent.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations, pairwise

import pygame

from stb_app.toolkit.contrast import SHAPE, contrast
from stb_app.toolkit.focus import Direction
from stb_app.toolkit.ops import FadeOp, FillOp, IconOp, MatrixOp, PlainFillOp, SceneryOp, TextOp
from stb_app.toolkit.scene import Kit, Node, Op, Scene
from stb_app.toolkit.theme import STRONG
from tools.pilot.pilot import Pilot

EDGE_X, EDGE_Y = 96, 54
RING_REACH = 12
SMALLEST_TEXT = 28
SMALLEST_BODY = 32
DETAILS = ("detail", "badge")
"""Styles of what a text adds to another one, which may be smaller than the body."""
RING_WIDTH, RING_CONTRAST = 4, 3.0
XL_BODY = 84
HEADER = 80
"""Height of header and of footer, at most."""
OF_THE_FRAME = ("header", "header_note", "footer", "key")
"""Styles of header and footer, which stay smaller than the body at size XL (design.md)."""
STRONG_COLOURS = ("text", "explain", "ink", "ink_explain")
CURRENCIES = "₽€"
PADDING, TILE = 28, 600
ENDLESS = 100_000
STEPS, MOST_CHANGES = 30, 3
"""Of a second that is watched."""
DIRECTIONS: tuple[Direction, ...] = ("UP", "DOWN", "LEFT", "RIGHT")


@dataclass(frozen=True)
class Seen:
    """A text, or another thing that is drawn, and the part of it that is seen."""

    op: Op
    index: int
    rect: pygame.Rect
    whole: bool


class Sight:
    """One picture: the scene, what is seen of it, and the tree that speaks of it; ``over``, what lies over it."""

    def __init__(self, pilot: Pilot, over: Scene | None = None) -> None:
        stage = pilot.app._stage
        self.kit: Kit = stage.kit
        self.scene: Scene = over or stage._scene
        self.focus = None if over else stage.focus
        self.tree: Node = self.scene.visible_tree() if over else stage.tree()
        self.screen = stage._frame
        """What the television shows of the canvas, as the viewer has said."""
        everything = [each for each in map(self._seen, range(len(self.scene.ops))) if each is not None]
        self.texts = [each for each in everything if isinstance(each.op, TextOp)]
        self.pictures = [each for each in everything if isinstance(each.op, IconOp | MatrixOp | SceneryOp)]
        self.boxes = [each for each in everything if isinstance(each.op, FillOp)]
        self.fades = [each for each in everything if isinstance(each.op, FadeOp)]
        self.focusables = {
            node.id: node.rect for node in self.tree.walk() if node.focusable and node.rect.width and node.rect.height
        }

    def _seen(self, index: int) -> Seen | None:
        op = self.scene.ops[index]
        rect = op.rect.clip(op.clip) if op.clip else op.rect
        if not rect.width or not rect.height:
            return None
        return Seen(op, index, rect, rect == op.rect)

    def px(self, length: int) -> int:
        return round(length * self.kit.theme.scale)

    @property
    def safe(self) -> pygame.Rect:
        return self.screen.inflate(-2 * self.px(EDGE_X), -2 * self.px(EDGE_Y))

    def in_frame(self, text: Seen) -> bool:
        """Whether a text is header's or footer's: by its style, and by where it stands."""
        above, below = self.safe.top + self.px(HEADER), self.safe.bottom - self.px(HEADER)
        return _style(text) in OF_THE_FRAME and (text.rect.bottom <= above or text.rect.top >= below)

    @property
    def footer(self) -> list[Seen]:
        middle = self.screen.centery
        return [each for each in self.texts if _style(each) in ("footer", "key") and each.rect.top > middle]


def findings(pilot: Pilot) -> Iterator[str]:
    """Everything that is wrong with the picture as it stands."""
    sight = Sight(pilot)
    for check in CHECKS:
        yield from check(sight)
    over = pilot.app._stage._over
    if over is not None:
        for check in OF_WHAT_LIES_OVER:
            yield from (f"over it: {finding}" for finding in check(Sight(pilot, over)))


def edges(sight: Sight) -> Iterator[str]:
    """Text and focus inside the safe edges; the ring may pass them by 12 px."""
    for text in sight.texts:
        if not sight.safe.contains(text.rect):
            yield f"{_quote(text)} at {_at(text.rect)} passes the safe edges"
    for name, rect in sight.focusables.items():
        if not sight.safe.contains(rect):
            yield f"focusable {name} at {_at(rect)} passes the safe edges"
    reach = sight.safe.inflate(2 * sight.px(RING_REACH), 2 * sight.px(RING_REACH))
    for box in sight.boxes:
        if isinstance(box.op, FillOp) and box.op.ring and box.op.owner == sight.focus:
            ring = box.op.bounds(sight.kit)
            seen = ring.clip(box.op.clip) if box.op.clip else ring
            if seen != ring:
                yield f"the ring of {sight.focus} is cut: {_at(ring)} in {_at(seen)}"
            if not reach.contains(seen):
                yield f"the ring of {sight.focus} at {_at(seen)} passes the safe edges by more than {RING_REACH}"


def sizes(sight: Sight) -> Iterator[str]:
    """No text under 28 px, the body 32 or more; at XL 84 or more."""
    for text in sight.texts:
        style = _style(text)
        size = sight.kit.theme.font_px(style)
        if size < sight.px(SMALLEST_TEXT):
            yield f"{_quote(text)} is {size} px ({style})"
        elif size < sight.px(SMALLEST_BODY) and style not in (*DETAILS, *OF_THE_FRAME):
            yield f"{_quote(text)} is {size} px, and no detail ({style})"
        if sight.kit.theme.text_size == "XL" and size < sight.px(XL_BODY) and not sight.in_frame(text):
            yield f"{_quote(text)} is {size} px at XL ({style})"


def overlaps(sight: Sight) -> Iterator[str]:
    """No two texts, and no text and picture, on one place; no focusable on another."""
    for one, other in combinations([*sight.texts, *sight.pictures], 2):
        if one.rect.colliderect(other.rect):
            yield f"{_quote(one)} and {_quote(other)} overlap at {_at(one.rect.clip(other.rect))}"
    for (name, one_rect), (other_name, other_rect) in combinations(sight.focusables.items(), 2):
        if one_rect.colliderect(other_rect):
            yield f"focusables {name} and {other_name} overlap at {_at(one_rect.clip(other_rect))}"


def cuts(sight: Sight) -> Iterator[str]:
    """A text lies wholly in or wholly outside every box; only a list's end cuts, at its bottom."""
    for text in sight.texts:
        for box in sight.boxes:
            common = text.rect.clip(box.rect)
            if not common.width or not common.height:
                continue
            if box.index > text.index:
                yield f"{_quote(text)} is covered by a box at {_at(box.rect)}"
            elif not box.op.rect.contains(text.op.rect if box.op.clip == text.op.clip else text.rect):
                yield f"{_quote(text)} at {_at(text.op.rect)} leaves its box {_at(box.op.rect)}"
        clip = text.op.clip
        if clip is not None and not text.whole:
            at_the_end = text.op.rect.clip((clip.x, clip.y, clip.width, sight.screen.bottom)) == text.op.rect
            if not at_the_end:
                yield f"{_quote(text)} at {_at(text.op.rect)} is cut by its list {_at(clip)}"


def ring(sight: Sight) -> Iterator[str]:
    """The focus is a shape of 4 px or more, and stands out from everything that it lies on."""
    if sight.focus not in sight.focusables:
        return
    rings = [box for box in sight.boxes if isinstance(box.op, FillOp) and box.op.ring and box.op.owner == sight.focus]
    if len(rings) != 1:
        yield f"the focused {sight.focus} has {len(rings)} rings"
    theme = sight.kit.theme
    if sight.kit.px("ring_width") < sight.px(RING_WIDTH):
        yield f"the ring is {sight.kit.px('ring_width')} px wide"
    for box in rings:
        reach = box.op.bounds(sight.kit)
        under = [each for each in sight.boxes if each.index < box.index and each.rect.colliderect(reach)]
        whole = [each.op.colour for each in under if isinstance(each.op, FillOp) and each.rect.contains(reach)]
        part = [each.op.colour for each in under if isinstance(each.op, FillOp) and not each.rect.contains(reach)]
        for name in {*(whole[-1:] or ("background_top", "background_bottom")), *part}:
            ratio = contrast(theme.colour("ring"), theme.colour(name))
            if ratio < RING_CONTRAST:
                yield f"the ring of {sight.focus} on {name} has {ratio:.2f} of {RING_CONTRAST}"


def ring_room(sight: Sight) -> Iterator[str]:
    """The ring touches no text but the focused one's."""
    for box in sight.boxes:
        if not (isinstance(box.op, FillOp) and box.op.ring and box.op.owner == sight.focus):
            continue
        ring = box.op.bounds(sight.kit)
        for text in sight.texts:
            if text.op.owner != sight.focus and ring.colliderect(text.rect):
                yield f"the ring of {sight.focus} touches {_quote(text)}"
        for fade in sight.fades:
            if fade.rect.colliderect(box.rect):
                yield f"the focused {sight.focus} fades"


def footer(sight: Sight) -> Iterator[str]:
    """Nothing over the footer."""
    if not sight.footer:
        return
    top = min(each.rect.top for each in sight.footer)
    mine = {id(each) for each in sight.footer}
    for each in [*sight.texts, *sight.pictures]:
        if id(each) not in mine and each.rect.bottom > top:
            yield f"{_quote(each)} at {_at(each.rect)} is over the footer, which begins at {top}"
    for name, rect in sight.focusables.items():
        if rect.bottom > top:
            yield f"focusable {name} at {_at(rect)} is over the footer, which begins at {top}"


def peeks(sight: Sight) -> Iterator[str]:
    """Only the last visible row of a list is cut, and never the focused one."""
    for parent in sight.tree.walk():
        for node in parent.children:
            if "peek" not in node.state:
                continue
            if node.id == sight.focus:
                yield f"the focused {node.id} is not whole: {_at(node.rect)}"
            elif parent.role == "list" and node.rect.y < parent.children[-1].rect.y:
                yield f"{node.id} is cut in the middle of its list"


def words_kept(sight: Sight) -> Iterator[str]:
    """No sum is broken over two lines, no word between letters but one that fits into no tile and no half of a row."""
    said = [f"{node.label} {node.value}".replace("**", "") for node in sight.tree.walk()]
    for one, other in pairwise(sight.texts):
        if one.op.owner != other.op.owner or other.op.rect.y != one.op.rect.bottom:
            # Not a line and the next one of the same text
            continue
        assert isinstance(one.op, TextOp) and isinstance(other.op, TextOp)
        if other.op.text[:1] in CURRENCIES and one.op.text[-1:].isdigit():
            yield f"'{one.op.text} {other.op.text}': a sum is broken over two lines"
        if one.op.style != other.op.style or not any(one.op.text + other.op.text in each for each in said):
            continue
        word = (one.op.text.split(" ") or [""])[-1] + other.op.text.split(" ")[0]
        room = sight.scene.focusables[one.op.owner].width if one.op.owner else sight.safe.width
        fits = max(room // 2, min(room - 2 * sight.px(PADDING), sight.px(TILE)))
        wide = sight.kit.text.width(word, one.op.style, one.op.tabular)
        if wide <= fits or any(currency in word for currency in CURRENCIES):
            yield f"'{word}' is broken over two lines"


def spoken(sight: Sight) -> Iterator[str]:
    """Every text that is seen is in the tree, every focusable and text of the tree has something to say."""
    said = [_plain(f"{node.label} {node.value}") for node in sight.tree.walk()]
    for text in sight.texts:
        if isinstance(text.op, TextOp) and not any(_plain(text.op.text) in each for each in said):
            yield f"{_quote(text)} is drawn and not in the tree"
    for node in sight.tree.walk():
        if node.role not in ("screen", "list", "banner", "contentinfo") and not node.label.strip():
            yield f"{node.role} {node.id} says nothing"


def contrasts(sight: Sight) -> Iterator[str]:
    """Each text on what lies under it: 7 for what is said and explained, 4.5 for the rest."""
    theme = sight.kit.theme
    for text in sight.texts:
        if not isinstance(text.op, TextOp):
            continue
        focused = text.op.owner is not None and text.op.owner == sight.focus
        token = text.op.colour
        colour = theme.colour(token, focused)
        needed = 7.0 if token in STRONG_COLOURS and _style(text) not in ("key", "footer") else 4.5
        for name, ground in _grounds(sight, text):
            ratio = contrast(colour, ground)
            if ratio < needed:
                yield f"{_quote(text)}: {token} on {name} has {ratio:.2f} of {needed}"


def shapes(sight: Sight) -> Iterator[str]:
    """Icons, and what is filled inside of the focused thing, on what lies under them: 3, or the same colour."""
    icons = [each for each in sight.pictures if isinstance(each.op, IconOp)]
    focused = [box for box in sight.boxes if box.op.owner is not None and box.op.owner == sight.focus]
    for each in [*icons, *focused]:
        assert isinstance(each.op, IconOp | FillOp)
        if isinstance(each.op, FillOp) and each.op.ring:
            continue
        lit = each.op.owner == sight.focus and not isinstance(each.op, PlainFillOp)
        colour = sight.kit.theme.colour(each.op.colour, lit and each.op.owner is not None)
        for name, ground in _grounds(sight, each):
            ratio = contrast(colour, ground)
            if colour != ground and ratio < SHAPE:
                yield f"{_quote(each)} at {_at(each.rect)}: {each.op.colour} on {name} has {ratio:.2f} of {SHAPE}"


def _grounds(sight: Sight, text: Seen) -> list[tuple[str, tuple[int, int, int]]]:
    theme = sight.kit.theme
    under = [box for box in sight.boxes if box.index < text.index and box.rect.colliderect(text.rect)]
    if not under:
        return [(name, theme.colour(name)) for name in ("background_top", "background_bottom")]
    op = under[-1].op
    assert isinstance(op, FillOp)
    focused = op.owner is not None and op.owner == sight.focus and not isinstance(op, PlainFillOp)
    return [(op.colour, theme.colour(op.colour, focused))]


def says_something(sight: Sight) -> Iterator[str]:
    """Never a blank: between header and footer there is a text."""
    if all(sight.in_frame(text) for text in sight.texts):
        yield "the screen is blank"


def has_focus(sight: Sight) -> Iterator[str]:
    """A focus exists wherever something can have it, and is seen."""
    if sight.scene.focusables and sight.focus is None:
        yield "nothing has the focus"
    if sight.focus is not None and sight.focus not in sight.focusables:
        yield f"the focused {sight.focus} is not seen"


def reachable(sight: Sight) -> Iterator[str]:
    """The arrows lead from everywhere to everywhere."""
    places = sight.scene.focusables
    step = sight.scene.map.step
    ways = {name: {step(name, direction) for direction in DIRECTIONS} - {None} for name in places}
    for start in list(places)[:1] + list(places)[-1:]:
        found, waiting = {start}, [start]
        while waiting:
            for name in ways.get(waiting.pop(), ()):
                if name is not None and name not in found:
                    found.add(name)
                    waiting.append(name)
        for name in places.keys() - found:
            yield f"no arrows lead from {start} to {name}"


def steady(pilot: Pilot) -> Iterator[str]:
    """Nothing flashes: while no key is pressed, the picture changes three times a second at most (WCAG 2.3.1)."""
    shown = pilot.platform.presents
    for _ in range(STEPS):
        pilot.advance(1 / STEPS)
    if pilot.platform.presents - shown > MOST_CHANGES:
        yield f"the picture changes {pilot.platform.presents - shown} times in a second by itself"


TextName = tuple[str | None, str, str]
"""Owner, style, words."""


def texts_of(pilot: Pilot) -> set[TextName]:
    """All texts of the page, were its lists as long as they need."""
    sight = Sight(pilot)
    whole = sight.scene
    page = pilot.app._stage.page
    if whole.scrolls and page is not None:
        endless = Scene(sight.focus)
        page.body.place(sight.kit, pygame.Rect(0, 0, sight.screen.width, ENDLESS), endless)
        # A panel that has room for everything lays it out otherwise: then each part is a stop, which a focus shows
        whole = endless if endless.order == whole.order else whole
    return {(op.owner, op.style, op.text) for op in whole.ops if isinstance(op, TextOp)}


def seen_whole(pilot: Pilot) -> set[TextName]:
    """The texts of the page that are seen whole now."""
    texts = Sight(pilot).texts
    return {
        (text.op.owner, text.op.style, text.op.text) for text in texts if text.whole and isinstance(text.op, TextOp)
    }


def _style(text: Seen) -> str:
    assert isinstance(text.op, TextOp)
    return text.op.style.rstrip(STRONG)


def _quote(each: Seen) -> str:
    return f"'{each.op.text}'" if isinstance(each.op, TextOp) else type(each.op).__name__


def _plain(text: str) -> str:
    return " ".join(text.replace("**", "").split())


def _at(rect: pygame.Rect) -> str:
    return f"{rect.x},{rect.y} {rect.width}x{rect.height}"


CHECKS = (
    edges,
    sizes,
    overlaps,
    cuts,
    ring,
    ring_room,
    footer,
    peeks,
    words_kept,
    spoken,
    contrasts,
    shapes,
    says_something,
    has_focus,
    reachable,
)
OF_WHAT_LIES_OVER = (edges, sizes, overlaps, cuts, words_kept, spoken, contrasts)
