"""Contrast of colours (WCAG 2.2), and the pairs that every theme must keep (quality.md, "Picture")."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from stb_app.toolkit.theme import BRIGHTEST, DARKEST, ON_FOCUS, STATES, Colour

SAID, NOTED, SHAPE = 7.0, 4.5, 3.0
"""What is said and explained; what is quiet, coloured by a state, or on a key; what is a shape and no text."""

_BACKGROUNDS = ("background_top", "background_bottom")
_SURFACES = (*_BACKGROUNDS, "sunken", "surface", "raised")
_STATE_SURFACES = tuple(f"{state}_surface" for state in STATES)
_INKS = tuple(dict.fromkeys(ink for ink in ON_FOCUS.values() if ink.startswith("ink_")))
STEPS = 50

PAIRS: tuple[tuple[str, str, float], ...] = (
    *((token, ground, SAID) for token in ("text", "explain") for ground in _SURFACES),
    *(("text", ground, SAID) for ground in _STATE_SURFACES),
    *((token, ground, NOTED) for token in ("quiet", *STATES) for ground in _SURFACES),
    *((state, f"{state}_surface", NOTED) for state in STATES),
    *(("dim", ground, NOTED) for ground in _BACKGROUNDS),
    ("ink", "focus", SAID),
    ("ink", "paper", SAID),
    *((ink, "focus", NOTED) for ink in _INKS),
    *(("ink", key, NOTED) for key in ("key_red", "key_green", "key_yellow", "key_blue")),
    *((token, ground, SHAPE) for token in ("ring", "focus") for ground in (*_SURFACES, *_STATE_SURFACES)),
    *(("accent", ground, SHAPE) for ground in _BACKGROUNDS),
)
"""(what is drawn, what it is drawn on, ratio at least)."""

OUTLINES: tuple[tuple[str, str, float], ...] = tuple(("outline", ground, SHAPE) for ground in _SURFACES)
"""The further pairs of a theme that tells surfaces apart by outlines."""


@dataclass(frozen=True)
class Weak:
    """A pair with too little contrast."""

    token: str
    ground: str
    ratio: float
    needed: float

    def share(self) -> float:
        """Of what is needed: the smallest has to be mended first."""
        return self.ratio / self.needed

    def __str__(self) -> str:
        # Rounded down: a ratio of 4.499 must not read as the 4.5 that it lacks
        return f"{int(self.ratio * 100) / 100:.2f}:1, {self.needed:g} is needed"


def weak_pairs(colours: Mapping[str, Colour], *, outlined: bool = False) -> Iterator[Weak]:
    """The pairs of a theme's colours that have less contrast than they must."""
    light = {token: luminance(colour) for token, colour in colours.items()}
    for token, ground, needed in (*PAIRS, *OUTLINES) if outlined else PAIRS:
        ratio = _ratio(light[token], light[ground])
        if ratio < needed:
            yield Weak(token, ground, ratio, needed)


def mended(colour: Colour, other: Colour, needed: float) -> tuple[str, Colour | None]:
    """``lighter`` or ``darker``, and the nearest such colour with ``needed`` to ``other``; None where none has it."""
    lighter = luminance(colour) >= luminance(other)
    end = BRIGHTEST if lighter else DARKEST
    for step in range(1, STEPS + 1):
        red, green, blue = (level + round((end - level) * step / STEPS) for level in colour)
        if contrast((red, green, blue), other) >= needed:
            return "lighter" if lighter else "darker", (red, green, blue)
    return "lighter" if lighter else "darker", None


def contrast(one: Colour, other: Colour) -> float:
    """Contrast ratio of two colours, 1 to 21 (WCAG 2.2, relative luminance)."""
    return _ratio(luminance(one), luminance(other))


def _ratio(one: float, other: float) -> float:
    bright, dark = max(one, other), min(one, other)
    return (bright + 0.05) / (dark + 0.05)


def luminance(colour: Colour) -> float:
    """0 (black) to 1 (white)."""
    red, green, blue = (_linear(level) for level in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(level: int) -> float:
    part = level / 255
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)
