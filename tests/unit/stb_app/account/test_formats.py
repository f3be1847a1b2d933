"""Sums, dates and numbers as CLDR writes them in each language, with the spaces and signs of a screen."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.api.money import Money
from stb_app.account.formats import Formats

LANGUAGES = ("ru", "en", "sk", "es")
THIN, FIXED, MINUS = "\u2009", "\u00a0", "\u2212"


def rub(kopecks: int) -> Money:
    return Money(kopecks, "RUB")


@pytest.mark.parametrize(
    ("language", "money", "text"),
    [
        ("ru", rub(128450), f"1{THIN}284,50{FIXED}₽"),
        ("en", rub(128450), "₽1,284.50"),
        ("sk", rub(128450), f"1{THIN}284,50{FIXED}₽"),
        ("es", rub(128450), f"1.284,50{FIXED}₽"),
        ("ru", rub(-123456789), f"{MINUS}1{THIN}234{THIN}567,89{FIXED}₽"),
        ("en", rub(-123456789), f"{MINUS}₽1,234,567.89"),
        ("sk", Money(-123456789, "EUR"), f"{MINUS}1{THIN}234{THIN}567,89{FIXED}€"),
        ("es", Money(-123456789, "EUR"), f"{MINUS}1.234.567,89{FIXED}€"),
        ("ru", Money(1999, "EUR"), f"19,99{FIXED}€"),
        ("en", Money(1999, "EUR"), "€19.99"),
        ("ru", rub(0), f"0,00{FIXED}₽"),
        ("sk", Money(5, "CZK"), f"0,05{FIXED}Kč"),
        ("ru", Money(128450, "UAH"), f"1{THIN}284,50{FIXED}₴"),
    ],
)
def test_sums(language: str, money: Money, text: str) -> None:
    assert Formats(language).money(money) == text


def test_signs_stand_before_everything() -> None:
    formats = Formats("ru")
    assert formats.money(rub(5000), sign=True) == f"+50,00{FIXED}₽"
    assert formats.money(rub(-5000), sign=True) == f"{MINUS}50,00{FIXED}₽"
    assert formats.money(rub(0), sign=True) == f"0,00{FIXED}₽"
    assert Formats("en").money(rub(-5000), sign=True) == f"{MINUS}₽50.00"


@pytest.mark.parametrize(
    ("language", "whole", "broken"),
    [
        ("ru", f"747{FIXED}₽", f"747,05{FIXED}₽"),
        ("en", "₽747", "₽747.05"),
        ("sk", f"747{FIXED}₽", f"747,05{FIXED}₽"),
        ("es", f"747{FIXED}₽", f"747,05{FIXED}₽"),
    ],
)
def test_short_sums_drop_kopecks_only_where_there_are_none(language: str, whole: str, broken: str) -> None:
    formats = Formats(language)
    assert formats.money(rub(74700), short=True) == whole
    assert formats.money(rub(74705), short=True) == broken
    assert formats.money(rub(-74700), short=True) == MINUS + whole


def test_brief_sums_shorten_from_a_million_on() -> None:
    assert Formats("ru").brief(rub(85970)) == f"859,70{FIXED}₽"
    assert Formats("ru").brief(rub(123456789)) == f"1,2{THIN}млн{FIXED}₽"
    assert Formats("en").brief(rub(-123456789)) == f"{MINUS}₽1.2M"
    assert Formats("sk").brief(Money(123456789, "EUR"), bare=True) == f"1,2{THIN}mil."
    assert Formats("es").brief(rub(85970), bare=True) == "860"


@given(st.integers(-(10**12), 10**12), st.sampled_from(LANGUAGES), st.sampled_from(["RUB", "EUR", "USD"]))
def test_no_sum_can_break_over_lines_and_all_its_digits_are_there(amount: int, language: str, currency: str) -> None:
    text = Formats(language).money(Money(amount, currency))
    assert " " not in text and "-" not in text
    assert text.startswith(MINUS) == (amount < 0)
    digits = "".join(char for char in text if char.isdigit())
    assert int(digits) == abs(amount)


def test_days_and_months() -> None:
    day = date(2026, 12, 14)
    assert [Formats(each).day(day) for each in LANGUAGES] == [
        f"14{FIXED}декабря",
        f"14{FIXED}December",
        f"14.{FIXED}decembra",
        f"14{FIXED}de{FIXED}diciembre",
    ]
    november = date(2026, 11, 1)
    assert [Formats(each).month(november) for each in LANGUAGES] == ["Ноябрь", "November", "November", "Noviembre"]
    assert [Formats(each).month_short(date(2026, 5, 1)) for each in LANGUAGES] == ["май", "May", "máj", "may"]
    assert Formats("en").full_day(day) == f"14{FIXED}December{FIXED}2026"


def test_weeks_begin_on_the_languages_first_day() -> None:
    assert Formats("ru").week() == (0, ("пн", "вт", "ср", "чт", "пт", "сб", "вс"))
    assert Formats("en").week() == (0, ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"))
    assert Formats("pt_BR").week()[0] == 6, "a week may begin on Sunday"
    assert len(set(Formats("pt_BR").week()[1])) == 7


def test_times_are_those_of_the_region() -> None:
    moment = datetime(2026, 11, 21, 16, 42, tzinfo=UTC)
    moscow, bratislava = Formats("ru", "Europe/Moscow"), Formats("sk", "Europe/Bratislava")
    assert (moscow.time(moment), bratislava.time(moment)) == ("19:42", "17:42")
    assert bratislava.time(datetime(2026, 7, 21, 16, 42, tzinfo=UTC)) == "18:42", "summer time"
    assert moscow.in_zone("Asia/Vladivostok").time(moment) == "02:42"
    assert moscow.in_zone("Europe/Moscow") is moscow


def test_today_is_the_regions() -> None:
    late = datetime(2026, 11, 30, 22, 30, tzinfo=UTC)
    assert Formats("ru", "Europe/Moscow").today(late) == date(2026, 12, 1)
    assert Formats("ru", "UTC").today(late) == date(2026, 11, 30)


def test_a_moment_names_its_day_unless_it_is_today() -> None:
    formats = Formats("ru", "Europe/Moscow")
    now = datetime(2026, 11, 21, 16, 42, tzinfo=UTC)
    assert formats.moment(datetime(2026, 11, 21, 5, 0, tzinfo=UTC), now) == "08:00"
    assert formats.moment(datetime(2026, 11, 20, 22, 0, tzinfo=UTC), now) == "01:00", "in Moscow it is the 21st"
    assert formats.moment(datetime(2026, 11, 20, 20, 0, tzinfo=UTC), now) == f"20{FIXED}ноября,{FIXED}23:00"


@pytest.mark.parametrize("zone", ["Mars/Olympus", "", "../etc/passwd", "\x00", "Europe", "x" * 3000])
def test_a_zone_that_does_not_exist_is_utc(zone: str) -> None:
    assert Formats("ru", zone).time(datetime(2026, 11, 21, 16, 42, tzinfo=UTC)) == "16:42"


def test_account_numbers_are_read_out_in_fours() -> None:
    assert Formats.account_number("102733458021") == f"1027{THIN}3345{THIN}8021"
    assert Formats.account_number("12345") == f"1234{THIN}5"
