"""Text of a screen as people read it aloud: sums, dates, times, numbers, units, hidden parts. Pure, one a language."""

from __future__ import annotations

import re

from babel import Locale
from babel.dates import get_month_names

from stb_app.speech.numbers import Numbers
from stb_app.speech.patterns import any_of, everything
from stb_app.speech.signs import PAUSES
from stb_app.speech.tongue import Tongue
from stb_app.words import Words

FIRST_YEAR = 2001
LONG = 6
"""A number of so many digits that is no sum names something."""
_OTHER_SIGNS = re.compile(r"[^\w\s.,?!:'@%&-]")
_BEFORE_A_NOUN = re.compile(r"(?<![\w.,])(\d+) ([^\W\d_]+)")


class Reader:
    """``read`` is the whole of it: the same text in, the same text out."""

    def __init__(self, words: Words, tongue: Tongue) -> None:
        locale = Locale.parse(words.language)
        self.words = words
        self._tongue = tongue
        self._numbers = Numbers(words, locale, tongue)
        self._months = _months(locale)
        self._pattern = everything(self._numbers, self._months)
        self._short = re.compile(rf"(?<!\w)(?:{any_of(tongue.short)})(?!\w)") if tongue.short else None

    def read(self, text: str) -> str:
        """What is said for ``text``: letters, numbers without signs, and marks that only make a pause."""
        if text in self._tongue.signs:
            return self._tongue.signs[text]
        said: list[str] = []
        at = 0
        for found in self._pattern.finditer(text):
            said += [self._plain(text[at : found.start()]), self._found(found)]
            at = found.end()
        said.append(self._plain(text[at:]))
        return _tidied(_BEFORE_A_NOUN.sub(self._agreed, " ".join("".join(said).split())))

    def _plain(self, text: str) -> str:
        if self._short is not None:
            text = self._short.sub(lambda found: self._tongue.short[found[0]], text)
        return _OTHER_SIGNS.sub(" ", text.translate(PAUSES))

    def _agreed(self, found: re.Match[str]) -> str:
        return f"{self._tongue.agreed(int(found[1]), found[2])} {found[2]}"

    def _found(self, found: re.Match[str]) -> str:
        numbers = self._numbers
        match found.lastgroup:
            case "hidden":
                return f" {self._hidden(found[0], found['tail'])} "
            case "sum":
                number, currency = found["after_it"] or found["amount"], found["before"] or found["behind"]
                millions = bool(found["millions"] or found["millions_after"])
                sign = found["inner_sign"] or found["outer_sign"]
                return f" {self._signed(sign, numbers.money(number, currency, millions=millions))} "
            case "currency":
                return f" {numbers.currency(found[0])} "
            case "iso_date" | "short_date":
                return self._short_date(found)
            case "date" | "month_of_year":
                return self._date(
                    found["day"], found["month"] or found["only_month"], found["year"] or found["its_year"]
                )
            case "span":
                first, last = self.read(found["from_day"]), self.read(found["to_day"])
                return self.words("from {first} to {last}", first=first, last=last)
            case "time":
                return numbers.time(int(found["hours"]), found["minutes"])
            case "range":
                return self._range(found["first"], found["last"], found["range_unit"])
            case "measure":
                said = numbers.unit(numbers.number(found["value"]), found["value"], found["unit"])
                return self._signed(found["measure_sign"], said)
            case "name":
                return numbers.name(found[0])
        digits = found["digits"]
        said = numbers.name(digits) if digits.isdecimal() and len(digits) >= LONG else numbers.number(digits)
        return self._signed(found["sign"], said)

    def _signed(self, sign: str | None, said: str) -> str:
        if not sign:
            return said
        word = self.words("minus") if sign == "−" else self.words("plus")
        return f"{word} {said}"

    def _hidden(self, text: str, tail: str | None) -> str:
        """What is hidden stays so; by the last digits people tell one from another."""
        digits = tail or "".join(re.findall(r"\d+$", text))
        if digits:
            return self.words("hidden, last digits {digits}", digits=" ".join(digits))
        return self.words("hidden") + ("," if text.endswith(",") else "")

    def _range(self, first: str, last: str, unit: str | None) -> str:
        numbers = self._numbers
        said = self.words("from {first} to {last}", first=numbers.number(first), last=numbers.number(last))
        return numbers.unit(said, last, unit) if unit else said

    def _short_date(self, found: re.Match[str]) -> str:
        """``21.11``, ``21.11.2026``, ``2026-11-21``; what is no day of a year is a number or a name."""
        day, year = found["short_day"] or found["iso_day"], found["short_year"] or found["iso_year"]
        month = int(found["short_month"] or found["bare_month"] or found["iso_month"])
        name = next((name for name, number in self._months.items() if number == month), None)
        if name is None or not 1 <= int(day) <= 31:
            return self._numbers.name(found[0]) if year else self._numbers.number(found[0])
        return self._date(day, name, year)

    def _date(self, day: str | None, month: str, year: str | None) -> str:
        of = " de " if self.words.language == "es" else " "
        parts = [*([self._day(int(day))] if day else []), month, *([self._year(int(year))] if year else [])]
        return of.join(parts)

    def _day(self, day: int) -> str:
        days = self._tongue.days
        return days[day - 1] if 1 <= day <= len(days) else str(day)

    def _year(self, year: int) -> str:
        ordinals = self._tongue.days
        if self._tongue.year and FIRST_YEAR <= year < FIRST_YEAR + len(ordinals):
            return self._tongue.year.format(ordinal=ordinals[year - FIRST_YEAR])
        return str(year)


def _months(locale: Locale) -> dict[str, int]:
    """Name of a month, as it stands in a date and alone -> its number; the former come first."""
    found: dict[str, int] = {}
    for context in ("format", "stand-alone"):
        for number, name in get_month_names("wide", context, locale).items():
            found.setdefault(str(name), int(number))
    return found


def _tidied(text: str) -> str:
    """No mark of a pause twice, none first, none that leads on last, none after a space."""
    text = re.sub(r"\s+([.,?!:])", r"\1", text)
    text = re.sub(r"([.,?!:])(?:\s*[,.:])+", r"\1", text)
    return " ".join(text.lstrip(" .,:!?").rstrip(" ,:").split())
