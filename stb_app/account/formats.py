"""Sums, dates and numbers as the viewer's language writes them: CLDR through Babel, spaces and signs for a screen."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel import Locale
from babel.dates import format_date, format_skeleton, format_time, get_day_names, get_month_names
from babel.numbers import (
    format_compact_currency,
    format_compact_decimal,
    format_currency,
    get_currency_precision,
    get_currency_symbol,
)

from device.api.money import Money

THIN_SPACE = "\u2009"
NO_BREAK = "\u00a0"
MINUS = "\u2212"
MILLION = 1_000_000
NARROW = {"RUB": "₽", "EUR": "€", "USD": "$", "UAH": "₴", "CZK": "Kč"}
_REGIONAL = {"en": "en_GB"}
"""English as Europe writes it: the day before the month, as everywhere else on the screen."""
_SPACES = ("\u00a0", "\u202f", "\u2009", " ")


class Formats:
    """One language and one time zone (the region's)."""

    def __init__(self, language: str, time_zone: str = "UTC") -> None:
        self.language = language
        self._locale = Locale.parse(_REGIONAL.get(language, language))
        try:
            self._zone = ZoneInfo(time_zone)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            self._zone = ZoneInfo("UTC")

    def in_zone(self, time_zone: str) -> Formats:
        return self if str(self._zone) == time_zone else Formats(self.language, time_zone)

    def money(self, money: Money, *, sign: bool = False, short: bool = False) -> str:
        """``1 284,50 ₽``; with ``sign`` a plus too; ``short`` drops minor units where they are zero.

        Thin spaces between thousands, a real minus before everything, no line break inside.
        """
        digits = get_currency_precision(money.currency)
        amount = Decimal(abs(money.amount)) / (10**digits)
        whole = short and money.amount % 10**digits == 0
        text = format_currency(amount, money.currency, locale=self._locale)
        if whole and digits:
            text = text.replace(self._locale.number_symbols["latn"]["decimal"] + "0" * digits, "")
        text = self._spaced(text, money.currency)
        if money.amount < 0:
            return MINUS + text
        return f"+{text}" if sign and money.amount > 0 else text

    def _spaced(self, text: str, currency: str) -> str:
        """CLDR's text with the currency's own sign, thin spaces inside the number and none that breaks."""
        symbol = NARROW.get(currency)
        if symbol:
            text = text.replace(get_currency_symbol(currency, locale=self._locale), symbol)
        for space in _SPACES:
            text = text.replace(space, THIN_SPACE)
        if symbol and text.endswith(symbol) and not text.endswith(THIN_SPACE + symbol):
            text = text[: -len(symbol)] + THIN_SPACE + symbol
        return text.replace(THIN_SPACE + (symbol or "\0"), NO_BREAK + (symbol or "\0"))

    def brief(self, money: Money, *, bare: bool = False) -> str:
        """A sum where there is little room: ``859,70 ₽``, from a million on ``1,2 млн ₽``; ``bare`` is the number in
        whole units, without the currency.
        """
        whole = round(abs(money.amount) / 10 ** get_currency_precision(money.currency))
        if whole < MILLION:
            return str(whole) if bare else self.money(money, short=True)
        if bare:
            text = format_compact_decimal(whole, locale=self._locale, fraction_digits=1)
        else:
            text = format_compact_currency(whole, money.currency, locale=self._locale, fraction_digits=1)
        return (MINUS if money.amount < 0 else "") + self._spaced(text, money.currency)

    def day(self, value: date) -> str:
        """``14 декабря``, ``14 December``: a day in a sentence, not broken over lines."""
        return format_skeleton("MMMMd", value, locale=self._locale).replace(" ", NO_BREAK)

    def full_day(self, value: date) -> str:
        return format_date(value, "long", locale=self._locale).replace(" ", NO_BREAK)

    def month(self, value: date) -> str:
        """``Ноябрь``: a month as a title."""
        name = str(get_month_names("wide", "stand-alone", locale=self._locale)[value.month])
        return name[:1].upper() + name[1:]

    def month_short(self, value: date) -> str:
        """``ноя``: a month under its bar."""
        return str(get_month_names("abbreviated", "stand-alone", locale=self._locale)[value.month])[:3]

    def week(self) -> tuple[int, tuple[str, ...]]:
        """The day that a week begins with (0 is Monday), and the short names of its days from that one on."""
        first = self._locale.first_week_day
        names = get_day_names("short", "stand-alone", locale=self._locale)
        return first, tuple(str(names[(first + index) % 7]) for index in range(7))

    def time(self, value: datetime) -> str:
        return format_time(value.astimezone(self._zone), "HH:mm", locale=self._locale)

    def moment(self, value: datetime, now: datetime) -> str:
        """``19:41`` today, ``20 ноября, 19:41`` on any other day."""
        local = value.astimezone(self._zone)
        if local.date() == now.astimezone(self._zone).date():
            return self.time(value)
        return f"{self.day(local.date())},{NO_BREAK}{self.time(value)}"

    def today(self, now: datetime) -> date:
        return now.astimezone(self._zone).date()

    @staticmethod
    def account_number(number: str) -> str:
        """``1027 3345 8021``: in fours, as people read it out."""
        return THIN_SPACE.join(number[i : i + 4] for i in range(0, len(number), 4))

    @staticmethod
    def decimal(value: float) -> str:
        return f"{value:.1f}"
