"""Rooms: names, typed codes, plans of room orders; an operator's rules file that is off."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.api.account_paths import ACCOUNT_PATHS
from device.api.yaml_file import YamlError
from tools.headend.domain.catalogue import ItemKind
from tools.headend.domain.declined import Declined
from tools.headend.domain.orders import Held, HeldRoom, Plan, RoomChange, Situation, reverted
from tools.headend.domain.periods import last_of_month, part_price, rest_of_month
from tools.headend.domain.planning import plan
from tools.headend.domain.room_orders import AddRoom, RemoveRoom, StartRoom, StopRoom
from tools.headend.domain.rooms import CODE_ALPHABET, FEATURES, room_name, same_room_name, shown_code, typed_code
from tools.headend.identity.pairing import PairingCodes
from tools.headend.operators import FOLDER, load_operator, operator_names
from tools.headend.operators.rooms import load_room_rules

OPERATOR = load_operator("mts")
FIRST = HeldRoom("living-room", "Гостиная", first=True, state="running")
SECOND = HeldRoom("kitchen", "Кухня", first=False, state="running")
days = st.dates(date(2026, 4, 1), date(2028, 12, 31))


def fee(room_id: str = "kitchen", since: date = date(2026, 3, 3), ends_on: date | None = None) -> Held:
    return Held(f"fee-{room_id}", "room", ItemKind.ROOM, 5000, since, ends_on, room_id)


def situation(today: date, *held: Held, rooms: tuple[HeldRoom, ...] = (FIRST, SECOND)) -> Situation:
    ids = itertools.count(1)
    return Situation(OPERATOR, "moscow", today, last_of_month(today), held, rooms, lambda: f"new-{next(ids)}")


def added(name: str = "Спальня") -> AddRoom:
    return AddRoom(name, "884100270037", "410273345827", "STB-3100")


@given(days)
def test_one_more_tv_costs_its_part_of_the_month(today: date) -> None:
    made = plan(situation(today, fee()), [added()])
    (line,) = made.lines
    assert line.amount == made.total == part_price(5000, rest_of_month(today))
    assert (line.room, line.starts) == ("Спальня", today)
    (room,) = made.rooms
    (opened,) = made.subscriptions
    assert opened == replace(opened, room_id=room.room_id, since=today, price=5000)  # type: ignore[arg-type]


@given(days)
def test_stopped_and_started_again_within_the_paid_period_costs_nothing(today: date) -> None:
    before = situation(today, fee())
    stopped = plan(before, [StopRoom("kitchen")])
    after = before.after(stopped)
    assert (stopped.total, after.rooms[1].state, after.held[0].ends_on) == (0, "stopped", last_of_month(today))
    started = plan(after, [StartRoom("kitchen")])
    assert started.total == 0
    assert after.after(started) == replace(before, new_id=after.new_id)


def test_started_after_the_paid_period_costs_a_part_again() -> None:
    stopped = replace(SECOND, state="stopped")
    december = situation(date(2026, 12, 2), fee(ends_on=date(2026, 11, 30)), rooms=(FIRST, stopped))
    assert plan(december, [StartRoom("kitchen")]).total == 4839


def test_a_removed_tvs_fee_ends_today_and_nothing_is_returned() -> None:
    today = date(2026, 11, 21)
    made = plan(situation(today, fee()), [RemoveRoom("kitchen", {"name": "Кухня"})])
    assert (made.total, made.lines[0].ends) == (0, today)
    assert situation(today, fee()).after(made).rooms == (FIRST,)


@given(st.sampled_from([StopRoom("kitchen"), RemoveRoom("kitchen", {"name": "Кухня"}), added()]), days)
def test_undoing_leaves_what_was_there(change: RoomChange, today: date) -> None:
    before = situation(today, fee())
    made = plan(before, [change])
    after = before.after(made)
    kept = {each.subscription_id for each in before.held}
    undone = [each for each in reverted(after.held, made.subscriptions) if each.subscription_id in kept]
    assert tuple(undone) == before.held


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (StopRoom("living-room"), "room_first"),
        (RemoveRoom("living-room", {}), "room_first"),
        (StartRoom("living-room"), "room_first"),
        (StartRoom("kitchen"), "room_state"),
        (StopRoom("nowhere"), "not_found"),
        (added("КУХНЯ"), "room_name_taken"),
    ],
)
def test_what_may_not_be_is_declined(change: RoomChange, code: str) -> None:
    with pytest.raises(Declined) as declined:
        plan(situation(date(2026, 11, 21), fee()), [change])
    assert declined.value.code == code


@pytest.mark.parametrize("rooms", [3, 4])
def test_four_tvs_in_all(rooms: int) -> None:
    places = (FIRST, *(HeldRoom(f"r{each}", f"Комната {each}", False, "stopped") for each in range(1, rooms)))

    def order() -> Plan:
        return plan(situation(date(2026, 11, 21), rooms=places), [added()])

    if rooms < 4:
        assert order().total > 0
    else:
        with pytest.raises(Declined, match="as many TVs"):
            order()


@given(st.text(CODE_ALPHABET, min_size=8, max_size=8))
def test_a_shown_code_is_read_back(code: str) -> None:
    assert typed_code(shown_code(code)) == typed_code(shown_code(code).lower()) == code


@given(st.text(max_size=20))
def test_anything_typed_is_a_code_or_none(typed: str) -> None:
    code = typed_code(typed)
    assert code is None or (len(code) == 8 and set(code) <= set(CODE_ALPHABET))


def test_codes_are_random_and_their_digests_keyed() -> None:
    codes = PairingCodes(b"k" * 32)
    made = {codes.new() for _ in range(200)}
    assert len(made) == 200
    assert all(typed_code(each) == each for each in made)
    assert codes.digest("BCDFGHJK") != PairingCodes(b"x" * 32).digest("BCDFGHJK")


def test_names_are_compared_as_people_read_them() -> None:
    assert room_name("  Моя   кухня ") == "Моя кухня"
    assert same_room_name("кухня", " КУХНЯ ")
    assert same_room_name("й", "й")
    assert not same_room_name("Кухня", "Кухня 2")


def test_every_feature_is_something_that_can_be_changed() -> None:
    changed = {each.template.split("/")[2] for each in ACCOUNT_PATHS if each.changes}
    used = {feature for name in operator_names() for feature in load_operator(name).rooms.extra_box_refused}
    assert used <= changed & FEATURES


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ("pairing: {code_life_s: 30, poll_s: 5, wrong: {failures: 1, seconds: 1}}\nextra_box_refused: []\n", 1, "30"),
        (
            "pairing: {code_life_s: 900, poll_s: 5, wrong: {failures: 1, seconds: 1}}\nextra_box_refused: [payments]\n",
            2,
            "payments",
        ),
        ("pairing: {code_life_s: 900, poll_s: 5}\nextra_box_refused: []\n", 1, "wrong"),
        ("extra_box_refused: []\n", 1, "pairing"),
    ],
)
def test_a_rules_file_that_is_off_is_refused_at_its_line(tmp_path: Path, text: str, line: int, what: str) -> None:
    path = tmp_path / "rooms.yaml"
    path.write_text(text)
    with pytest.raises(YamlError, match=what) as refused:
        load_room_rules(path)
    assert refused.value.line == line


def test_both_operators_have_rules_of_their_own() -> None:
    mts, polaris = (load_room_rules(FOLDER / name / "rooms.yaml") for name in ("mts", "polaris"))
    assert mts != polaris
