"""A viewer who listens: what is heard on the way through the real app."""

from __future__ import annotations

from dataclasses import replace

import pytest

from stb_app.input.keys import Key, KeyEvent
from stb_app.navigation import Ask, Choose, Tell
from stb_app.preferences import Preferences
from stb_app.resting import REST_AFTER_S
from stb_app.screens.dialog import Choice, Dialog
from stb_app.screens.pin import PinDialog
from tests.flows.places import OK, D, R
from tests.support.listener import Listener
from tools.pilot import documents
from tools.pilot.gateway import FakeGateway
from tools.pilot.pilot import STILL, Pilot

HEARD_S = 4.0
"""Longer than anything waits to be said."""


class Hearing(Pilot):
    def __init__(self, gateway: FakeGateway | None = None, **more: object) -> None:
        self.ear = Listener()
        super().__init__(gateway, replace(STILL, **{"speech": True, **more}), voice=self.ear)  # type: ignore[arg-type]

    def heard(self) -> str:
        self.settle()
        self.advance(HEARD_S)
        return " ".join(self.ear.heard())

    def after(self, *keys: Key) -> str:
        self.heard()
        self.press(*keys)
        return self.heard()


def test_home_says_the_balance_first_and_how_to_go_on() -> None:
    heard = Hearing().heard()
    assert heard.startswith(
        "Личный кабинет. Баланс, 1284 рубля 50 копеек. Хватит до тридцать первого декабря. одно новое сообщение. "
        "Оплатить."
    )
    assert "красная кнопка: Оплатить. зелёная кнопка: Расходы." in heard


@pytest.mark.parametrize("size", ["M", "XL"])
def test_the_answer_of_home_is_heard_at_every_size(size: str) -> None:
    heard = Hearing(text_size=size).heard()
    assert "Баланс, 1284 рубля 50 копеек" in heard and "10 27" not in heard


def test_an_arrow_says_what_it_came_to_and_nothing_else() -> None:
    assert Hearing().after(R) == "Сообщения, одно новое."


def test_a_list_says_where_one_is_of_all_its_rows() -> None:
    pilot = Hearing()
    pilot.gateway.bodies["/v1/messages"]["items"] *= 20
    pilot.gateway.bodies["/v1/messages"]["items"] = [
        {**message, "id": f"m{index}"} for index, message in enumerate(pilot.gateway.bodies["/v1/messages"]["items"])
    ]
    pilot.press(Key.BLUE)
    assert "1 из 40" in pilot.heard()
    assert pilot.after(D).endswith("2 из 40.")
    assert [node["position"] for node in pilot.nodes() if node["focusable"]][:2] == [[1, 40], [2, 40]]


def test_months_are_walked_by_their_names_and_sums() -> None:
    pilot = Hearing()
    assert "Расходы" in pilot.after(Key.GREEN)
    assert pilot.after(Key.LEFT) == "Октябрь 2000 двадцать шестого года, 989 рублей."


def test_a_held_arrow_is_heard_where_it_stops() -> None:
    pilot = Hearing()
    pilot.after(Key.YELLOW)
    pilot.platform.feed(KeyEvent(D, True))
    pilot.settle()
    for _ in range(12):
        pilot.advance(0.125)
    pilot.platform.feed(KeyEvent(D, False))
    assert pilot.heard().endswith("5 из 5.") and not pilot.ear.said


def test_each_key_silences_what_is_being_said() -> None:
    pilot = Hearing()
    pilot.heard()
    before = pilot.ear.stops
    pilot.press(R)
    assert pilot.ear.stops == before + 1


def test_nothing_is_said_while_it_rests_and_the_screen_is_told_after_waking() -> None:
    pilot = Hearing()
    pilot.heard()
    pilot.advance(REST_AFTER_S)
    assert pilot.screen == "rest" and pilot.heard() == ""
    assert pilot.after(OK).startswith("Личный кабинет. Баланс")


def test_a_line_that_comes_is_heard_and_one_that_goes_is_not() -> None:
    pilot = Hearing()
    pilot.heard()
    pilot.app._go(Tell("Картинка теперь помещается на ваш телевизор целиком", "good"))
    assert pilot.heard() == "Картинка теперь помещается на ваш телевизор целиком."
    pilot.advance(10)
    assert pilot.heard() == ""


