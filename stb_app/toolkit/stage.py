"""Holds what is on the canvas: lays a page out, moves the focus, and repaints only what changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pygame

from stb_app.controls.port import Control
from stb_app.toolkit.backdrop import FULL_COLOUR
from stb_app.toolkit.elements import Element
from stb_app.toolkit.focus import Direction, FocusMemory, nearest, next_of_kin
from stb_app.toolkit.going_on import go_on
from stb_app.toolkit.motion import FRAME_S, Glide, Ring
from stb_app.toolkit.ops import FillOp, VeilOp
from stb_app.toolkit.painting import Painter, merged, widened
from stb_app.toolkit.scene import Kit, Node, Op, Scene
from stb_app.toolkit.scrolling import ScrollArea

MOST_HEIRS = 3


@dataclass
class Page:
    """One laid-out screen: ``name`` and ``code`` as the dump says them, ``body`` fills the whole canvas."""

    name: str
    body: Element
    code: str = ""
    initial: str | tuple[str, ...] | None = None
    """What has the focus where nothing was focused before; of several the first that is there."""
    follows_focus: bool = False
    """The page shows something of the focused thing: it is built anew when the focus moves."""
    offsets: dict[str, int] = field(default_factory=dict)
    """The row at which each list stands, by its id."""

    @property
    def first(self) -> str | None:
        """The one of ``initial`` that is asked for first."""
        return self.initial[0] if isinstance(self.initial, tuple) else self.initial

    def starts_at(self, scene: Scene) -> str | None:
        """Who has the focus first of those that there are."""
        wanted = self.initial if isinstance(self.initial, tuple) else (self.initial,)
        return next((name for name in wanted if name in scene), None) or next(iter(scene.focusables), None)


class Stage:
    """The canvas of one text size and resolution. Not thread-safe: the UI loop owns it.

    ``motion``: the ring glides to where the focus goes. ``edges``: left, top, right and bottom in design pixels that
    the television hides; the background goes on there, nothing else does. ``steps``: of the levels that it can show.
    """

    def __init__(
        self,
        kit: Kit,
        surface: pygame.Surface,
        *,
        motion: bool = False,
        edges: tuple[int, int, int, int] = (0, 0, 0, 0),
        steps: tuple[int, int, int] = FULL_COLOUR,
    ) -> None:
        self.kit = kit
        self.surface = surface
        left, top, right, bottom = (kit.px(edge) for edge in edges)
        width, height = kit.size
        self._frame = pygame.Rect(left, top, width - left - right, height - top - bottom)
        self._motion = motion
        self._glide: Glide | None = None
        self._ring: Ring | None = None
        """Where the ring was painted last."""
        self._over: Scene | None = None
        """What lies over the page without a focus: a toast."""
        self.focus: str | None = None
        self.page: Page | None = None
        self._scene = Scene()
        self._pages_under: Sequence[Page] = ()
        self._under: list[Op] = []
        """What a modal covers: painted, and dead to keys and speech."""
        self._memory = FocusMemory()
        self._missed: tuple[str, ...] = ()
        """What had the focus, is gone, and gets it back when it comes back, unless an arrow was pressed meanwhile: the
        one that the viewer chose, then those that took over."""
        self._kin: tuple[str, ...] = ()
        """What could have the focus beside the last of them, in reading order."""
        self._dirty: list[pygame.Rect] = []
        self._painter = Painter(kit, surface, steps)

    @property
    def wanted(self) -> str | None:
        """What has the focus, or would have it were it there: what to come back to."""
        return self._missed[0] if self._missed else self.focus

    @property
    def order(self) -> tuple[str, ...]:
        """What can have the focus, in reading order."""
        return self._scene.order

    def show(
        self,
        page: Page,
        focus: str | None,
        *,
        fresh: bool = True,
        under: Sequence[Page] = (),
        over: Element | None = None,
        order: Sequence[str] = (),
    ) -> None:
        """Put ``page`` on the canvas with ``focus``, or who takes over from it; marks what differs as dirty.

        ``fresh``: another screen than before, which starts at its own offsets and forgets the way that the focus went;
        ``order`` is what could have the focus there when it was left. ``under``: the pages that this one, a modal,
        lies on, the lowest first; each keeps its ``offsets`` and has its ``initial`` as the focus; the same list as
        before stays as it is. ``over``: what lies over all of it, out of reach of the focus.
        """
        before, old_under, old_over = self._scene, self._under, self._over
        if fresh:
            self._memory.clear()
            self._missed, self._kin = (), tuple(order)
            offsets = dict(page.offsets)
        else:
            offsets = _stands(before)
            if self.focus is not None:
                self._kin = next((tuple(each.held) for each in before.scrolls if self.focus in each.held), ())
        hoped = list(dict.fromkeys([*self._missed, *([focus] if focus is not None else [])]))
        wanted = hoped[0] if hoped else page.first
        scene = self._layout(page, wanted, offsets)
        if wanted not in scene.focusables:
            wanted = next((name for name in hoped if name in scene), None)
            wanted = wanted or self._heir(scene, page, hoped[-1] if hoped else None, fresh=fresh)
            scene = self._layout(page, wanted, offsets)
        missed = hoped[: hoped.index(wanted)] if wanted in hoped else hoped
        self._missed = (*missed[:1], *missed[1:][-MOST_HEIRS:])
        if under is not self._pages_under:
            self._pages_under, self._under = under, [op for each in under for op in self._behind(each)]
        self._over = self._laid_over(over)
        was, now = [*before.ops, *_ops(old_over)], [*scene.ops, *_ops(self._over)]
        if old_under is not self._under:
            was, now = [*old_under, *was], [*self._under, *now]
        self._mark_difference(was, now, self.focus, wanted)
        if wanted != self.focus:
            self._memory.settle()
        self.page, self._scene, self.focus = page, scene, wanted
        if self._glide is not None and (fresh or self._glide.end != self._ring_now()):
            self._mark_ring(self._ring)
            self._glide = None
        if wanted is not None:
            scene.map.stand(wanted, self._memory)

    def _heir(self, scene: Scene, page: Page, gone: str | None, *, fresh: bool) -> str | None:
        """Who takes over from ``gone``: the next one of its list, else the one nearest to where it was."""
        if gone is None or gone in self._scene.passing:
            return page.starts_at(scene)
        heir = next_of_kin(self._kin, gone, scene)
        if heir is None and not fresh and gone in self._scene.focusables:
            heir = nearest(scene.focusables, self._scene.focusables[gone])
        return heir or page.starts_at(scene)

    def _behind(self, page: Page) -> list[Op]:
        """A page below a modal, as it stands there, under a veil."""
        scene = self._layout(page, page.first, page.offsets)
        # Copies: the page may be laid out again, then on top
        ops = [op.moved(0, 0, op.clip) for op in scene.ops]
        for op in ops:
            op.owner = None
        return [*ops, VeilOp(pygame.Rect((0, 0), self.kit.size), None, None)]

    def _layout(self, page: Page, focus: str | None, offsets: dict[str, int]) -> Scene:
        canvas = pygame.Rect((0, 0), self.kit.size)
        scene = Scene(focus, offsets, Node(page.name, "screen", "", rect=canvas))
        page.body.place(self.kit, self._frame, scene)
        return scene

    def _laid_over(self, over: Element | None) -> Scene | None:
        if over is None:
            return None
        scene = Scene()
        over.place(self.kit, self._frame, scene)
        return scene

    def move(self, direction: Direction) -> bool:
        """Move the focus; False at the edge, where nothing changes."""
        if self.focus is None or self.page is None:
            return False
        target = self._scene.map.step(self.focus, direction, self._memory)
        if target is None:
            return False
        self._scene.map.moved(self.focus, direction, target, self._memory)
        self._give(self.page, target)
        return True

    def set_focus(self, target: str) -> None:
        """Give the focus to an id of this page; a list scrolls to it."""
        if self.page is not None and target in self._scene and target != self.focus:
            self._memory.settle()
            self._give(self.page, target)
            self._scene.map.stand(target, self._memory)

    def _list(self) -> ScrollArea | None:
        """The list that has the focus."""
        return next((each for each in self._scene.scrolls if self.focus in each.held), None)

    @property
    def rows(self) -> int:
        """How many things can have the focus in the list that has it; 0 where none has, and for a single one."""
        area = self._list()
        return len(area.order) if area is not None and len(area.order) > 1 else 0

    @property
    def near_end(self) -> bool:
        """Whether the focus comes near the end of its list: what there is of it more should be had."""
        area = self._list()
        return area is not None and self.focus is not None and area.near_end(self.focus)

    def go_to_row(self, number: int) -> bool:
        """The focus to one of ``rows``, counted from 1, the last where there are fewer; False where it stays."""
        area, before = self._list(), self.focus
        if area is not None:
            names = list(area.order)
            self.set_focus(names[min(number, len(names)) - 1])
        return self.focus != before

    def turn(self, down: bool) -> bool:
        """A page down or up in the list that has the focus; False where there is none, and at its end."""
        area = self._list()
        if area is None or self.focus is None or self.page is None:
            return False
        first, target = area.paged(self.focus, down)
        if target == self.focus and first == area.first:
            return False
        self._memory.settle()
        self._give(self.page, target, {area.id: first})
        self._scene.map.stand(target, self._memory)
        return True

    def _give(self, page: Page, target: str, stands: Mapping[str, int] | None = None) -> None:
        old, self.focus, self._missed = self.focus, target, ()
        started = self._ring
        self._to(page, target, old, stands or {})
        ended = self._ring_now()
        self._glide = None
        if self._motion and started is not None and ended is not None and started != ended:
            self._glide = Glide(started, ended)

    def _to(self, page: Page, target: str, old: str | None, stands: Mapping[str, int]) -> None:
        goes = dict(stands)
        for area in self._scene.scrolls:
            if target in area.held and area.id not in goes and area.first != (first := area.first_for(target)):
                goes[area.id] = first
        if goes and not self._go_on(target, old, goes):
            scene = self._layout(page, target, {**_stands(self._scene), **goes})
            self._mark_difference(self._scene.ops, scene.ops, old, target)
            self._scene = scene
            return
        if not goes:
            self._mark_owner(self._scene, old)
            self._mark_owner(self._scene, target)
        for follower in self._scene.followers:
            touched = follower.follow(self.kit, target)
            if touched is not None:
                self._dirty.append(touched)

    def _go_on(self, target: str, old: str | None, goes: Mapping[str, int]) -> bool:
        """Let the list that has the focus and keeps it go on; False where there is more to do."""
        name, first = next(iter(goes.items()))
        area = next(each for each in self._scene.scrolls if each.id == name)
        if len(goes) > 1 or old not in area.held or target not in area.held:
            return False
        changed = go_on(self._scene, name, first, target)
        if changed is not None:
            self._mark_difference(*changed, old, target)
        return changed is not None

    @property
    def control(self) -> Control | None:
        """What gets the keys first: the control of the focused thing."""
        return self._scene.controls.get(self.focus or "")

    @property
    def disabled(self) -> bool:
        """Whether the focused thing does nothing now."""
        return self.focus in self._scene.disabled

    @property
    def does(self) -> str | None:
        """The action that OK does on the focused thing, whatever the screen; None where that is the screen's."""
        return self._scene.does.get(self.focus or "")

    @property
    def confirming(self) -> Node | None:
        """What the focused thing says, where OK on it spends or changes something."""
        return self._scene.confirming.get(self.focus or "")

    def offsets(self) -> dict[str, int]:
        """The row at which each list stands, by its id."""
        return _stands(self._scene)

    def _mark_owner(self, scene: Scene, owner: str | None) -> None:
        for op in scene.ops:
            if op.owner == owner and owner is not None:
                self._dirty.append(self._marks(op, True))

    @staticmethod
    def _touched(bounds: pygame.Rect, clip: pygame.Rect | None) -> pygame.Rect:
        return bounds.clip(clip) if clip else bounds

    def _mark_difference(self, before: list[Op], after: list[Op], old: str | None, new: str | None) -> None:
        """Mark what is painted otherwise than before. Who owns it does not matter, but who has the focus does: a list
        that goes on by a row has the same boxes in the same places.
        """
        was, now = (
            [(op.owner is not None and op.owner == focus, op.looks or op.look()) for op in ops]
            for ops, focus in ((before, old), (after, new))
        )
        left = Counter(was)
        for op, look in zip(after, now, strict=True):
            if left.get(look):
                left[look] -= 1
            else:
                self._dirty.append(self._marks(op, look[0]))
        self._dirty += [self._marks(op, look[0]) for op, look in zip(before, was, strict=True) if left[look]]

    def _marks(self, op: Op, focused: bool) -> pygame.Rect:
        """What must be painted anew for it; with the focus the ring too."""
        return self._touched(op.bounds(self.kit), op.clip) if focused else op.touches(self.kit)

    # The ring

    def _ring_now(self) -> Ring | None:
        """Around the focused thing; None where nothing has the focus."""
        focus = self.focus
        if focus is None:
            return None
        for op in self._scene.ops:
            if op.owner == focus and isinstance(op, FillOp) and op.ring:
                return Ring(op.rect, op.radius, op.clip)
        return None

    @property
    def deadline(self) -> float | None:
        """Seconds until ``tick`` should be called for the next frame; None while nothing moves."""
        return None if self._glide is None else FRAME_S

    def tick(self, now: float) -> None:
        """Where the moving ring is at ``now``, seconds of a monotonic clock."""
        if self._glide is None:
            return
        self._glide.tick(now)
        self._mark_ring(self._ring)
        self._mark_ring(self._glide.ring)
        if self._glide.over:
            self._glide = None

    def _mark_ring(self, ring: Ring | None) -> None:
        if ring is not None:
            reach = self.kit.px("ring_width") + self.kit.px("ring_gap")
            self._dirty.append(self._touched(ring.box.inflate(2 * reach, 2 * reach), ring.clip))

    def expose(self) -> None:
        """Everything must be painted: the first picture, or a window that was covered."""
        self._dirty = [pygame.Rect((0, 0), self.kit.size)]

    def paint(self) -> list[pygame.Rect]:
        """Paint what is dirty; returns the rectangles to present, none where nothing changed."""
        if not self._dirty:
            return []
        whole = pygame.Rect((0, 0), self.kit.size)
        rects = merged(widened(rect).clip(whole) for rect in self._dirty)
        self._dirty = []
        self._ring = self._ring_now() if self._glide is None else self._glide.ring
        self._painter.paint(rects, [*self._under, *self._scene.ops], _ops(self._over), self._ring, self.focus)
        return rects

    def get_ready(self) -> None:
        """What the next key will want, while nobody waits: the rows around those in sight."""
        for area in self._scene.scrolls:
            area.get_ready()

    def tree(self) -> Node:
        """The semantic tree of what is visible now."""
        tree = self._scene.visible_tree()
        if self._over is not None:
            tree.children = [*tree.children, *self._over.visible_tree().children]
        return tree


def _stands(scene: Scene) -> dict[str, int]:
    return {area.id: area.first for area in scene.scrolls}


def _ops(scene: Scene | None) -> list[Op]:
    return scene.ops if scene is not None else []
