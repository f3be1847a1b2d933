"""How a language is read is data: what is wrong in it is said with file and line."""

from __future__ import annotations

from pathlib import Path

import pytest

import ui_assets
from device.api.errors import ConfigError
from stb_app.controls.keyboard import load_keyboard
from stb_app.speech.tongue import load_tongue
from tests.unit.stb_app.speech.support import LANGUAGES, reader

GOOD = "voice: ru\nwords_a_minute: 150\n"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_of_the_catalogues_has_a_voice(language: str) -> None:
    tongue = load_tongue(ui_assets.ROOT / "speech", language)
    assert tongue.voice.startswith(language) and 120 <= tongue.words_a_minute <= 160


def test_what_is_left_out_is_read_as_it_stands(tmp_path: Path) -> None:
    (tmp_path / "xx.yaml").write_text(GOOD)
    tongue = load_tongue(tmp_path, "xx")
    assert (tongue.days, tongue.year, tongue.million) == ((), "", "{number}")
    assert tongue.agreed(1, "noun") == "1" and not tongue.short


@pytest.mark.parametrize(
    ("more", "line", "word"),
    [
        ("rate: 3\n", 3, "rate"),
        ("days: [one, two]\n", 3, "31 days"),
        ("year: 2000 {day}\n", 3, "{ordinal}"),
        ("million: '{number} {number}'\n", 3, "{number}"),
        ("numerals:\n  - nouns: [a]\n    numbers: {0: none}\n", 5, "1 to 99"),
        ("numerals:\n  - nouns: [a]\n", 4, "numbers"),
        ("short: {a: ''}\n", 3, "a text"),
    ],
)
def test_a_mistake_is_said_with_its_line(tmp_path: Path, more: str, line: int, word: str) -> None:
    path = tmp_path / "xx.yaml"
    path.write_text(GOOD + more)
    with pytest.raises(ConfigError) as raised:
        load_tongue(tmp_path, "xx")
    assert f"{path}:{line}:" in str(raised.value) and word in str(raised.value)


def test_a_voice_that_speaks_too_fast_is_refused(tmp_path: Path) -> None:
    (tmp_path / "xx.yaml").write_text("voice: ru\nwords_a_minute: 900\n")
    with pytest.raises(ConfigError, match="2: words_a_minute"):
        load_tongue(tmp_path, "xx")


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_key_that_a_viewer_writes_with_has_a_name(language: str) -> None:
    keys = {
        key
        for page in load_keyboard(ui_assets.ROOT / "keyboards", language)
        for row in (*page.rows, *page.taps.values())
        for key in row
    }
    read = reader(language).read
    assert {key for key in keys if not any(letter.isalnum() for letter in read(key))} == set()
    names = {key: read(key) for key in keys if not key.isalnum()}
    assert len(set(names.values())) == len(names) > 15
