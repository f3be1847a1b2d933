"""The themes that there are against quality.md, "Picture": contrast of every pair, sizes, levels of television."""

from __future__ import annotations

from pathlib import Path

import pytest

import ui_assets
from stb_app.profile import load_profile
from stb_app.toolkit.contrast import contrast
from stb_app.toolkit.theme import ON_FOCUS, OUTLINE_OF, TEXT_SIZES, Theme
from stb_app.toolkit.theme_file import load_theme
from tests.unit.stb_app.support import THEMES, theme

BACKGROUNDS = ("background_top", "background_bottom")
SURFACES = (*BACKGROUNDS, "sunken", "surface", "raised")
STATES = ("good", "attention", "bad")
STATE_SURFACES = tuple(f"{state}_surface" for state in STATES)
KEYS = ("key_red", "key_green", "key_yellow", "key_blue")
FRAME_STYLES = ("header", "header_note", "footer", "key")

SAID = [(token, ground, 7.0) for token in ("text", "explain") for ground in SURFACES]
QUIET = [(token, ground, 4.5) for token in ("quiet", *STATES) for ground in SURFACES]
NOTICES = [("text", ground, 7.0) for ground in STATE_SURFACES]
BADGES = [(state, f"{state}_surface", 4.5) for state in STATES]
INKS = [("ink", "focus", 7.0), *((ink, "focus", 4.5) for ink in ON_FOCUS.values() if ink.startswith("ink_"))]
CAPS = [("ink", key, 4.5) for key in KEYS]
RINGS = [(token, ground, 3.0) for token in ("ring", "focus") for ground in (*SURFACES, *STATE_SURFACES)]
BRANDS = [("accent", ground, 3.0) for ground in BACKGROUNDS]
RESTING = [("dim", ground, 4.5) for ground in BACKGROUNDS]
PAIRS = list(dict.fromkeys([*SAID, *QUIET, *NOTICES, *BADGES, *INKS, *CAPS, *RINGS, *BRANDS, *RESTING]))


OPERATORS = sorted(each.name for each in (ui_assets.ROOT / "operators").iterdir())


@pytest.fixture(params=[(path, operator) for path in THEMES for operator in OPERATORS], ids=lambda each: str(each))
def each_theme(request: pytest.FixtureRequest) -> Theme:
    """Every theme in the colours of every operator."""
    path: Path = request.param[0]
    return load_theme(path, "M", load_profile(ui_assets.ROOT / "operators", request.param[1]).colours)


def test_every_pair_of_colours_has_its_contrast(each_theme: Theme) -> None:
    colours = each_theme.colours
    weak = [
        f"{token} on {ground}: {contrast(colours[token], colours[ground]):.2f} of {needed}"
        for token, ground, needed in PAIRS
        if contrast(colours[token], colours[ground]) < needed
    ]
    assert not weak, "\n".join(weak)


def test_focused_colours_all_exist_and_lie_on_light(each_theme: Theme) -> None:
    for token in ON_FOCUS:
        assert each_theme.colour(token, focused=True) == each_theme.colours[ON_FOCUS[token]]
    assert each_theme.colour("accent", focused=True) == each_theme.colours["accent"]


def test_levels_stay_within_those_of_television(each_theme: Theme) -> None:
    for token, colour in each_theme.colours.items():
        assert min(colour) >= 16 and max(colour) <= 235, f"{token}: {colour}"


def test_the_theme_of_high_contrast_is_one() -> None:
    """What is said has 10:1 on everything that it lies on, states and hints 7:1; surfaces differ by their outlines."""
    path = ui_assets.ROOT / "themes" / "contrast.yaml"
    high, usual = load_theme(path, "M"), theme()
    ratios = {(token, ground): contrast(high.colours[token], high.colours[ground]) for token, ground, _ in SAID + QUIET}
    assert min(ratio for (token, _), ratio in ratios.items() if token in ("text", "explain", "quiet")) >= 10
    assert min(ratios.values()) >= 7
    assert high.lengths["ring_width"] > usual.lengths["ring_width"]
    assert all(high.outline(surface) and not usual.outline(surface) for surface in OUTLINE_OF)
    assert contrast(high.colours["outline"], high.colours["background_top"]) >= 4.5


def test_contrast_is_that_of_wcag() -> None:
    assert contrast((255, 255, 255), (0, 0, 0)) == pytest.approx(21.0)
    assert contrast((119, 119, 119), (255, 255, 255)) == pytest.approx(4.48, abs=0.01)
    assert contrast((10, 20, 30), (10, 20, 30)) == 1.0


@pytest.mark.parametrize("size", TEXT_SIZES)
def test_no_style_is_under_28_px_and_xl_is_large(size: str) -> None:
    for role, style in theme(size).styles.items():
        assert style.size >= 28, role
        if size == "XL" and role.rstrip("!") not in FRAME_STYLES:
            assert style.size >= 84, role


def test_sizes_grow_from_s_to_xl() -> None:
    sizes = [theme(size).styles for size in TEXT_SIZES]
    for role in sizes[0]:
        steps = [styles[role].size for styles in sizes]
        assert steps == sorted(steps), role


def test_lengths_scale_with_the_canvas_and_never_vanish() -> None:
    small, whole, large = (theme("M", height) for height in (720, 1080, 2160))
    assert (small.px("edge_x"), whole.px("edge_x"), large.px("edge_x")) == (64, 96, 192)
    assert small.px("ring_width") >= 4, "the ring is a shape of 4 px at least (quality.md)"
    assert small.px(1) == 1 and whole.px(0) == 0
    assert large.font_px("body") == 2 * whole.font_px("body")


def test_strong_styles_are_heavier_and_as_large() -> None:
    styles = theme().styles
    assert styles["lead!"].size == styles["lead"].size
    assert (styles["lead!"].weight, styles["title!"].weight) == ("bold", "extrabold")
