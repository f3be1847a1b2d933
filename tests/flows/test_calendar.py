"""A stretch of days picked over a screen of the real app."""

from __future__ import annotations

from datetime import date

import pytest

from stb_app.controls.range import DateRange, RangeRule
from stb_app.input.keys import Key
from stb_app.screens.calendar import RangeDialog
from stb_app.toolkit.ops import FillOp, TextOp
from stb_app.toolkit.theme import TEXT_SIZES
from tests.flows.asking import Asker, asking, unsound
from tests.flows.places import OK, D, L, R, U
from tools.pilot.pilot import Pilot, plain

BLOCK = RangeRule(date(2026, 11, 21), date(2027, 1, 31), longest=30)
WHY = "Телевидение будет на паузе. От 1 до 30 дней."


def picking(
    size: str = "M", language: str = "ru", rule: RangeRule = BLOCK, day: date | None = None, height: int = 1080
) -> tuple[Pilot, Asker]:
    return asking(RangeDialog("block", "Временная блокировка", WHY, rule, day), size, language, height)


def days(pilot: Pilot) -> list[str]:
    """The numbers of the days that are seen, in the order of the calendar."""
    return [plain(each["label"]).split()[0] for each in pilot.nodes() if each["role"] in ("day", "calendar")]


def focused(pilot: Pilot) -> tuple[str, str]:
    node = next(each for each in pilot.nodes() if "focused" in each["state"])
    return plain(node["label"]), plain(node["value"])


def test_first_and_last_day_come_to_the_asker() -> None:
    pilot, asker = picking()
    assert pilot.shows("Выберите первый день") and focused(pilot) == ("21 ноября 2026 г.", "С 21 ноября")
    pilot.press(R, OK, D, R)
    assert pilot.shows("Выберите последний день")
    assert focused(pilot) == ("30 ноября 2026 г.", "22 ноября – 30 ноября, 9 дней")
    pilot.press(OK)
    assert asker.told == [("block", DateRange(date(2026, 11, 22), date(2026, 11, 30)))]


def test_what_cannot_be_taken_says_so_before_and_after_ok() -> None:
    pilot, asker = picking()
    pilot.press(L)
    assert focused(pilot)[0] == "20 ноября 2026 г., недоступно"
    pilot.press(OK)
    assert pilot.shows("Первый день, который можно выбрать, — 21 ноября") and asker.told == []
    pilot.press(R, OK, *[D] * 5, OK)
    assert pilot.shows("Не больше 30 дней")
    pilot.press(U)
    assert not pilot.shows("Не больше 30 дней")


def test_days_that_cannot_be_taken_are_quiet_and_those_chosen_lie_on_a_strip() -> None:
    pilot, _ = picking()

    def drawn() -> tuple[dict[str, list[str]], list[str]]:
        """The numbers in each colour, and the colours of the strips."""
        ops = pilot.app._stage._scene.ops
        numbers: dict[str, list[str]] = {"text": [], "quiet": []}
        for op in ops:
            if isinstance(op, TextOp) and op.text.isdecimal():
                numbers[op.colour].append(op.text)
        return numbers, [op.colour for op in ops if isinstance(op, FillOp) and op.colour.endswith("_surface")]

    pilot.press(OK, D)
    numbers, strips = drawn()
    assert numbers["quiet"] == [str(day) for day in range(1, 21)], "before the earliest day"
    assert strips == ["good_surface"] * 2, "from the 21st to the 28th, one for each week"
    pilot.press(*[D] * 4)
    numbers, strips = drawn()
    assert numbers["quiet"] == [str(day) for day in range(27, 32)], "more than 30 days from the first, and not covered"
    assert set(strips) == {"attention_surface"}


def test_the_month_follows_the_cursor_and_shows_its_own_days_alone() -> None:
    pilot, _ = picking()
    assert pilot.shows("Ноябрь 2026") and days(pilot) == [str(day) for day in range(1, 31)]
    pilot.press(D, D)
    assert pilot.shows("Декабрь 2026") and days(pilot) == [str(day) for day in range(1, 32)]


@pytest.mark.parametrize("size", ["S", "M", "L"])
def test_nothing_moves_from_a_month_of_five_weeks_to_one_of_six_or_four(size: str) -> None:
    pilot, _ = picking(size, rule=RangeRule(date(2026, 1, 1), date(2027, 12, 31), 30), day=date(2026, 1, 15))
    places = set()
    for _ in range(15):
        scene = pilot.app._stage._scene
        places.add(next(tuple(node.rect) for node in scene.root.walk() if node.id == "weekday"))
        pilot.press(Key.PAGE_DOWN)
    assert len(places) == 1


def test_the_largest_text_shows_three_weeks_around_the_cursor() -> None:
    pilot, _ = picking("XL")
    assert days(pilot) == [str(day) for day in range(9, 30)]
    pilot.press(D)
    assert days(pilot) == [*(str(day) for day in range(16, 31)), *(str(day) for day in range(1, 7))]


def test_back_gives_the_first_day_up_and_then_leaves() -> None:
    pilot, asker = picking()
    pilot.press(OK)
    assert pilot.shows("Другой первый день")
    pilot.press(Key.BACK)
    assert pilot.screen == "range" and pilot.shows("Выберите первый день")
    pilot.press(Key.BACK)
    assert asker.told == [("block", None)]


LEAP = RangeRule(date(2026, 1, 1), date(2028, 12, 31), longest=366, shortest=2)


@pytest.mark.parametrize("size", TEXT_SIZES)
@pytest.mark.parametrize("language", ["ru", "en", "sk", "es"])
def test_every_month_is_sound(language: str, size: str) -> None:
    """Of four and of six weeks, with a range over both its ends, too long, too short, too early."""
    pilot, _ = picking(size, language, LEAP, date(2027, 1, 31))
    found = unsound(pilot)
    for keys in ((OK,), (OK,), (Key.PAGE_DOWN,), (Key.PAGE_DOWN,), (*[Key.PAGE_DOWN] * 12, OK), (Key.BACK, R)):
        pilot.press(*keys)
        found += unsound(pilot)
    assert not found, "\n".join(dict.fromkeys(found))


@pytest.mark.parametrize("size", ["M", "XL"])
def test_the_small_canvas_is_sound(size: str) -> None:
    pilot, _ = picking(size, height=720)
    found = unsound(pilot)
    pilot.press(OK, D, D)
    assert not found + unsound(pilot)
