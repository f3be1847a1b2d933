"""Every text of the app is in every catalogue, translated whole; no catalogue holds a text that nobody says."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from gettext import c2py
from pathlib import Path
from string import Formatter

import pygame
import pytest
from babel import Locale
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

import stb_app
import tools.headend.operators
import ui_assets
from device.api.money import Money
from stb_app.account.formats import Formats
from stb_app.words import languages, load_words
from tests.unit.stb_app.support import family

OPERATORS = Path(tools.headend.operators.__file__).parent
"""What the operators' services say on the TV."""

KEYWORDS = {"words": None, "plural": (1, 2), "key": None}
CATALOGUES = sorted((ui_assets.ROOT / "strings").glob("*.po"))

CATEGORIES = ("one", "few", "many", "other")
"""CLDR's, in the order in which gettext numbers their forms."""

ALIKE: dict[str, set[str]] = {
    "ru": set(),
    "sk": {"E-mail", "PIN", "plus", "{amount} decibel", "{amount} euro", "{n} cent"},
    "es": {"Normal", "PIN", "terminal", "{amount} euro", "{amount} euros"},
}
"""What a language has in common with English; everything else that is the same was forgotten."""

SHOWN = {"Text": 0, "button": 1, "row": 1, "tile": 2, "notice": 0, "Offer": 1, "Choice": 1, "Dialog": 1, "Tell": 0}
"""What shows a text -> which argument that is."""

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


def test_there_is_a_catalogue_for_every_language() -> None:
    assert {path.stem for path in CATALOGUES} == {"ru", "sk", "es"}


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: str(path.stem))
def test_no_text_stands_twice_or_lies_there_unused(path: Path) -> None:
    """The second one would silently count instead of the first; what is commented out is never seen by these tests."""
    catalogue = read(path)
    lines = path.read_text(encoding="utf-8").splitlines()
    written = sum(line.startswith("msgid ") for line in lines) - 1
    assert written == len(entries(catalogue)), (
        f"{path.name}: {written} texts are {len(entries(catalogue))} different ones"
    )
    assert not catalogue.obsolete, f"{path.name}: {list(catalogue.obsolete)}"


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: str(path.stem))
def test_plural_forms_are_those_of_the_language(path: Path) -> None:
    """CLDR's rule says which numbers go together: the catalogue's formula must part them in the same way, in order."""
    catalogue, rule = read(path), Locale(path.stem).plural_form
    form_of = c2py(catalogue.plural_expr)
    forms: dict[str, set[int]] = {}
    for n in range(201):
        forms.setdefault(rule(n), set()).add(form_of(n))
    assert all(len(found) == 1 for found in forms.values()), f"{path.name}: {forms}"
    taken = {category: found.pop() for category, found in forms.items()}
    assert sorted(taken.values()) == list(range(catalogue.num_plurals)), f"{path.name}: {taken}"
    assert sorted(taken, key=lambda category: taken[category]) == [each for each in CATEGORIES if each in taken]


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("ru", {0: "0 пакетов", 1: "1 пакет", 2: "2 пакета", 5: "5 пакетов", 11: "11 пакетов", 21: "21 пакет"}),
        ("sk", {0: "0 balíkov", 1: "1 balík", 2: "2 balíky", 5: "5 balíkov", 21: "21 balíkov", 22: "22 balíkov"}),
        ("es", {0: "0 paquetes", 1: "1 paquete", 2: "2 paquetes", 21: "21 paquetes"}),
        ("en", {0: "0 packages", 1: "1 package", 2: "2 packages", 21: "21 packages"}),
    ],
)
def test_numbers_are_said_with_the_form_that_they_have(language: str, said: dict[int, str]) -> None:
    words = load_words(ui_assets.ROOT / "strings", language)
    assert {n: words.plural("{n} package", "{n} packages", n) for n in said} == said


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: str(path.stem))
def test_nothing_was_left_in_english(path: Path) -> None:
    left = {
        form
        for message in entries(read(path)).values()
        if not message.context
        for form in _all(message.string)
        if form in _all(message.id) and any(char.isalpha() for char in form)
    }
    assert left == ALIKE[path.stem], f"{path.name}: as in English, or so no more: {left ^ ALIKE[path.stem]}"


def test_every_text_is_one_that_the_extraction_can_read() -> None:
    """``words(text)`` and ``words("a" if x else "b")`` would be missed, and so would a text that asks no catalogue."""
    wrong: list[str] = []
    folder = Path(stb_app.__file__).parent
    for path in sorted(folder.glob("**/*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                wrong += [f"{path.relative_to(folder)}:{node.lineno}: {what}" for what in _unreadable(node)]
    assert not wrong, "\n".join(["", *wrong])


def _unreadable(call: ast.Call) -> Iterator[str]:
    called = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    if called in ("words", "plural"):
        needed = call.args[:2] if called == "plural" else call.args[:1]
        if not all(isinstance(each, ast.Constant) and isinstance(each.value, str) for each in needed):
            yield f"{called}() of something that is no text"
    shown = SHOWN.get(called)
    if shown is not None and shown < len(call.args):
        given = call.args[shown]
        if isinstance(given, ast.Constant) and isinstance(given.value, str) and any(map(str.isalpha, given.value)):
            yield f"{called}() shows {given.value!r}, which no catalogue has"


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