def test_a_question_is_heard_with_its_answers() -> None:
    pilot = Hearing()
    pilot.heard()
    pilot.app._go(Ask(Dialog("off", "Отключить «Спорт»?", "Вернётся 84,43 ₽", [Choice("yes", "Отключить")])))
    heard = pilot.heard()
    assert heard.startswith("Отключить Спорт? Вернётся 84 рубля 43 копейки. Отключить.")


def test_a_card_that_is_pulled_is_told_by_itself() -> None:
    pilot = Hearing()
    pilot.heard()
    pilot.gateway.sign(documents.session("no_card", "C-01"))
    heard = pilot.heard()
    assert heard.startswith("Вставьте смарт-карту.") and "284" not in heard


def test_a_balance_that_is_only_known_from_before_says_so() -> None:
    gateway = FakeGateway(documents.session("offline", "N-01"))
    gateway.stale = True
    assert "50 копеек, последнее известное." in Hearing(gateway).heard()


def test_hidden_parts_stay_hidden() -> None:
    pilot = Hearing()
    pilot.app._go(Choose(replace(STILL, speech=True, language="en")))
    pilot.heard()
    pilot.press(R, R, OK)
    said = pilot.heard()
    while "4 4 1 7" not in said:
        pilot.press(D)
        more = pilot.heard()
        assert more, said
        said += more
    assert "hidden, last digits 4 4 1 7" in said and "•" not in said


def test_the_viewers_choice_counts_at_once() -> None:
    pilot = Hearing()
    pilot.heard()
    pilot.app._go(Choose(STILL))
    assert pilot.after(R) == ""
    pilot.app._go(Choose(Preferences("sk", motion=False, speech=True)))
    assert "Zostatok" in pilot.heard() and pilot.ear.languages[-1] == "sk"


def test_of_a_pin_no_digit_is_heard_wherever_it_is_typed() -> None:
    pilot = Hearing()
    pilot.app._go(Ask(PinDialog("pin", "Введите ПИН-код", "Он нужен, чтобы потратить деньги")))
    heard = pilot.heard()
    assert "ПИН-код, 0 из 4 цифр. Набирайте цифрами на пульте. Вслух они не произносятся." in heard
    heard = pilot.after(Key.DIGIT_7)
    assert heard == "1 из 4 цифр."
    assert pilot.after(D, R, R) == "цифра."
    assert pilot.after(OK) == "2 из 4 цифр."


def test_the_settings_are_heard_as_they_are_changed() -> None:
    pilot = Hearing()
    assert "Настройки" in pilot.after(Key.MENU)
    assert pilot.after(D) == "Размер текста, Обычный, 2 из 7."
    assert pilot.after(R) == "Крупный."
    pilot.after(D, D)
    assert pilot.after(OK) == "", "speech was switched off"


def test_a_key_switches_speech_from_everywhere_and_says_so() -> None:
    pilot = Hearing(speech=False)
    assert pilot.after(Key.YELLOW) == ""
    assert pilot.after(Key.TEXT).startswith("Озвучка включена. Кнопка TEXT выключает её. Пакеты. За что я плачу.")
    assert pilot.kept[-1].speech and pilot.screen == "services"
    assert pilot.after(D).endswith("2 из 5.")
    pilot.press(Key.TEXT)
    assert pilot.shows("Озвучка выключена") and pilot.heard() == ""
    assert [each.speech for each in pilot.kept] == [True, False]
    assert pilot.after(D) == ""


def test_the_settings_show_what_the_key_has_switched() -> None:
    pilot = Hearing(speech=False)
    pilot.press(Key.MENU, Key.TEXT)
    assert any(node["id"] == "speech" and node["value"].startswith("Включено") for node in pilot.nodes())


def test_the_help_shows_the_key() -> None:
    pilot = Hearing(speech=False)
    pilot.press(Key.INFO)
    assert ("TEXT", "Озвучка") in [(node["value"], node["label"]) for node in pilot.nodes() if node["role"] == "hint"]


def test_on_television_the_key_is_the_channels_teletext() -> None:
    pilot = Hearing()
    pilot.press(Key.EXIT, Key.TEXT)
    assert pilot.screen == "tv" and pilot.kept == []
