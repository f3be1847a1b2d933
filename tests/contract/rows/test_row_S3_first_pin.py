"""S3: first and last name as in the contract, asked once an account, when the first PIN is set."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.headend_server import RunningHeadend
from tests.support.identity_rows import forget_identity, later, outcome, problem, signed_in
from tests.support.signin_box import SignInBox

PIN = "4071"


@pytest.fixture
def box(headend: RunningHeadend) -> SignInBox:
    """A box of family, which has no PIN."""
    forget_identity(headend)
    return signed_in(headend)


def try_names(box: SignInBox, first: str, last: str, pin: str = PIN) -> Any:
    return box.request("POST", "/v1/pin", body={"first_name": first, "last_name": last, "pin": pin})


def test_S3_the_balance_shows_without_any_of_it(box: SignInBox) -> None:
    assert box.request("GET", "/v1/account").json()["balance"]["amount"] == 128450
    assert box.request("GET", "/v1/pin").json()["names"] is True


@pytest.mark.parametrize(
    ("holder", "first", "last"),
    [
        ("Иван Петров", "Иван", "Петров"),
        ("Иван Петров", "ИВАН", " петров "),
        ("Фёдор Королёв", "Федор", "КОРОЛЕВ"),
        ("Федор Королев", "фёдор", "королёв"),
        ("Анна-Мария Петрова-Водкина", "анна  мария", "Петрова Водкина"),
        ("Анна Мария Петрова Водкина", "Анна-Мария", "Петрова-Водкина"),
        ("Иван Сергеевич Петров", "Иван", "Петров"),
        ("Ján  Kováč", "ján", "KOVÁČ"),
    ],
)
def test_S3_how_a_name_is_written_does_not_matter(
    headend: RunningHeadend, box: SignInBox, holder: str, first: str, last: str
) -> None:
    forget_identity(headend, holder_name=holder)
    assert outcome(try_names(box, first, last)) == (200, "")
    assert box.request("GET", "/v1/pin").json()["names"] is False


def test_S3_answers_never_say_which_name_was_wrong(headend: RunningHeadend, box: SignInBox) -> None:
    answers = set()
    for first, last in (("Иван", "Иванов"), ("Пётр", "Петров"), ("Пётр", "Иванов")):
        forget_identity(headend)
        answers.add(try_names(box, first, last).content)
    assert len(answers) == 1
    assert b"names_wrong" in answers.pop()


def test_S3_5_wrong_tries_lock_for_15_minutes(headend: RunningHeadend, box: SignInBox) -> None:
    for left in (4, 3, 2, 1):
        wrong = try_names(box, "Иван", "Сидоров")
        assert (problem(wrong), wrong.json()["attempts_remaining"]) == ((403, "names_wrong"), left)
    locked = try_names(box, "Иван", "Сидоров")
    assert (problem(locked), locked.json()["retry_after"]) == ((403, "names_locked"), 900)
    assert box.request("GET", "/v1/pin").json()["names_locked_until"] == locked.json()["locked_until"]
    assert problem(try_names(box, "Иван", "Петров")) == (403, "names_locked")
    assert problem(try_names(later(headend, 899), "Иван", "Петров")) == (403, "names_locked")
    assert outcome(try_names(later(headend, 1), "Иван", "Петров")) == (200, "")


def test_S3_names_are_asked_once_an_account(headend: RunningHeadend, box: SignInBox) -> None:
    box.set_pin(PIN)
    assert problem(try_names(signed_in(headend, box="kitchen"), "Иван", "Петров", "1111")) == (409, "pin_already_set")
    box.step_up(PIN)


@pytest.mark.parametrize(
    "body",
    [
        {"first_name": "Иван", "last_name": "Петров"},
        {"first_name": "", "last_name": "Петров", "pin": PIN},
        {"first_name": "И" * 81, "last_name": "Петров", "pin": PIN},
        {"first_name": "Иван\x00", "last_name": "Петров", "pin": PIN},
        {"first_name": "Иван", "last_name": "Петров", "pin": "12345"},
        {"first_name": "Иван", "last_name": "Петров", "pin": PIN, "patronymic": "Сергеевич"},
        [],
    ],
)
def test_S3_what_is_no_request_is_no_try(box: SignInBox, body: Any) -> None:
    assert problem(box.request("POST", "/v1/pin", body=body)) == (400, "request_invalid")
    for _ in range(4):
        assert problem(try_names(box, "Иван", "Сидоров")) == (403, "names_wrong")
