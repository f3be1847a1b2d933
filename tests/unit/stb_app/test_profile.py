"""The operators' profiles are whole, and what is wrong in one is told by file and line."""

from __future__ import annotations

from pathlib import Path

import pytest

import ui_assets
from device.api.errors import ConfigError
from stb_app.profile import LANGUAGES, load_profile
from stb_app.toolkit.icons import ICONS

OPERATORS = sorted(each.name for each in (ui_assets.ROOT / "operators").iterdir() if each.is_dir())
GOOD = (ui_assets.ROOT / "operators" / "mts" / "profile.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize("operator", OPERATORS)
def test_a_profile_is_whole(operator: str) -> None:
    profile = load_profile(ui_assets.ROOT / "operators", operator)
    assert profile.help_lines and profile.payment_ways
    assert all(way.icon in ICONS for way in profile.payment_ways)
    texts = [profile.name, profile.at_hand, *(line.note for line in profile.help_lines)]
    texts += [text for way in profile.payment_ways for text in (way.title, way.text)]
    assert all(set(text) == set(LANGUAGES) for text in texts)


def test_the_reference_operator_has_its_numbers() -> None:
    lines = load_profile(ui_assets.ROOT / "operators", "mts").help_lines
    assert [line.number for line in lines] == ["0890", "8 800 250 08 90"]


@pytest.mark.parametrize(
    ("old", "new", "at", "says"),
    [
        ('accent: "#e3251b"', "accent: red", "colours:", "#rrggbb"),
        ('accent: "#e3251b"', 'text: "#e3251b"', "colours:", "'text' is not known here"),
        ('accent: "#e3251b"', 'ring: "#e3251b"', "colours:", "'accent' is missing"),
        ('accent: "#e3251b"', 'accent: "#e3251b", ring: "#ffffff"', "colours:", "levels of television"),
        ("en: MTS Satellite TV,", "", "name:", "no text in en"),
        ("en: MTS Satellite TV,", "en: MTS Satellite TV, de: x,", "name:", "'de' is not known"),
        ("time_zone:", "timezone:", "timezone:", "'timezone' is not known"),
        ('  - number: "0890"\n    note:', "  - note:", "  - note:", "'number' is missing"),
        ("    icon: phone\n", "", "  - id: internet_bank", "'icon' is missing"),
    ],
)
def test_a_bad_profile_is_told_by_file_and_line(tmp_path: Path, old: str, new: str, at: str, says: str) -> None:
    assert old in GOOD
    bad = GOOD.replace(old, new, 1)
    path = tmp_path / "mine" / "profile.yaml"
    path.parent.mkdir()
    path.write_text(bad, encoding="utf-8")
    line = bad[: bad.index(at)].count("\n") + 1
    with pytest.raises(ConfigError) as caught:
        load_profile(tmp_path, "mine")
    assert str(caught.value).startswith(f"{path}:{line}: ") and says in str(caught.value), caught.value


def test_an_unknown_operator_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no such file"):
        load_profile(tmp_path, "nobody")
