"""A theme: colours, type scale and lengths by token, scaled to the canvas. ``theme_file`` reads one.

The tokens are listed here: what the toolkit and the screens may ask a theme for.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

TEXT_SIZES = ("S", "M", "L", "XL")
WEIGHTS = ("regular", "medium", "semibold", "bold", "extrabold")
DARKEST, BRIGHTEST = 16, 235
"""The levels of television (ITU-R BT.709)."""

Colour = tuple[int, int, int]

STATES = ("good", "attention", "bad")
SURFACES = ("background_top", "background_bottom", "sunken", "surface", "raised", *(f"{s}_surface" for s in STATES))
KEYS = ("key_red", "key_green", "key_yellow", "key_blue")

COLOURS = (
    *SURFACES, "line", "outline", "text", "explain", "quiet", "dim", "focus", "paper", "ink", "ink_explain",
    "accent", "ring", *STATES, *(f"ink_{state}" for state in STATES), *KEYS,
)  # fmt: skip
BRAND = ("accent", "ring", *KEYS)
"""Colours that an operator's profile may set, where the theme lets it."""

FRAME_STYLES = ("header", "header_note", "footer", "key")
"""Type of header and footer: smaller than the body at size XL (design.md)."""
STYLES = (
    "hero", "hero_small", "state_title", "title", "subtitle", "card_title", "row", "sum", "body", "lead", "detail",
    "badge", *FRAME_STYLES,
)  # fmt: skip

LENGTHS: dict[str, tuple[str, ...]] = {
    "space": ("edge_x", "edge_y", "tight", "small", "medium", "large", "huge", "peek"),
    "radius": ("card", "row", "badge", "key"),
    "height": ("header", "footer", "row", "button", "bar"),
    "ring": ("width", "gap"),
    "outline": ("width",),
    "icon": ("box", "stroke"),
}
"""Group -> lengths in design pixels. Elsewhere they are called ``group_name``, those of ``space`` by their name."""

ON_FOCUS = {
    "text": "ink",
    "explain": "ink_explain",
    "quiet": "ink_explain",
    "outline": "ink_explain",
    "good": "ink_good",
    "attention": "ink_attention",
    "bad": "ink_bad",
    "background_bottom": "focus",
    "surface": "focus",
    "raised": "focus",
    "sunken": "focus",
    "attention_surface": "focus",
    "bad_surface": "focus",
    "good_surface": "focus",
}
"""What a colour becomes inside the focused thing: focus is a light, so what lies on it turns to ink."""

OUTLINE_OF = {
    "surface": "outline", "raised": "outline", "sunken": "outline", **{f"{state}_surface": state for state in STATES},
}  # fmt: skip
"""What a surface is outlined with, in a theme that tells surfaces apart by more than their tone."""

DESIGN_HEIGHT = 1080
STRONG = "!"
"""``body!`` is the strong form of ``body``: the same size, heavier."""


@dataclass(frozen=True)
class TypeStyle:
    """One step of the type scale: weight and size in design pixels for the chosen text size."""

    weight: str
    size: int
    leading: int
    """Line height in percent of the size."""


@dataclass(frozen=True)
class Theme:
    """Resolved tokens; lengths are design pixels (canvas of 1080 lines), ``px`` turns them into the canvas's."""

    name: str
    fonts: tuple[str, ...]
    """Font families, the one that is wanted first."""
    colours: dict[str, Colour]
    styles: dict[str, TypeStyle]
    lengths: dict[str, int]
    text_size: str
    scale: float

    @property
    def one_column(self) -> bool:
        """XL is another layout, not a zoom: one column, the same order (design.md)."""
        return self.text_size == "XL"

    def px(self, length: int | str) -> int:
        """A design length, or the name of one (``medium``), in canvas pixels; never rounded down to nothing."""
        value = self.lengths[length] if isinstance(length, str) else length
        return max(1, round(value * self.scale)) if value else 0

    def font_px(self, style: str) -> int:
        return round(self.styles[style].size * self.scale)

    def colour(self, token: str, focused: bool = False) -> Colour:
        return self.colours[ON_FOCUS.get(token, token) if focused else token]

    def outline(self, surface: str, focused: bool = False) -> tuple[int, Colour] | None:
        """Width in canvas pixels and colour of a surface's outline; None where the theme gives it none."""
        token = OUTLINE_OF.get(surface)
        width = self.px("outline_width") if token is not None else 0
        return (width, self.colour(token, focused)) if width and token is not None else None

    def for_canvas(self, height: int) -> Theme:
        return replace(self, scale=height / DESIGN_HEIGHT)
