"""The paint operations. Colours are theme tokens, resolved when painted: a focused owner turns its texts to ink."""

from __future__ import annotations

import pygame

from stb_app.toolkit.scene import Kit, Op


class FillOp(Op):
    """A box with round corners; where it is the focusable's own, it becomes the light, and the stage puts the ring
    around it.
    """

    __slots__ = ("colour", "radius", "ring")

    def __init__(
        self,
        rect: pygame.Rect,
        owner: str | None,
        clip: pygame.Rect | None,
        colour: str,
        radius: int,
        ring: bool = False,
    ) -> None:
        super().__init__(rect, owner, clip)
        self.colour = colour
        self.radius = radius
        self.ring = ring

    def bounds(self, kit: Kit) -> pygame.Rect:
        if not self.ring:
            return self.rect
        reach = kit.px("ring_width") + kit.px("ring_gap")
        return self.rect.inflate(2 * reach, 2 * reach)

    def touches(self, kit: Kit) -> pygame.Rect:  # noqa: ARG002 - the ring is not its own
        if self.touched is None:
            self.touched = self.rect.clip(self.clip) if self.clip is not None else self.rect
        return self.touched

    def covers(self) -> tuple[pygame.Rect, ...]:
        if self.parts is None:
            corners = -2 * min(self.radius, self.rect.width // 2, self.rect.height // 2)
            parts = self.rect.inflate(corners, 0), self.rect.inflate(0, corners)
            self.parts = parts if self.clip is None else tuple(part.clip(self.clip) for part in parts)
        return self.parts

    def paint(self, surface: pygame.Surface, kit: Kit, focused: bool) -> None:
        self._box(surface, kit, focused)
        # The light itself has the ring
        if not (focused and self.ring):
            self._outline(surface, kit, focused)

    def _box(self, surface: pygame.Surface, kit: Kit, focused: bool) -> None:
        kit.shapes.box(surface, self.rect, self.radius, kit.theme.colour(self.colour, focused))

    def _outline(self, surface: pygame.Surface, kit: Kit, focused: bool) -> None:
        found = kit.theme.outline(self.colour, focused)
        if found is not None:
            kit.shapes.ring(surface, self.rect, self.radius, *found)

    def signature(self) -> tuple[object, ...]:
        return (*self._place(), self.colour, self.radius, self.ring)


class PlainFillOp(FillOp):
    """A box that keeps its colour under the focus: progress bars, key badges, the card's light."""

    __slots__ = ()

    def paint(self, surface: pygame.Surface, kit: Kit, focused: bool) -> None:  # noqa: ARG002
        self._box(surface, kit, False)
        self._outline(surface, kit, False)


class FrameOp(Op):
    """The outline of a box: keys in the footer that have no colour of their own."""

    __slots__ = ("colour", "radius", "width")

    def __init__(
        self, rect: pygame.Rect, owner: str | None, clip: pygame.Rect | None, colour: str, radius: int, width: int
    ) -> None:
        super().__init__(rect, owner, clip)
        self.colour = colour
        self.radius = radius
        self.width = width

    def paint(self, surface: pygame.Surface, kit: Kit, focused: bool) -> None:
        kit.shapes.ring(surface, self.rect, self.radius, self.width, kit.theme.colour(self.colour, focused))

    def signature(self) -> tuple[object, ...]:
        return (*self._place(), self.colour, self.radius, self.width)


class TextOp(Op):
    """One span of one line."""

    __slots__ = ("colour", "style", "tabular", "text")

    def __init__(
        self,
        rect: pygame.Rect,
        owner: str | None,
        clip: pygame.Rect | None,
        text: str,
        style: str,
        colour: str,
        tabular: bool,
    ) -> None:
        super().__init__(rect, owner, clip)
        self.text = text
        self.style = style
        self.colour = colour
        self.tabular = tabular

    def bounds(self, kit: Kit) -> pygame.Rect:
        high = kit.text.font(self.style).get_height()
        return pygame.Rect(self.rect.x, self.rect.y - kit.text.lift(self.style), self.rect.width, high)

    def get_ready(self, kit: Kit) -> None:
        kit.text.render(self.text, self.style, kit.theme.colour(self.colour, False), self.tabular)

    def paint(self, surface: pygame.Surface, kit: Kit, focused: bool) -> None:
        colour = kit.theme.colour(self.colour, focused)
        place = (self.rect.x, self.rect.y - kit.text.lift(self.style))
        surface.blit(kit.text.render(self.text, self.style, colour, self.tabular), place)

    def signature(self) -> tuple[object, ...]:
        return (*self._place(), self.text, self.style, self.colour, self.tabular)


class IconOp(Op):
    """An icon in a square."""

    __slots__ = ("colour", "name")

    def __init__(self, rect: pygame.Rect, owner: str | None, clip: pygame.Rect | None, name: str, colour: str) -> None:
        super().__init__(rect, owner, clip)
        self.name = name
        self.colour = colour

    def paint(self, surface: pygame.Surface, kit: Kit, focused: bool) -> None:
        colour = kit.theme.colour(self.colour, focused)
        surface.blit(kit.icons.icon(self.name, self.rect.width, kit.theme.lengths["icon_stroke"], colour), self.rect)

    def signature(self) -> tuple[object, ...]:
        return (*self._place(), self.name, self.colour)


class SceneryOp(Op):
    """The large picture of a state screen."""

    __slots__ = ("name", "scale")

    def __init__(self, rect: pygame.Rect, owner: str | None, clip: pygame.Rect | None, name: str, scale: float) -> None:
        super().__init__(rect, owner, clip)
        self.name = name
        self.scale = scale

    def paint(self, surface: pygame.Surface, kit: Kit, focused: bool) -> None:
        colours = {token: kit.theme.colour(token, focused) for token in ("text", "explain", "accent")}
        surface.blit(kit.icons.scene(self.name, self.scale, colours), self.rect)

    def signature(self) -> tuple[object, ...]:
        return (*self._place(), self.name, self.scale)


class MatrixOp(Op):
    """A QR code: dark modules on a light field that carries the quiet zone of four modules (ISO/IEC 18004)."""

    __slots__ = ("module", "rows")

    def __init__(
        self,
        rect: pygame.Rect,
        owner: str | None,
        clip: pygame.Rect | None,
        rows: tuple[tuple[int, ...], ...],
        module: int,
    ) -> None:
        super().__init__(rect, owner, clip)
        self.rows = rows
        self.module = module

    def paint(self, surface: pygame.Surface, kit: Kit, focused: bool) -> None:  # noqa: ARG002
        kit.shapes.box(surface, self.rect, kit.px("radius_card"), kit.theme.colour("paper"))
        ink = kit.theme.colour("ink")
        size = self.module
        left = self.rect.x + (self.rect.width - size * len(self.rows)) // 2
        top = self.rect.y + (self.rect.height - size * len(self.rows)) // 2
        for y, row in enumerate(self.rows):
            for x, dark in enumerate(row):
                if dark:
                    surface.fill(ink, (left + x * size, top + y * size, size, size))

    def signature(self) -> tuple[object, ...]:
        return (*self._place(), self.rows)


class FadeOp(Op):
    """The end of a list that goes on sinks into the ground that it lies on."""

    __slots__ = ("ground",)

    def __init__(
        self, rect: pygame.Rect, owner: str | None, clip: pygame.Rect | None, ground: str = "background_bottom"
    ) -> None:
        super().__init__(rect, owner, clip)
        self.ground = ground

    def paint(self, surface: pygame.Surface, kit: Kit, focused: bool) -> None:  # noqa: ARG002
        kit.shapes.fade(surface, self.rect, kit.theme.colour(self.ground))

    def signature(self) -> tuple[object, ...]:
        return (*self._place(), self.ground)


class VeilOp(Op):
    """What lies under a modal sinks into the background."""

    __slots__ = ()

    def paint(self, surface: pygame.Surface, kit: Kit, focused: bool) -> None:  # noqa: ARG002
        kit.shapes.veil(surface, self.rect, kit.theme.colour("background_bottom"))

    def signature(self) -> tuple[object, ...]:
        return self._place()
