"""Masked personal data keeps its shape and nothing else."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tools.headend.domain import masking


def test_masks_are_as_the_product_shows_them() -> None:
    assert masking.name("Иван Петров") == "И••• П•••••"
    assert masking.name("Анна-Мария де ла Крус") == "А•••-••••• д• л• К•••"
    assert masking.phone("9005550134", "+7 ### ###-##-##") == "+7 ••• •••-••-34"
    assert masking.phone("900555134", "+421 ### ### ###") == "+421 ••• ••• •34"
    assert masking.email("ivan.petrov@example.org") == "i•••@example.org"
    assert masking.address("г. Химки, ул. Лесная, д. 12") == "г. Химки, ••. ••••••, •. ••"
    assert masking.contract_number("3344-0217-85") == "••••-••••-85"


@given(st.text(st.characters(categories=["L", "N"]), min_size=2, max_size=20))
def test_a_name_shows_first_letters_alone(word: str) -> None:
    assert (
        masking.name(f"{word} {word}") == f"{word[0]}{'•' * (len(word) - 1)} " * 1 + f"{word[0]}{'•' * (len(word) - 1)}"
    )


@given(st.text("0123456789", min_size=10, max_size=10))
def test_a_telephone_shows_its_last_two_digits(digits: str) -> None:
    shown = masking.phone(digits, "+7 ### ###-##-##")
    assert shown.endswith(digits[-2:])
    assert sum(each.isdigit() for each in shown) == 3, "the prefix and two"
