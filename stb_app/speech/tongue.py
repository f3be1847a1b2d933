"""How a language is read aloud: what CLDR does not know, as data (``ui_assets/speech/LANGUAGE.yaml``)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from device.api.yaml_file import YamlNode, load_yaml

DAYS = 31
SLOWEST, FASTEST = 80, 450
"""Words a minute that espeak-ng can say."""


@dataclass(frozen=True)
class Numeral:
    """Words that stand for a number before nouns that begin so: ``1 копейка`` is ``одна копейка``."""

    nouns: tuple[str, ...]
    numbers: Mapping[int, str]
    compound: bool
    """At the end of larger numbers too: ``21 копейка`` is ``двадцать одна копейка``."""


@dataclass(frozen=True)
class Tongue:
    """One language."""

    voice: str
    """espeak-ng's name of its voice."""
    words_a_minute: int
    days: tuple[str, ...]
    """The days of a month as they are read before its name, 31; none where the number alone is right."""
    year: str
    """A year after 2000, ``{ordinal}`` as ``days`` has it; '' where the number alone is right."""
    numerals: tuple[Numeral, ...]
    million: str
    """What stands before a currency, ``{number}`` millions of it."""
    short: Mapping[str, str]
    """Short word -> the whole one."""
    signs: Mapping[str, str]
    """What a sign is called that stands alone, on a key."""

    def agreed(self, number: int, noun: str) -> str:
        """``number`` as it is read before ``noun``, in digits where these are read right."""
        said = noun.casefold()
        for numeral in self.numerals:
            if said.startswith(numeral.nouns):
                return _ending(number, numeral)
        return str(number)


def _ending(number: int, numeral: Numeral) -> str:
    tails = [number] if not numeral.compound else [number % 100, number % 10 if number % 100 > 20 else 0]
    for tail in tails:
        if tail in numeral.numbers:
            before = number - tail
            return f"{before} {numeral.numbers[tail]}" if before else numeral.numbers[tail]
    return str(number)


def load_tongue(folder: Path, language: str) -> Tongue:
    """``FOLDER/LANGUAGE.yaml``; YamlError with file and line for what is wrong in it."""
    root = load_yaml(folder / f"{language}.yaml")
    root.only("voice", "words_a_minute", "days", "year", "numerals", "million", "short", "signs")
    days, year, million, numerals = (root.get(name) for name in ("days", "year", "million", "numerals"))
    if days is not None and len(days.texts()) != DAYS:
        raise days.error(f"expected {DAYS} days, found {len(days.texts())}")
    return Tongue(
        voice=root["voice"].text(),
        words_a_minute=root["words_a_minute"].integer(SLOWEST, FASTEST),
        days=tuple(days.texts()) if days is not None else (),
        year=_with_place(year, "ordinal") if year is not None else "",
        numerals=tuple(_numeral(each) for each in numerals.items()) if numerals is not None else (),
        million=_with_place(million, "number") if million is not None else "{number}",
        short=_pairs(root.get("short")),
        signs=_pairs(root.get("signs")),
    )


def _pairs(node: YamlNode | None) -> dict[str, str]:
    return {key: value.text() for key, value in node.entries()} if node is not None else {}


def _with_place(node: YamlNode, name: str) -> str:
    text = node.text()
    if text.count(f"{{{name}}}") != 1 or text.count("{") != 1 or text.count("}") != 1:
        raise node.error(f"expected one {{{name}}}, found '{text}'")
    return text


def _numeral(node: YamlNode) -> Numeral:
    node.only("nouns", "numbers", "compound")
    compound = node.get("compound")
    numbers: dict[int, str] = {}
    for key, value in node["numbers"].entries():
        if not key.isdecimal() or not 1 <= int(key) <= 99:
            raise value.error(f"expected a number from 1 to 99, found '{key}'")
        numbers[int(key)] = value.text()
    nouns = tuple(noun.casefold() for noun in node["nouns"].texts())
    return Numeral(nouns, numbers, compound is not None and compound.boolean())
