"""Numbers, sums and units as people say them: digits that every voice reads right, beside words in the right form."""

from __future__ import annotations

import re

from babel import Locale
from babel.numbers import format_compact_decimal, get_currency_name
from babel.units import format_unit

from stb_app.speech.signs import DECIBEL, DECIBEL_MICROVOLT, MEGABIT_A_SECOND, SIGNS, UNITS
from stb_app.speech.tongue import Tongue
from stb_app.words import Words

MINOR_DIGITS = 2
PAIR, FOUR = 2, 4
MILLION = 1_000_000
LONGEST = 18
"""Digits of a number; what is longer is read as a name."""
_SPACES = " \u00a0\u202f\u2009"


class Numbers:
    """One language. What comes in is text from a screen, what goes out has neither signs nor spaces in numbers."""

    def __init__(self, words: Words, locale: Locale, tongue: Tongue) -> None:
        self.words = words
        self._locale = locale
        self._tongue = tongue
        symbols = locale.number_symbols["latn"]
        self._decimal, self._group = symbols["decimal"], symbols["group"]
        groups, point = re.escape(_SPACES + self._group), re.escape(self._decimal)
        many = rf"\d{{1,3}}(?:[{groups}]\d{{3}}){{1,5}}(?!\d)(?:{point}\d{{1,{LONGEST}}})?"
        few = rf"\d{{1,{LONGEST}}}(?!\d)(?:[.,]\d{{1,{LONGEST}}}(?![\d.]))?"
        self.pattern = rf"(?<!\d)(?:{many}|{few})"
        """A number as any screen of this language writes it."""
        self._grouped = re.compile(rf"(\d{{1,3}}(?:{re.escape(self._group)}\d{{3}})+)(?:{point}(\d+))?")
        self._cldr = {sign: unit for unit in UNITS for sign in (_sign(unit, locale), _sign(unit, Locale("en")))}
        self.units = (*self._cldr, *DECIBEL, *DECIBEL_MICROVOLT, *MEGABIT_A_SECOND)
        """Signs of units."""
        short = format_compact_decimal(5 * MILLION, locale=locale)
        self.millions = frozenset({re.sub(rf"[\d{_SPACES}]", "", short), "M"})
        """What stands for a million before a currency."""

    def parts(self, number: str) -> tuple[int, str]:
        """Whole part and the digits behind the point: ``1 284,50`` -> (1284, "50")."""
        plain = re.sub(f"[{_SPACES}]", "", number)
        grouped = self._grouped.fullmatch(plain)
        if grouped:
            return int(grouped[1].replace(self._group, "")), grouped[2] or ""
        whole, _, part = plain.replace(",", ".").partition(".")
        return int(whole), part

    def number(self, text: str) -> str:
        """``12 500`` -> ``12500``; ``12,5`` stays; ``12,75`` with a word for the point, which not all voices read."""
        whole, part = self.parts(text)
        if not part:
            return paired(text) if text[0] == "0" and text.isdecimal() else str(whole)
        if len(part) == 1:
            return f"{whole}{self._decimal}{part}"
        return self.words("{whole} point {part}", whole=whole, part=paired(part))

    def money(self, number: str, sign: str, *, millions: bool = False) -> str:
        """``1 284,50``, ``₽`` -> ``1284 roubles 50 kopecks``; minor units that are zero are not said."""
        code = SIGNS.get(sign, sign)
        whole, part = self.parts(number)
        if millions:
            value = float(f"{whole}.{part or 0}") * MILLION
            said = format_compact_decimal(value, format_type="long", locale=self._locale, fraction_digits=1)
            return self._major(code, self._tongue.million.format(number=said), MILLION)
        minor = int(part.ljust(MINOR_DIGITS, "0")) if len(part) <= MINOR_DIGITS else -1
        if minor == 0:
            return self._major(code, str(whole), whole)
        small = self._minor(code, minor) if minor > 0 else ""
        if not small:
            return f"{self.number(number)} {self._named(code, float(f'{whole}.{part}'))}"
        return f"{self._major(code, str(whole), whole)} {small}" if whole else small

    def _major(self, code: str, amount: str, count: int) -> str:
        words = self.words
        match code:
            case "RUB":
                return words.plural("{amount} rouble", "{amount} roubles", count, amount=amount)
            case "EUR":
                return words.plural("{amount} euro", "{amount} euros", count, amount=amount)
        return f"{amount} {self._named(code, count)}"

    def _named(self, code: str, count: float) -> str:
        return str(get_currency_name(code, count=count, locale=self._locale))

    def _minor(self, code: str, count: int) -> str:
        """Empty for a currency whose minor units have no name here."""
        match code:
            case "RUB":
                return self.words.plural("{n} kopeck", "{n} kopecks", count)
            case "EUR" | "USD":
                return self.words.plural("{n} cent", "{n} cents", count)
        return ""

    def currency(self, sign: str) -> str:
        """A sign that stands alone: the name of many."""
        return self._major(SIGNS[sign], "", 5).strip()

    def unit(self, amount: str, last: str, sign: str) -> str:
        """``amount``, ready to be said, of a unit; ``last`` is the number whose form the unit takes."""
        words = self.words
        whole, part = self.parts(last)
        count = 2 if part else whole
        if sign in DECIBEL:
            return words.plural("{amount} decibel", "{amount} decibels", count, amount=amount)
        if sign in DECIBEL_MICROVOLT:
            return words.plural("{amount} decibel microvolt", "{amount} decibel microvolts", count, amount=amount)
        if sign in MEGABIT_A_SECOND:
            return words.plural("{amount} megabit a second", "{amount} megabits a second", count, amount=amount)
        value = float(f"{whole}.{part}") if part else whole
        said = str(format_unit(value, self._cldr[sign], "long", locale=self._locale))
        return f"{amount} {said.lstrip('0123456789.,' + self._group + _SPACES)}"

    def time(self, hours: int, minutes: str) -> str:
        """``19:41`` -> ``19 41``, ``19:05`` -> ``19 0 5``, the full hour by its name."""
        if minutes == "00":
            return self.words.plural("{n} o'clock", "{n} o'clock", hours)
        return f"{hours} {paired(minutes)}"

    def name(self, text: str) -> str:
        """Digits that name something (a telephone, an account), in the groups in which they are written, long ones in
        pairs with a pause after each second one: ``8 800 250 08 90`` -> ``8, 800, 250, 0 8, 90``.
        """
        groups = [each for group in re.findall(r"\d+", text) for each in _fours(group)]
        said = ", ".join(paired(group) for group in groups)
        plus = self.words("plus")
        return f"{plus} {said}" if text.startswith("+") else said


def paired(digits: str) -> str:
    """``1027`` -> ``10 27``, ``08`` -> ``0 8``, ``005`` -> ``0 0 5``; up to three digits are one number."""
    zeros = len(digits) - len(digits.lstrip("0"))
    if zeros:
        return " ".join([*"0" * zeros, *([paired(digits[zeros:])] if digits[zeros:] else [])])
    if len(digits) < FOUR:
        return digits
    first = PAIR + len(digits) % PAIR
    return " ".join([digits[:first], *(paired(digits[at : at + PAIR]) for at in range(first, len(digits), PAIR))])


def _fours(digits: str) -> list[str]:
    """A long number in parts of four digits, what is odd in the first one; a short one as it is."""
    if len(digits) <= FOUR:
        return [digits]
    first = len(digits) % FOUR or FOUR
    return [digits[:first], *(digits[at : at + FOUR] for at in range(first, len(digits), FOUR))]


def _sign(unit: str, locale: Locale) -> str:
    return str(format_unit(5, unit, "short", locale=locale)).lstrip("5" + _SPACES)
