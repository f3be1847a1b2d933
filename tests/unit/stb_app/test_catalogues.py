"""Every text of the app is in every catalogue, translated whole; no catalogue holds a text that nobody says."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from string import Formatter

import pygame
import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

import stb_app
import tools.headend.operators
import ui_assets
from device.api.money import Money
from stb_app.account.formats import Formats
from stb_app.words import languages
from tests.unit.stb_app.support import family

OPERATORS = Path(tools.headend.operators.__file__).parent
"""What the operators' services say on the TV."""
KEYWORDS = {"words": None, "plural": (1, 2), "key": None}
CATALOGUES = sorted((ui_assets.ROOT / "strings").glob("*.po"))

Name = tuple[str, str]
"""Context and message; of a plural its first form."""


@pytest.fixture(scope="module")
def said() -> dict[Name, str]:
    """What the code says: name -> the place."""
    found: dict[Name, str] = {}
    folder = Path(stb_app.__file__).parent
    for file, line, message, _, _ in extract_from_dir(folder, [("**.py", "python")], keywords=_keywords()):
        text = message if isinstance(message, str) else message[0]
        source = (folder / file).read_text(encoding="utf-8").splitlines()[line - 1]
        context = "key" if f'.key("{text}")' in source else ""
        found[(context, text)] = f"{file}:{line}"
    return found


def _keywords() -> dict[str, tuple[int, ...] | None]:
    return dict(KEYWORDS)


def read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=path.stem, abort_invalid=True)


def entries(catalogue: Catalog) -> dict[Name, Message]:
    return {(message.context or "", _first(message.id)): message for message in catalogue if message.id}


def _first(text: str | list[str] | tuple[str, ...]) -> str:
    return text if isinstance(text, str) else text[0]


def _all(text: str | list[str] | tuple[str, ...] | None) -> list[str]:
    return [text] if isinstance(text, str) else list(text or ())


def _fields(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def test_the_extraction_finds_what_the_screens_say(said: dict[Name, str]) -> None:
    assert ("", "Pay") in said
    assert ("", "{n} new message") in said
    assert ("key", "R") in said and ("", "R") not in said


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: str(path.stem))
def test_no_text_is_missing_and_none_is_unused(path: Path, said: dict[Name, str]) -> None:
    known = entries(read(path)).keys()
    missing = [f"{said[name]}: {name[1]!r}" for name in sorted(said.keys() - known)]
    unused = [repr(name[1]) for name in sorted(known - said.keys())]
    assert not missing, f"{path.name} lacks {'; '.join(missing)}"
    assert not unused, f"{path.name} has what nobody says: {'; '.join(unused)}"


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: str(path.stem))
def test_every_text_is_translated_whole(path: Path) -> None:
    catalogue = read(path)
    for name, message in entries(catalogue).items():
        forms = _all(message.string)
        assert all(form.strip() for form in forms), f"{path.name}: {name[1]!r} is not translated"
        assert not message.fuzzy, f"{path.name}: {name[1]!r} is a guess"
        if isinstance(message.id, list | tuple):
            assert len(forms) == catalogue.num_plurals, f"{path.name}: {name[1]!r} lacks a plural form"
        wanted = set().union(*(_fields(text) for text in _all(message.id)))
        for form in forms:
            assert _fields(form) == wanted, f"{path.name}: {name[1]!r} and {form!r} differ in their places"
            assert form.count("**") % 2 == 0 and form.count("**") == name[1].count("**"), f"{path.name}: {form!r}"
            assert form[-1:].isspace() == name[1][-1:].isspace(), f"{path.name}: {form!r} ends otherwise"


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: str(path.stem))
def test_the_words_are_calm(path: Path) -> None:
    """No exclamation marks, in no language (design.md)."""
    for name, message in entries(read(path)).items():
        for text in [*_all(message.id), *_all(message.string)]:
            assert "!" not in text and "¡" not in text, f"{path.name}: {name[1]!r}"


@pytest.mark.parametrize("name", ["manrope", "pt_sans"])
def test_the_font_has_every_letter_of_every_text(name: str) -> None:
    """What a font lacks it draws as an empty box; spaces are made by the shaper."""
    font_family = family(name)
    texts = [text for path in CATALOGUES for message in read(path) for text in _all(message.string)]
    texts += [text for path in CATALOGUES for message in read(path) for text in _all(message.id)]
    data = [*(ui_assets.ROOT / "operators").glob("*/*.yaml"), *OPERATORS.glob("*/*.yaml")]
    texts += [line for path in data for line in path.read_text(encoding="utf-8").splitlines() if line[:1] != "#"]
    texts += _formatted()
    letters = {char for text in texts for char in text if not char.isspace()} | set("0123456789₽€₴−+•…")
    shown = set("".join(letters).translate(font_family.instead))
    for file in font_family.files.values():
        font = pygame.font.Font(str(file), 24)
        box = _drawn(font, "\U0010fffd")
        lacking = sorted(char for char in shown if _drawn(font, char) == box)
        assert not lacking, f"{file.name} lacks {lacking}"


def _formatted() -> list[str]:
    """What formats make of sums, days and times in each language."""
    found = []
    for language in languages(ui_assets.ROOT / "strings"):
        formats = Formats(language)
        for currency in ("RUB", "EUR", "USD", "UAH", "CZK"):
            money = Money(-123456789, currency)
            found += [formats.money(money), formats.brief(money), formats.brief(money, bare=True)]
        for month in range(1, 13):
            moment = datetime(2026, month, 28, 9, 5, tzinfo=UTC)
            found += [formats.day(moment.date()), formats.moment(moment, moment + timedelta(days=400))]
            found += [formats.time(moment), formats.month(moment.date()), formats.month_short(moment.date())]
    return found


def _drawn(font: pygame.font.Font, char: str) -> bytes:
    return pygame.image.tobytes(font.render(char, True, (235, 235, 235)), "RGBA")
