"""Theme files: what one takes from another, what an operator may change; complaints by file and line."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import ui_assets
from device.api.errors import ConfigError
from device.api.yaml_file import YamlNode, parse_yaml
from stb_app.toolkit.contrast import contrast, mended, weak_pairs
from stb_app.toolkit.theme import BRAND, COLOURS, Colour
from stb_app.toolkit.theme_file import load_theme
from tests.unit.stb_app.support import theme
from tests.unit.stb_app.toolkit.test_theme import PAIRS

DEFAULT = (ui_assets.ROOT / "themes" / "default.yaml").read_text(encoding="utf-8")
colours = st.tuples(*[st.integers(16, 235)] * 3)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "default.yaml").write_text(DEFAULT, encoding="utf-8")
    return tmp_path


def based(folder: Path, text: str, name: str = "mine") -> Path:
    """A theme of ``text`` over the default one."""
    path = folder / f"{name}.yaml"
    path.write_text(f"name: {name}\nbased_on: default\n{text}", encoding="utf-8")
    return path


def brand(text: str) -> Mapping[str, YamlNode]:
    """The colours of an operator whose profile says ``text`` in its second line."""
    return dict(parse_yaml(f"\ncolours: {text}\n".encode(), "profile.yaml")["colours"].entries())


def refused(path: Path, given: Mapping[str, YamlNode] | None = None) -> str:
    with pytest.raises(ConfigError) as caught:
        load_theme(path, "M", given)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_only_what_differs_stands_in_a_theme(folder: Path) -> None:
    mine = load_theme(based(folder, 'colours: {text: "#e0e0e0"}\nring: {gap: 5}\ntype: {body: {M: 38}}\n'), "M")
    usual = theme()
    assert {token for token in COLOURS if mine.colours[token] != usual.colours[token]} == {"text"}
    assert {length for length in usual.lengths if mine.lengths[length] != usual.lengths[length]} == {"ring_gap"}
    assert {role for role in usual.styles if mine.styles[role] != usual.styles[role]} == {"body", "body!"}
    assert (mine.name, mine.styles["body"].size, mine.styles["body"].weight) == ("mine", 38, "medium")
    assert mine.fonts == usual.fonts


def test_a_theme_of_a_theme_takes_from_both(folder: Path) -> None:
    based(folder, 'colours: {text: "#e0e0e0", focus: "#e1e1e1"}\n', "middle")
    path = folder / "last.yaml"
    path.write_text('name: last\nbased_on: middle\ncolours: {text: "#e2e2e2"}\n', encoding="utf-8")
    last = load_theme(path, "M").colours
    assert (last["text"], last["focus"]) == ((226,) * 3, (225,) * 3)
    assert last["surface"] == theme().colours["surface"]


@pytest.mark.parametrize(
    ("chain", "says"),
    [
        ({"a": "a"}, "a.yaml:2: based_on: the theme is based on itself: a -> a"),
        ({"a": "b", "b": "a"}, "b.yaml:2: based_on: the theme is based on itself: a -> b -> a"),
        ({"a": "gone"}, "a.yaml:2: based_on: there is no theme 'gone'; there are: a, default"),
        ({"a": "../default"}, "a.yaml:2: based_on: there is no theme '../default'; there are: a, default"),
    ],
)
def test_a_base_that_leads_nowhere(folder: Path, chain: dict[str, str], says: str) -> None:
    for name, base in chain.items():
        (folder / f"{name}.yaml").write_text(f"name: {name}\nbased_on: {base}\n", encoding="utf-8")
    assert refused(folder / "a.yaml") == f"{folder}/{says}"


def test_a_base_that_is_wrong_is_told_by_its_own_line(folder: Path) -> None:
    path = based(folder, "")
    (folder / "default.yaml").write_text(DEFAULT.replace("tight: 8", "tight: wide"), encoding="utf-8")
    line = DEFAULT[: DEFAULT.index("tight: 8")].count("\n") + 1
    assert refused(path).startswith(f"{folder}/default.yaml:{line}: space.tight: expected a whole number")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("colours: {txet: '#ebebeb'}", "3: 'txet' is not known here"),
        ("type: {bdoy: {M: 40}}", "3: 'bdoy' is not known here"),
        ("type: {body: {XL: 80}}", "3: type.body.XL: 80 is outside: 84 or more"),
        ("ring: {width: 3}", "3: ring.width: 3 is outside: 4 or more"),
        ("ring: {width: 9}", "3: ring: width and gap make 15 px, and the ring may pass the edges by 12"),
        ("brand: [text]", "3: brand[0]: expected one of accent, ring,"),
        ("font: []", "3: font: names no family"),
        ("colours: {quiet: '#7a8090'}", "3: colours.quiet: quiet #7a8090 on raised #2b313e has 3.29:1, 4.5 is needed"),
        (
            "colours:\n  raised: '#4b515e'",
            "4: colours.raised: explain #bfc5d0 on raised #4b515e has 4.59:1, 7 is needed",
        ),
        ("colours: {ring: '#a03030'}", "3: colours.ring: ring #a03030 on good_surface"),
        ("colours: {ink: '#707070'}", "3: colours.ink: ink #707070 on key_red"),
        ("outline: {width: 3}\ncolours: {outline: '#505050'}", "4: colours.outline: outline #505050 on raised"),
    ],
)
def test_what_is_unfit_is_told_by_the_line_that_must_change(folder: Path, text: str, says: str) -> None:
    path = based(folder, text + "\n")
    assert refused(path).startswith(f"{path}:{says}")


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: f"{pair[0]} on {pair[1]}")
def test_no_pair_of_quality_md_is_forgotten(pair: tuple[str, str, float]) -> None:
    """Were only this pair too weak, a theme would be refused."""
    token, ground, needed = pair
    weakened = {**theme().colours, token: theme().colours[ground]}
    found = {(weak.token, weak.ground): weak for weak in weak_pairs(weakened)}
    assert found[token, ground].ratio == 1.0 and found[token, ground].needed == needed


def test_what_the_complaint_proposes_would_do(folder: Path) -> None:
    path = based(folder, "colours: {quiet: '#7a8090'}\n")
    for _ in range(9):
        better = re.search(r"make it lighter, (#\w{6}) would do", refused(path))
        assert better is not None
        path = based(folder, f"colours: {{quiet: '{better[1]}'}}\n")
        try:
            load_theme(path, "M")
        except ConfigError:
            continue
        return
    pytest.fail("what is proposed never ends")


@given(colours, colours, st.sampled_from([3.0, 4.5, 7.0]))
def test_a_proposed_colour_has_its_contrast_and_its_levels(one: Colour, other: Colour, needed: float) -> None:
    way, better = mended(one, other, needed)
    assert way in ("lighter", "darker")
    if better is not None:
        assert contrast(better, other) >= needed
        assert min(better) >= 16 and max(better) <= 235


def test_an_operator_sets_what_the_theme_lets_him(folder: Path) -> None:
    given = brand('{accent: "#3f8fd2", ring: "#ebb44a"}')
    assert load_theme(folder / "default.yaml", "M", given).colours["ring"] == (0xEB, 0xB4, 0x4A)
    high = load_theme(ui_assets.ROOT / "themes" / "contrast.yaml", "M", given).colours
    assert high["accent"] == (0x3F, 0x8F, 0xD2) and high["ring"] == (235, 235, 235)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('{accent: "#503030"}', "profile.yaml:2: colours.accent: accent #503030 on background_top #1a1f29 has 1."),
        (
            '{accent: "#e3251b", key_blue: "#223060"}',
            "profile.yaml:2: colours.key_blue: ink #12151b on key_blue #223060",
        ),
        ('{ring: "#303040"}', "profile.yaml:2: colours.ring: ring #303040 on raised"),
    ],
)
def test_an_operators_colour_without_contrast_is_told_by_his_line(folder: Path, text: str, says: str) -> None:
    said = refused(folder / "default.yaml", brand(text))
    assert said.startswith(says) and "make it lighter" in said


def test_a_brand_is_a_part_of_the_colours() -> None:
    assert set(BRAND) <= set(COLOURS)


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
    good = DEFAULT
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
