"""Colours against quality.md, "Picture": contrast of every pair, levels of television; and complaints by file:line."""

from __future__ import annotations

from pathlib import Path

import pytest

import ui_assets
from device.api.errors import ConfigError
from stb_app.profile import load_profile
from stb_app.toolkit.theme import ON_FOCUS, TEXT_SIZES, Theme, contrast, load_theme
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
RINGS = [("ring", ground, 3.0) for ground in (*SURFACES, *STATE_SURFACES)]


@pytest.fixture(params=THEMES, ids=lambda path: str(path.stem))
def each_theme(request: pytest.FixtureRequest) -> Theme:
    path: Path = request.param
    return load_theme(path, "M")


def test_every_pair_of_colours_has_its_contrast(each_theme: Theme) -> None:
    pairs = dict.fromkeys([*SAID, *QUIET, *NOTICES, *BADGES, *INKS, *CAPS, *RINGS])
    colours = each_theme.colours
    weak = [
        f"{token} on {ground}: {contrast(colours[token], colours[ground]):.2f} of {needed}"
        for token, ground, needed in pairs
        if contrast(colours[token], colours[ground]) < needed
    ]
    assert not weak, "\n".join(weak)


def test_focused_colours_all_exist_and_lie_on_light(each_theme: Theme) -> None:
    for token in ON_FOCUS:
        assert each_theme.colour(token, focused=True) == each_theme.colours[ON_FOCUS[token]]
    assert each_theme.colour("accent", focused=True) == each_theme.colours["accent"]


@pytest.mark.parametrize("operator", sorted(each.name for each in (ui_assets.ROOT / "operators").iterdir()))
def test_levels_stay_within_those_of_television(each_theme: Theme, operator: str) -> None:
    accent = load_profile(ui_assets.ROOT / "operators", operator).accent
    branded = load_theme(THEMES[0], "M", accent)
    for token, colour in {**each_theme.colours, "accent": branded.colours["accent"]}.items():
        assert min(colour) >= 16 and max(colour) <= 235, f"{token}: {colour}"


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


@pytest.mark.parametrize(
    ("old", "new", "at", "says"),
    [
        ('  text: "#ebebeb"', '  text: "#ebebebe"', "#ebebebe", "#rrggbb"),
        ('  text: "#ebebeb"', "  text: 12", "  text: 12", "#rrggbb"),
        ('  text: "#ebebeb"', '  text: "#ffffff"', "#ffffff", "levels of television"),
        ('  ink_bad: "#9c1810"\n', "", "  background_top:", "ink_bad"),
        ("S: 120,", "S: 27,", "S: 27,", "28 or more"),
        ("weight: extrabold", "weight: fat", "weight: fat", "one of regular"),
        (", XL: 176", "", "S: 120,", "'XL' is missing"),
        ("S: 120,", "S: 120, XXL: 4,", "XXL: 4", "'XXL' is not known"),
        ("name: default", "name: default\nshadow: 3", "shadow: 3", "'shadow' is not known"),
        ("tight: 8", "tight: wide", "tight: wide", "whole number"),
    ],
)
def test_a_bad_theme_is_told_by_file_and_line(tmp_path: Path, old: str, new: str, at: str, says: str) -> None:
    good = THEMES[0].read_text(encoding="utf-8")
    assert old in good
    bad = good.replace(old, new, 1)
    path = tmp_path / "bad.yaml"
    path.write_text(bad, encoding="utf-8")
    line = bad[: bad.index(at)].count("\n") + 1
    with pytest.raises(ConfigError) as caught:
        load_theme(path, "M")
    assert str(caught.value).startswith(f"{path}:{line}: "), caught.value
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_missing_theme_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no such file"):
        load_theme(tmp_path / "none.yaml", "M")
