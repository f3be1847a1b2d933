"""Holds what is on the canvas: lays a page out, moves the focus, and repaints only what changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

import pygame

from stb_app.toolkit.elements import Element
from stb_app.toolkit.focus import Direction, FocusMemory, nearest, neighbour
from stb_app.toolkit.scene import Kit, Node, Scene
from stb_app.toolkit.shapes import slope

MERGE_ABOVE = 12


@dataclass
class Page:
    """One laid-out screen: ``name`` and ``code`` as the dump says them, ``body`` fills the whole canvas."""

    name: str
    body: Element
    code: str = ""
    initial: str | None = None
    """What has the focus where nothing was focused before."""
    follows_focus: bool = False
    """The page shows something of the focused thing: it is built anew when the focus moves."""
    offsets: dict[str, int] = field(default_factory=dict)


class Stage:
    """The canvas of one text size and resolution. Not thread-safe: the UI loop owns it."""

    def __init__(self, kit: Kit, surface: pygame.Surface) -> None:
        self.kit = kit
        self.surface = surface
        self.focus: str | None = None
        self.page: Page | None = None
        self._scene = Scene()
        self._memory = FocusMemory()
        self._dirty: list[pygame.Rect] = []
        theme = kit.theme
        self._background = slope(kit.size, theme.colour("background_top"), theme.colour("background_bottom"))

    def show(self, page: Page, focus: str | None, *, fresh: bool = True) -> None:
        """Put ``page`` on the canvas with ``focus`` (or its nearest relative); marks what differs as dirty.

        ``fresh``: another screen than before, which starts at its own offsets and forgets the way that the focus went.
        """
        same_screen = not fresh
        before = self._scene
        offsets = {area.id: area.offset for area in before.scrolls} if same_screen else dict(page.offsets)
        wanted = focus if focus is not None else page.initial
        scene = self._layout(page, wanted, offsets)
        if wanted not in scene.focusables:
            old_place = before.focusables.get(wanted or "") if same_screen else None
            wanted = nearest(scene.focusables, old_place) if old_place else next(iter(scene.focusables), None)
            scene = self._layout(page, wanted, offsets)
        if not same_screen:
            self._memory.clear()
        self._mark_difference(before, scene, self.focus, wanted)
        self.page, self._scene, self.focus = page, scene, wanted

    def _layout(self, page: Page, focus: str | None, offsets: dict[str, int]) -> Scene:
        canvas = pygame.Rect((0, 0), self.kit.size)
        scene = Scene(focus, offsets, Node(page.name, "screen", "", rect=canvas))
        page.body.place(self.kit, canvas, scene)
        return scene

    def move(self, direction: Direction) -> bool:
        """Move the focus; False at the edge, where nothing changes."""
        if self.focus is None or self.page is None:
            return False
        target = neighbour(self._scene.focusables, self.focus, direction, self._memory)
        if target is None:
            return False
        self._memory.moved(self.focus, direction, target)
        self.set_focus(target)
        return True

    def set_focus(self, target: str) -> None:
        """Give the focus to an id of this page; a list scrolls to it."""
        if self.page is None or target not in self._scene.focusables or target == self.focus:
            return
        old, self.focus = self.focus, target
        if any(area.offset != area.offset_for(target) for area in self._scene.scrolls if target in area.rows):
            offsets = {area.id: area.offset for area in self._scene.scrolls}
            scene = self._layout(self.page, target, offsets)
            self._mark_difference(self._scene, scene, old, target)
            self._scene = scene
            return
        self._mark_owner(self._scene, old)
        self._mark_owner(self._scene, target)
        for follower in self._scene.followers:
            touched = follower.follow(self.kit, target)
            if touched is not None:
                self._dirty.append(touched)

    def offsets(self) -> dict[str, int]:
        return {area.id: area.offset for area in self._scene.scrolls}

    def _mark_owner(self, scene: Scene, owner: str | None) -> None:
        for op in scene.ops:
            if op.owner == owner and owner is not None:
                self._dirty.append(self._touched(op.bounds(self.kit), op.clip))

    @staticmethod
    def _touched(bounds: pygame.Rect, clip: pygame.Rect | None) -> pygame.Rect:
        return bounds.clip(clip) if clip else bounds

    def _mark_difference(self, before: Scene, after: Scene, old: str | None, new: str | None) -> None:
        was = Counter((op.signature(), op.owner is not None and op.owner == old) for op in before.ops)
        now = Counter((op.signature(), op.owner is not None and op.owner == new) for op in after.ops)
        for scene, gone, focus in ((before, was - now, old), (after, now - was, new)):
            if not gone:
                continue
            for op in scene.ops:
                if (op.signature(), op.owner is not None and op.owner == focus) in gone:
                    self._dirty.append(self._touched(op.bounds(self.kit), op.clip))

    def expose(self) -> None:
        """Everything must be painted: the first picture, or a window that was covered."""
        self._dirty = [pygame.Rect((0, 0), self.kit.size)]

    def paint(self) -> list[pygame.Rect]:
        """Paint what is dirty; returns the rectangles to present, none where nothing changed."""
        if not self._dirty:
            return []
        whole = pygame.Rect((0, 0), self.kit.size)
        rects = merged(rect.clip(whole) for rect in self._dirty)
        self._dirty = []
        for rect in rects:
            self.surface.set_clip(rect)
            self.surface.blit(self._background, rect, rect)
            for op in self._scene.ops:
                bounds = op.bounds(self.kit)
                if not bounds.colliderect(rect):
                    continue
                if op.clip is not None:
                    self.surface.set_clip(rect.clip(op.clip))
                op.paint(self.surface, self.kit, op.owner is not None and op.owner == self.focus)
                if op.clip is not None:
                    self.surface.set_clip(rect)
        self.surface.set_clip(None)
        return rects

    def tree(self) -> Node:
        """The semantic tree of what is visible now."""
        return self._scene.visible_tree()


def merged(rects: Iterable[pygame.Rect]) -> list[pygame.Rect]:
    """Rectangles without overlaps between them: what overlaps becomes one, very many become their hull."""
    result: list[pygame.Rect] = []
    for rect in rects:
        if not rect.width or not rect.height:
            continue
        pending = rect
        hit = pending.collidelist(result)
        while hit >= 0:
            pending = pending.union(result.pop(hit))
            hit = pending.collidelist(result)
        result.append(pending)
    if len(result) > MERGE_ABOVE:
        return [result[0].unionall(result[1:])]
    return result
