"""Words: plural forms of every language, and one clear error for a catalogue that cannot be used."""

from __future__ import annotations

from pathlib import Path

import pytest

import ui_assets
from device.api.errors import ConfigError
from stb_app.words import Words, languages, load_words

STRINGS = ui_assets.ROOT / "strings"
HEADER = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n"Language: xx\\n"\n\n'


def plurals(language: str, *numbers: int) -> list[str]:
    words = load_words(STRINGS, language)
    return [words.plural("{n} new message", "{n} new messages", n) for n in numbers]


def test_russian_has_three_forms() -> None:
    assert plurals("ru", 1, 2, 4, 5, 0, 11, 12, 14, 21, 22, 25, 100, 101, 111, 121) == [
        "1 новое сообщение",
        "2 новых сообщения",
        "4 новых сообщения",
        "5 новых сообщений",
        "0 новых сообщений",
        "11 новых сообщений",
        "12 новых сообщений",
        "14 новых сообщений",
        "21 новое сообщение",
        "22 новых сообщения",
        "25 новых сообщений",
        "100 новых сообщений",
        "101 новое сообщение",
        "111 новых сообщений",
        "121 новое сообщение",
    ]


def test_english_has_two_forms() -> None:
    assert plurals("en", 0, 1, 2, 21) == ["0 new messages", "1 new message", "2 new messages", "21 new messages"]


@pytest.mark.parametrize(("language", "groups"), [("sk", [[1], [2, 3, 4], [0, 5, 11, 21, 22, 104]]),
                                                  ("es", [[1], [0, 2, 5, 11, 21, 101]])])  # fmt: skip
def test_slovak_and_spanish_have_their_groups(language: str, groups: list[list[int]]) -> None:
    """By CLDR: Slovak one, few (2 to 4), other; Spanish one, other. The words differ between the groups alone."""
    forms = []
    for group in groups:
        words = {text.split(" ", 1)[1] for text in plurals(language, *group)}
        assert len(words) == 1, words
        forms.append(words.pop())
    assert len(set(forms)) == len(groups)


def test_what_is_not_translated_stays_english() -> None:
    assert load_words(STRINGS, "ru")("a text that nobody wrote") == "a text that nobody wrote"


def test_keys_are_called_as_they_are_written_on_the_remote() -> None:
    assert [load_words(STRINGS, "ru").key(name) for name in ("R", "G", "Y", "B")] == ["К", "З", "Ж", "С"]
    assert [load_words(STRINGS, "en").key(name) for name in ("R", "G", "Y", "B")] == ["R", "G", "Y", "B"]


def test_values_stand_in_their_places() -> None:
    assert load_words(STRINGS, "en")("{position} of {count}", position=3, count=12) == "3 of 12"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ({"ru": "Спорт", "en": "Sport"}, "Sport"),
        ({"ru": "Спорт", "en": ""}, "Спорт"),
        ({"sk": "Šport"}, "Šport"),
    ],
)
def test_the_operators_texts_come_in_what_language_there_is(text: dict[str, str], shown: str) -> None:
    assert load_words(STRINGS, "en").local(text) == shown


def test_the_source_language_needs_no_catalogue(tmp_path: Path) -> None:
    words = load_words(tmp_path, "en")
    assert isinstance(words, Words) and words("Pay") == "Pay"
    assert languages(tmp_path) == ["en"]


def test_the_four_languages_are_there() -> None:
    assert set(languages(STRINGS)) == {"ru", "en", "sk", "es"}


def test_a_missing_language_is_one_clear_error() -> None:
    with pytest.raises(ConfigError, match="there is no language 'de'; languages: en, es, ru, sk"):
        load_words(STRINGS, "de")


@pytest.mark.parametrize(
    "content",
    [
        HEADER + 'msgid "Pay"\nmsgstr "Опл',
        HEADER + 'msgstr "Оплатить"\nmsgid "Pay"\n',
        HEADER + "Pay = Оплатить\n",
        HEADER + 'msgid "Pay {sum}"\nmsgstr "Оплатить {summa}"\n',
        HEADER + 'msgid "Pay {sum}"\nmsgstr "Оплатить {sum"\n',
        HEADER.replace("Language: xx", "Plural-Forms: nplurals=x; plural=0;") + 'msgid "Pay"\nmsgstr "x"\n',
    ],
)
def test_a_broken_catalogue_is_one_line_that_names_the_file(tmp_path: Path, content: str) -> None:
    path = tmp_path / "ru.po"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load_words(tmp_path, "ru")
    assert str(caught.value).startswith(str(path)) and "\n" not in str(caught.value)


def test_a_catalogue_that_is_not_utf_8_is_one_line(tmp_path: Path) -> None:
    path = tmp_path / "ru.po"
    path.write_bytes(HEADER.encode() + 'msgid "Pay"\nmsgstr "Оплатить"\n'.encode("cp1251"))
    with pytest.raises(ConfigError, match=r"ru\.po"):
        load_words(tmp_path, "ru")


@pytest.mark.parametrize("language", ["../en", "", "ru\x00"])
def test_a_language_that_is_no_name_is_an_error_too(language: str) -> None:
    with pytest.raises(ConfigError):
        load_words(STRINGS, language)
