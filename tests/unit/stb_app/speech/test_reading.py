"""Sums, dates, times and numbers of a screen as people read them aloud."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

import ui_assets
from device.api.money import Money
from stb_app.account.formats import Formats
from stb_app.speech.tongue import load_tongue
from tests.unit.stb_app.speech.support import LANGUAGES, reader

RU = {
    "1 284,50 ₽": "1284 рубля 50 копеек",
    "−0,01 ₽": "минус одна копейка",
    "+21,02 ₽": "плюс 21 рубль две копейки",
    "1 284 500,00 €": "1284500 евро",
    "0 ₽": "0 рублей",
    "1,3 млн ₽": "1,3 миллиона рублей",
    "21,50 Kč": "21 запятая 50 чешской кроны",
    "Хватит до **31 декабря**": "Хватит до тридцать первого декабря",
    "до 21.11.": "до двадцать первого ноября.",
    "21.11.2026": "двадцать первого ноября 2000 двадцать шестого года",
    "2026-11-21": "двадцать первого ноября 2000 двадцать шестого года",
    "31 декабря 2026 г.": "тридцать первого декабря 2000 двадцать шестого года",
    "Ноябрь 2026": "Ноябрь 2000 двадцать шестого года",
    "22 ноября – 1 декабря, 10 дней": "от двадцать второго ноября до первого декабря, 10 дней",
    "1,5 ₽": "1 рубль 50 копеек",
    "19:41": "19 41",
    "в 19:05, в 21:00": "в 19 0 5, в 21 час",
    "1027 3345 8021": "10 27, 33 45, 80 21",
    "102733458021": "10 27, 33 45, 80 21",
    "8 800 250 08 90": "8, 800, 250, 0 8, 90",
    "+7 999 123-45-67": "плюс 7, 999, 123, 45, 67",
    "0890": "0 890",
    "•••• 4417": "скрыто, последние цифры 4 4 1 7",
    "+7 ••• •••-••-34": "скрыто, последние цифры 3 4",
    "И••• П••••••": "скрыто",
    "Москва, ул. Л••••••, •": "Москва, улица скрыто",
    "10–12 дБ": "от 10 до 12 децибел",
    "12,5 дБ": "12,5 децибела",
    "100 Мбит/с": "100 мегабит в секунду",
    "−5 °C": "минус 5 градусов Цельсия",
    "52 %": "52 процента",
    "12,75": "12 запятая 75",
    "12.5": "12,5",
    "1\u00a0234 канала": "1234 канала",
    "Платежи → Телевидение → МТС": "Платежи, Телевидение, МТС",
    "Пакет «Спорт»…": "Пакет Спорт.",
    "Код C-01 · помощь 0890": "Код C-0 1, помощь 0 890",
    "21 приставка и 2 минуты": "20 одна приставка и две минуты",
    "12 минут": "12 минут",
    "1 новое": "одно новое",
    "99.99.2026": "99, 99, 20 26",
}
OTHERS = [
    ("en", "−₽1,284.50", "minus 1284 roubles 50 kopecks"),
    ("en", "€1.3M", "1.3 million euros"),
    ("en", "1 December, 09:05", "the 1st of December, 9 0 5"),
    ("en", "21/11/2026", "the 21st of November 2026"),
    ("en", "1,250 channels", "1250 channels"),
    ("sk", "−1 284,50 €", "mínus 1284 eur 50 centov"),
    ("sk", "2,01 €", "dve eurá 1 cent"),
    ("sk", "21. 11. 2026", "dvadsiateho prvého novembra 2026"),
    ("sk", "31. decembra", "tridsiateho prvého decembra"),
    ("es", "1.284,21 €", "1284 euros veintiún céntimos"),
    ("es", "1,3 M€", "1,3 millones de euros"),
    ("es", "1 de diciembre, 21:00", "1 de diciembre, veintiuna horas"),
    ("es", "31 paquetes", "treinta y un paquetes"),
]


@pytest.mark.parametrize(("text", "said"), RU.items())
def test_russian(text: str, said: str) -> None:
    assert reader("ru").read(text) == said


@pytest.mark.parametrize(("language", "text", "said"), OTHERS)
def test_other_languages(language: str, text: str, said: str) -> None:
    assert reader(language).read(text) == said


def value(language: str, said: str) -> list[int]:
    """The numbers in what is said, numerals that agree with their nouns too."""
    numerals = load_tongue(ui_assets.ROOT / "speech", language).numerals
    pairs = {text: number for each in numerals for number, text in each.numbers.items()}
    for text in sorted(pairs, key=len, reverse=True):
        said = re.sub(rf"(?<!\w){text}(?!\w)", str(pairs[text]), said)
    return [sum(map(int, each.split())) for each in re.findall(r"\d+(?: \d+)*", said)]


@pytest.mark.parametrize("language", LANGUAGES)
@given(amount=st.integers(-(10**14), 10**14), currency=st.sampled_from(["RUB", "EUR"]), sign=st.booleans())
def test_a_sum_keeps_its_value_whole_and_minor_units_apart(
    language: str, amount: int, currency: str, sign: bool
) -> None:
    money = Money(amount, currency)
    for text in (Formats(language).money(money, sign=sign), Formats(language).money(money, short=True)):
        said = reader(language).read(text)
        whole, minor = divmod(abs(amount), 100)
        wanted = [*([whole] if whole or not minor else []), *([minor] if minor else [])]
        assert value(language, said) == wanted, said
        assert said.startswith(reader(language).words("minus")) == (amount < 0), said
        assert re.fullmatch(r"[\w ]+", said), said


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_day_of_a_year_is_read_with_its_month_and_never_as_a_sum(language: str) -> None:
    formats, read = Formats(language), reader(language).read
    days = [date(2028, 1, 1) + timedelta(days=n) for n in range(366)]
    said = [read(formats.day(day)) for day in days]
    assert len(set(said)) == 366
    for day, text in zip(days, said, strict=True):
        month = formats.day(day).split("\u00a0")[-1]
        assert text.endswith(month), text
        assert language == "es" or str(day.day) not in text.split(" "), text
        assert read(f"{day:%d.%m}") == text and read(f"{day:%d.%m.%Y}").startswith(text)


@pytest.mark.parametrize("language", LANGUAGES)
@given(minute=st.integers(0, 1439))
def test_a_time_is_hours_and_minutes(language: str, minute: int) -> None:
    moment = datetime(2026, 11, 21, tzinfo=UTC) + timedelta(minutes=minute)
    said = reader(language).read(Formats(language).time(moment))
    assert ":" not in said
    hours, minutes = divmod(minute, 60)
    if minutes:
        assert [int(each) for each in said.split() if each != "0"] == [each for each in (hours, minutes) if each], said
    else:
        assert value(language, said) == [hours], said


@given(st.text("0123456789", min_size=6, max_size=40))
def test_a_long_number_is_read_digit_by_digit_or_in_pairs_and_loses_none(digits: str) -> None:
    said = reader("ru").read(digits)
    assert re.sub(r"\D", "", said) == digits
    assert max(map(len, re.findall(r"\d+", said))) <= 3, said


@given(st.from_regex(r"\+?[0-9]{1,4}( [0-9]{2,3}){2,4}", fullmatch=True))
def test_a_telephone_number_loses_no_digit(number: str) -> None:
    assert re.sub(r"\D", "", reader("sk").read(number)) == re.sub(r"\D", "", number)


SCREEN = st.text(st.sampled_from("0189 \u00a0\u2009.,:−+–-₽€%•«»→·*/дБКМГ°C№AаyЯ()…\U0001f600"), max_size=40)


@pytest.mark.parametrize("language", LANGUAGES)
@given(text=SCREEN | st.text(max_size=40))
def test_whatever_stands_there_is_read_without_signs(language: str, text: str) -> None:
    said = reader(language).read(text)
    assert re.fullmatch(r"[\w\s.,?!:'@%&-]*", said), said
    assert said == said.strip() and "  " not in said and not re.search(r"[,.:] ?,", said), said


@given(st.text("абвгд", min_size=1, max_size=8), st.integers(1, 8), st.text("0123456789", max_size=4))
def test_of_what_is_hidden_only_the_last_digits_are_said(word: str, dots: int, tail: str) -> None:
    said = reader("ru").read(f"{word}{'•' * dots}{tail}")
    assert word not in said.split() and re.sub(r"\D", "", said) == tail
    assert said.startswith("скрыто")


def test_a_number_longer_than_any_sum_is_read_too() -> None:
    assert len(reader("ru").read("9" * 5000 + ",5 ₽")) > 5000
