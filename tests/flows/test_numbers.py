"""PIN, account number, telephone, code and sum, asked over a screen of the real app."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from device.api.money import Money
from stb_app.controls.amount import AmountRule
from stb_app.controls.digits import ACCOUNT_NUMBER, ONE_TIME_CODE, PHONE
from stb_app.controls.secret import Secret
from stb_app.input.keys import Key, KeyEvent
from stb_app.screens.base import Modal
from stb_app.screens.dialog import Choice
from stb_app.screens.numbers import AmountDialog, DigitsDialog
from stb_app.screens.pin import PinDialog
from stb_app.toolkit.theme import TEXT_SIZES
from tests.flows.asking import asking, unsound
from tests.flows.places import OK, D, L, R, U
from tools.pilot.pilot import Pilot

WHY = "Чтобы показать договор и адрес целиком."
FORGOT = Choice("forgot", "Не помню ПИН-код")
NOW = datetime(2026, 11, 21, 16, 42, tzinfo=UTC)


def digits(text: str) -> list[Key]:
    return [Key(digit) for digit in text]


def rub(amount: int) -> Money:
    return Money(amount * 100, "RUB")


def entry(pilot: Pilot) -> tuple[str, str]:
    """What the focused thing says."""
    node = next(each for each in pilot.nodes() if "focused" in each["state"])
    return node["label"], node["value"]


def test_the_pin_comes_to_the_asker_after_its_last_digit() -> None:
    pilot, asker = asking(PinDialog("pin", "Введите ПИН-код", WHY))
    pilot.press(*digits("4821"))
    assert asker.told == [("pin", Secret("4821"))]
    assert (pilot.screen, pilot.focus) == ("asker", "ask")


def test_the_pin_is_in_no_dump_and_no_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    dumps = []
    for pin in ("7777", "0382"):
        pilot, asker = asking(PinDialog("pin", "Введите ПИН-код", WHY))
        for count, digit in enumerate(digits(pin[:3]), 1):
            pilot.press(digit)
            assert entry(pilot) == ("ПИН-код", f"{count} из 4 цифр")
        dumps.append(pilot.app.dump())
        pilot.press(Key(pin[3]))
        assert asker.told == [("pin", Secret(pin))]
        assert pin not in caplog.text and pin not in repr(asker.told)
    assert dumps[0] == dumps[1], "whatever was typed, the same is said"


def test_a_code_is_seen_and_not_said() -> None:
    pilot, asker = asking(DigitsDialog("code", "Код из сообщения", "", ONE_TIME_CODE))
    pilot.press(*digits("90"))
    drawn = [op for op in pilot.app._stage._scene.ops if getattr(op, "text", "") in ("9", "0") and op.owner]
    assert len(drawn) == 2
    assert entry(pilot) == ("Код из сообщения", "2 из 6 цифр")
    pilot.press(*digits("1234"))
    assert asker.told == [("code", Secret("901234"))]


def test_a_remote_without_digits_types_on_the_screen() -> None:
    pilot, asker = asking(PinDialog("pin", "Введите ПИН-код", WHY))
    pilot.press(D, OK, R, OK, D, OK)
    assert entry(pilot) == ("7", "3 из 4 цифр")
    pilot.press(U, U)
    assert entry(pilot)[0] == "ПИН-код"
    pilot.press(D, L, OK)
    assert asker.told == [("pin", Secret("1271"))]


def test_back_takes_back_and_then_gives_up_and_the_footer_says_which() -> None:
    pilot, asker = asking(PinDialog("pin", "Введите ПИН-код", WHY))
    hint = ("hint", "НАЗАД")

    def says() -> str:
        return next(str(each["label"]) for each in pilot.nodes() if (each["role"], each["value"]) == hint)

    assert says() == "Назад"
    pilot.press(*digits("12"))
    assert says() == "Стереть"
    pilot.press(Key.BACK, Key.BACK)
    assert pilot.screen == "pin" and says() == "Назад"
    pilot.press(Key.BACK)
    assert asker.told == [("pin", None)] and pilot.screen == "asker"


def test_a_wrong_pin_is_asked_for_again_with_the_tries_that_are_left() -> None:
    pilot, asker = asking(PinDialog("pin", "Введите ПИН-код", WHY))
    asker.again = [PinDialog("pin", "Введите ПИН-код", WHY, tries_left=1)]
    pilot.press(*digits("0000"))
    assert pilot.screen == "pin" and pilot.shows("ПИН-код не подошёл. Осталась 1 попытка")
    pilot.press(Key.DIGIT_1)
    assert not pilot.shows("не подошёл"), "it goes when the next one is begun"


def test_digits_typed_at_once_into_two_dialogs_stay_apart() -> None:
    pilot, asker = asking(PinDialog("pin", "Введите ПИН-код", WHY))
    asker.again = [PinDialog("again", "Ещё раз", "")]
    for key in digits("123498765"):
        pilot.platform.feed(KeyEvent(key, True))
        pilot.platform.feed(KeyEvent(key, False))
    pilot.settle()
    assert asker.told == [("pin", Secret("1234")), ("again", Secret("9876"))]


def test_a_locked_pin_takes_nothing_until_its_time_has_come() -> None:
    pilot, asker = asking(PinDialog("pin", "ПИН-код", WHY, locked_until=NOW + timedelta(minutes=15), other=FORGOT))
    assert pilot.shows("ПИН-код можно ввести снова: 19:57") and pilot.focus == "answer.forgot"
    pilot.press(*digits("1234"))
    assert pilot.screen == "pin" and asker.told == []
    for _ in range(16):
        pilot.advance(60)
        pilot.press(Key.PAGE_UP)
    pilot.press(*digits("1234"))
    assert not pilot.shows("можно ввести снова")


@pytest.mark.parametrize(("keys", "result"), [((OK,), "forgot"), ((D, OK), None), ((Key.BACK,), None)])
def test_a_locked_pin_offers_the_other_way_and_the_way_back(keys: tuple[Key, ...], result: str | None) -> None:
    pilot, asker = asking(PinDialog("pin", "ПИН-код", WHY, locked_until=NOW + timedelta(minutes=1), other=FORGOT))
    pilot.press(*keys)
    assert asker.told == [("pin", result)]


def test_the_other_way_lies_below_the_pad() -> None:
    pilot, asker = asking(PinDialog("pin", "Введите ПИН-код", WHY, other=FORGOT))
    pilot.press(D, D, D)
    assert pilot.focus == "answer.forgot"
    pilot.press(OK)
    assert asker.told == [("pin", "forgot")]


def test_at_the_largest_size_the_explanation_is_read_above_the_field_and_left_again() -> None:
    text = "Мы отправили код на номер, который заканчивается на 12-34. Он действует 15 минут. Его никому не говорите."
    pilot, _ = asking(
        DigitsDialog("code", "Код из сообщения", text, ONE_TIME_CODE, other=Choice("again", "Ещё раз")), "XL"
    )
    pilot.press(U)
    assert pilot.focus == "text.title"
    seen = []
    for _ in range(5):
        pilot.press(D)
        seen.append(pilot.focus)
    assert seen == ["text.0", "text.1", "text.2", "entry", "entry"]
    pilot.press(U, U)
    assert pilot.focus == "text.2", "out of the pad to the field, and on to what was read last"
    pilot.press(U, D, D, *[D] * 5)
    assert pilot.focus == "answer.again", "below the last answer there is nothing"


def test_an_account_number_is_said_in_fours_and_taken_whole() -> None:
    pilot, asker = asking(DigitsDialog("to", "Кому перевести", "", ACCOUNT_NUMBER, problem="Такого счёта нет"))
    assert pilot.shows("Такого счёта нет")
    pilot.press(*digits("10273"), OK)
    assert entry(pilot)[1] == "1027 3, 5 из 12 цифр" and pilot.shows("Не хватает 7 цифр")
    pilot.press(*digits("3458021"), OK)
    assert asker.told == [("to", "102733458021")]


def test_a_sum_is_stepped_typed_and_refused_with_a_reason() -> None:
    rule = AmountRule(rub(10), rub(1000), (rub(100), rub(300)))
    pilot, asker = asking(AmountDialog("sum", "Сколько перевести", "", rule, rub(100)))
    assert pilot.shows("От 10 ₽ до 1 000 ₽")
    pilot.press(R)
    assert entry(pilot)[1].replace("\u00a0", " ") == "300 ₽"
    pilot.press(*digits("5000"), OK)
    assert pilot.shows("Не больше 1 000 ₽") and asker.told == []
    pilot.press(Key.BACK, OK)
    assert asker.told == [("sum", rub(500))]


def test_the_key_that_opened_it_types_nothing() -> None:
    pilot, asker = asking(AmountDialog("sum", "Сколько", "", AmountRule(rub(1), rub(9)), rub(5)))
    pilot.press(Key.BACK)
    pilot.platform.feed(KeyEvent(OK, True))
    for _ in range(20):
        pilot.advance(0.2)
    pilot.platform.feed(KeyEvent(OK, False))
    pilot.settle()
    assert pilot.screen == "amount" and asker.told == [("sum", None)]


LONG = "Мы отправили код на номер, который заканчивается на 12-34. " * 4

DIALOGS: dict[str, Callable[[], Modal]] = {
    "pin": lambda: PinDialog("q", "Введите ПИН-код", WHY, other=FORGOT),
    "wrong pin": lambda: PinDialog("q", "Введите ПИН-код", WHY, tries_left=2, other=FORGOT),
    "locked pin": lambda: PinDialog("q", "ПИН-код", WHY, locked_until=NOW + timedelta(hours=30), other=FORGOT),
    "account number": lambda: DigitsDialog("q", "Кому перевести деньги", WHY, ACCOUNT_NUMBER),
    "telephone": lambda: DigitsDialog("q", "Телефон для сообщений", WHY, PHONE, problem=WHY),
    "code": lambda: DigitsDialog("q", "Код из сообщения", LONG, ONE_TIME_CODE, other=Choice("again", "Ещё раз")),
    "sum": lambda: AmountDialog("q", "Сколько перевести", "", AmountRule(rub(1), rub(700000), (rub(99999),))),
}


@pytest.mark.parametrize("size", TEXT_SIZES)
@pytest.mark.parametrize("name", DIALOGS)
def test_every_state_is_sound(name: str, size: str) -> None:
    pilot, _ = asking(DIALOGS[name](), size)
    found = unsound(pilot)
    for keys in ((Key.DIGIT_7, Key.DIGIT_7), (OK,), (R,), (D,), (D,), (D,)):
        pilot.press(*keys)
        if pilot.screen == "asker":
            break
        found += unsound(pilot)
    assert not found, "\n".join(dict.fromkeys(found))


@pytest.mark.parametrize("language", ["en", "sk", "es"])
@pytest.mark.parametrize("name", DIALOGS)
def test_the_largest_text_is_sound_in_every_language_and_on_a_small_canvas(name: str, language: str) -> None:
    pilot, _ = asking(DIALOGS[name](), "XL", language, 720)
    found = unsound(pilot)
    pilot.press(Key.DIGIT_7, OK)
    if pilot.screen != "asker":
        found += unsound(pilot)
    assert not found, "\n".join(dict.fromkeys(found))
