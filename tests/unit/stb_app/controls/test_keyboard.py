"""Every page of keys writes its language; a file that cannot is told with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

import ui_assets
from device.api.errors import ConfigError
from stb_app.controls.keyboard import MOST_KEYS, load_keyboard
from stb_app.words import languages

FOLDER = ui_assets.ROOT / "keyboards"
LANGUAGES = languages(ui_assets.ROOT / "strings")

ALPHABETS = {
    "ru": "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
    "en": "abcdefghijklmnopqrstuvwxyz",
    "sk": "aáäbcčdďeéfghiíjklĺľmnňoóôpqrŕsštťuúvwxyýzž",
    "es": "abcdefghijklmnñopqrstuvwxyzáéíóúü",
}
"""As the languages have them, whatever the files say."""


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_of_the_app_has_keys_for_its_whole_alphabet(language: str) -> None:
    page = load_keyboard(FOLDER, language)[0]
    for keys in ("".join(page.rows), "".join(page.taps.values())):
        assert set(ALPHABETS[language]) <= set(keys) and len(set(keys)) == len(keys)
    assert 9 <= page.columns <= MOST_KEYS


@pytest.mark.parametrize("language", LANGUAGES)
def test_digits_signs_and_russian_names_are_within_reach_of_everybody(language: str) -> None:
    """A contract's name is in Russian, whatever language its viewer reads (S3)."""
    pages = load_keyboard(FOLDER, language)
    everything = "".join(key for page in pages for row in page.rows for key in row)
    assert set("0123456789.,-?:'") | set(ALPHABETS["ru"]) | set(ALPHABETS["en"]) <= set(everything)
    names = [page.name for page in pages]
    assert len(set(names)) == len(names)


GOOD = 'name: ab\nalphabet: abcdefghi\nrows:\n  - abcdefghi\ntaps: {"2": abcde, "3": fghi}\nthen: []\n'


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("- abcdefghi", "- abcdefghh", r"xx\.yaml:4: rows: 'h' is here twice"),
        ("- abcdefghi", "- abcdefgh1", r"xx\.yaml:4: rows: 'i' of the alphabet is missing"),
        ("fghi}", "fgh}", r"xx\.yaml:5: taps: 'i' of the alphabet is missing"),
        ("fghi}", "fghia}", r"xx\.yaml:5: taps: 'a' is here twice"),
        ('"3"', '"0"', r"xx\.yaml:5: taps\.0: '0' is no digit key from 1 to 9"),
        ("- abcdefghi", "- abcdefgh\n  - i", r"xx\.yaml:4: rows: a page has 1 to 4 rows, the widest of 9 to 12 keys"),
        ("then: []", "then: [zz]", r"xx\.yaml:6: then\[0\]: expected one of yy, found 'zz'"),
        ("name: ab", "nam: ab", r"xx\.yaml:1: 'nam' is not known here"),
        ('taps: {"2": abcde, "3": fghi}\n', "", r"xx\.yaml:1: .*'taps' is missing"),
    ],
)
def test_a_file_that_cannot_be_is_told_by_its_line(tmp_path: Path, old: str, new: str, said: str) -> None:
    (tmp_path / "yy.yaml").write_text('name: "12"\nrows: ["123456789"]\n', encoding="utf-8")
    path = tmp_path / "xx.yaml"
    path.write_text(GOOD, encoding="utf-8")
    assert [page.name for page in load_keyboard(tmp_path, "xx")] == ["ab"]
    assert old in GOOD
    path.write_text(GOOD.replace(old, new), encoding="utf-8")
    with pytest.raises(ConfigError, match=said):
        load_keyboard(tmp_path, "xx")


def test_a_language_without_keys_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"zz\.yaml: no such file"):
        load_keyboard(tmp_path, "zz")
