"""Theme tokens: colours, type scale, spaces, read from YAML and scaled to the canvas."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from device.api.yaml_file import YamlNode, load_yaml

TEXT_SIZES = ("S", "M", "L", "XL")
WEIGHTS = ("regular", "medium", "semibold", "bold", "extrabold")
DESIGN_HEIGHT = 1080
LEADING = 126
DARKEST, BRIGHTEST = 16, 235
STRONG = "!"
"""``body!`` is the strong form of ``body``: the same size, heavier."""

Colour = tuple[int, int, int]

ON_FOCUS = {
    "text": "ink",
    "explain": "ink_explain",
    "quiet": "ink_explain",
    "good": "ink_good",
    "attention": "ink_attention",
    "bad": "ink_bad",
    "surface": "focus",
    "raised": "focus",
    "sunken": "focus",
    "attention_surface": "focus",
    "bad_surface": "focus",
    "good_surface": "focus",
}
"""What a colour becomes inside the focused thing: focus is a light, so what lies on it turns to ink."""


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

    def for_canvas(self, height: int) -> Theme:
        return replace(self, scale=height / DESIGN_HEIGHT)


def load_theme(path: Path, text_size: str, accent: str | None = None) -> Theme:
    """The theme of ``path`` at a text size; ``accent`` is the operator's colour (``#rrggbb``) for the brand bar.

    YamlError names file and line for an unknown or missing token.
    """
    root = load_yaml(path).only("name", "colours", "type", "space", "radius", "height", "ring", "icon")
    colours = {token: parse_colour(node) for token, node in root["colours"].entries()}
    needed = {"text", "focus", "ring", "accent", "surface", *ON_FOCUS.values(), *ON_FOCUS}
    missing = sorted(needed - colours.keys())
    if missing:
        raise root["colours"].error(f"no colour for {', '.join(missing)}")
    if accent is not None:
        colours["accent"] = _colour_of(accent)
    styles = {}
    for role, node in root["type"].entries():
        node.only("weight", "leading", *TEXT_SIZES)
        size = {each: node[each].integer(minimum=28) for each in TEXT_SIZES}[text_size]
        given = node.get("leading")
        leading = given.integer(90, 200) if given else LEADING
        weight = node["weight"].choice(*WEIGHTS)
        styles[role] = TypeStyle(weight, size, leading)
        styles[role + STRONG] = TypeStyle("extrabold" if weight == "bold" else "bold", size, leading)
    lengths: dict[str, int] = {}
    for group in ("space", "radius", "height", "ring", "icon"):
        prefix = "" if group == "space" else f"{group}_"
        for token, node in root[group].entries():
            lengths[prefix + token] = node.integer(minimum=0)
    return Theme(root["name"].text(), colours, styles, lengths, text_size, 1.0)


def parse_colour(node: YamlNode) -> Colour:
    """``#rrggbb`` within the levels of television (16 to 235 each, ITU-R BT.709 full signal range)."""
    text = node.text()
    if len(text) != 7 or text[0] != "#" or any(c not in "0123456789abcdefABCDEF" for c in text[1:]):
        raise node.error(f"expected a colour as #rrggbb, found '{text}'")
    colour = _colour_of(text)
    if min(colour) < DARKEST or max(colour) > BRIGHTEST:
        raise node.error(f"{text} leaves the levels of television, {DARKEST} to {BRIGHTEST} each")
    return colour


def _colour_of(text: str) -> Colour:
    return int(text[1:3], 16), int(text[3:5], 16), int(text[5:7], 16)


def contrast(one: Colour, other: Colour) -> float:
    """Contrast ratio of two colours, 1 to 21 (WCAG 2.2, relative luminance)."""
    bright, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def _luminance(colour: Colour) -> float:
    def linear(level: int) -> float:
        part = level / 255
        return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)

    red, green, blue = (linear(level) for level in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
