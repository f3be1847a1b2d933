"""Every ready household shows its own first screen, with no key pressed (product.md S5, X5)."""

from __future__ import annotations

import pytest

from tests.e2e.homes import started_home

pytestmark = pytest.mark.e2e


FIRST_SCREENS = {
    "empty-card-slot": 'wait "Вставьте смарт-карту" 30\nexpect "C-01"',
    "foreign-card": 'wait "Это карта от другой приставки" 30\nexpect "C-03"\nrefuse "₽"',
    "revoked": 'wait "Приставка отключена оператором" 30\nexpect "B-02"\nrefuse "₽"',
    "debt": 'wait "Телевидение остановлено" 30\nexpect "A-01"\nexpect "Оплатить"',
    "suspended": 'wait "Телевидение на паузе" 30\nexpect "A-02"',
    "new": 'wait "Баланс" 30\nexpect "0,00 ₽"',
}


@pytest.mark.parametrize("household", FIRST_SCREENS)
def test_first_screen(household: str) -> None:
    with started_home("--household", household) as home:
        home.do(FIRST_SCREENS[household])


def test_another_operator_is_data() -> None:
    with started_home("--operator", "polaris", "--language", "en") as home:
        home.do('wait "€" 30\nexpect "Balance"\nrefuse "₽"')


def test_the_largest_text_has_the_same_journey() -> None:
    with started_home("--text-size", "XL", "--resolution", "1280x720", "--language", "en") as home:
        home.do(
            'wait "1,284.50" 30\npress GREEN\nwait "Charges and payments"\nwait "November 2026"\npress OK'
            '\nwait "Payment"'
        )
        home.do(
            'press BACK x2\nexpect "1,284.50"\nfault card.remove\nwait "Insert the smart card" 1\nrefuse "1,284.50"'
        )


def test_the_other_room_of_the_household() -> None:
    with started_home("--box", "2") as home:
        home.do('wait "1 284,50 ₽" 30\nexpect "Кухня"')
