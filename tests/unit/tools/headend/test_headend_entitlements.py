"""What cards may open: kinds, rooms, the three blockings, and what is paid while the account is stopped."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from tools.headend.domain.account import ServiceState
from tools.headend.domain.catalogue import ItemKind
from tools.headend.domain.entitlements import Charged, Place, entitled, paid_items
from tools.headend.domain.orders import Held

TODAY = date(2026, 11, 21)
FIRST = Place("living-room", "Гостиная", "card-1", first=True)
SECOND = Place("kitchen", "Кухня", "card-2", first=False)
PLACES = (FIRST, SECOND)


def held(item: str, kind: ItemKind = ItemKind.PACKAGE, room: str | None = None, **days: date | None) -> Held:
    return Held(f"s-{item}", item, kind, 100, days.get("since") or date(2026, 1, 1), days.get("ends_on"), room)


ROOM_FEE = held("room", ItemKind.ROOM, "kitchen")
TARIFF = held("basic", ItemKind.TARIFF)


def test_a_package_opens_on_every_running_tv_and_internet_on_none() -> None:
    having = [TARIFF, held("sport"), held("c154", ItemKind.CHANNEL), held("net", ItemKind.INTERNET), ROOM_FEE]
    found = entitled(ServiceState.ACTIVE, TODAY, having, PLACES, frozenset())
    assert found == {"card-1": ("basic", "c154", "sport"), "card-2": ("basic", "c154", "sport")}


def test_the_first_tv_needs_no_fee_and_an_extra_one_does() -> None:
    assert entitled(ServiceState.ACTIVE, TODAY, [TARIFF], PLACES, frozenset()) == {"card-1": ("basic",), "card-2": ()}


@given(st.integers(-2, 2))
def test_the_last_day_is_one_of_them_and_so_is_the_first(offset: int) -> None:
    day = TODAY + timedelta(days=offset)
    ending = entitled(ServiceState.ACTIVE, day, [held("sport", ends_on=TODAY)], [FIRST], frozenset())
    assert ending["card-1"] == (("sport",) if offset <= 0 else ())
    coming = entitled(ServiceState.ACTIVE, day, [held("sport", since=TODAY)], [FIRST], frozenset())
    assert coming["card-1"] == (("sport",) if offset >= 0 else ())


def test_suspended_opens_nothing_and_stopped_what_is_paid() -> None:
    having = [TARIFF, held("sport"), ROOM_FEE]
    assert entitled(ServiceState.SUSPENDED, TODAY, having, PLACES, frozenset()) == {"card-1": (), "card-2": ()}
    paid = frozenset({("basic", None), ("room", "Кухня")})
    assert entitled(ServiceState.STOPPED, TODAY, having, PLACES, paid) == {"card-1": ("basic",), "card-2": ("basic",)}
    assert entitled(ServiceState.STOPPED, TODAY, having, PLACES, frozenset()) == {"card-1": (), "card-2": ()}


def test_a_revoked_card_opens_nothing() -> None:
    places = (replace(FIRST, revoked=True), SECOND)
    found = entitled(ServiceState.ACTIVE, TODAY, [TARIFF, ROOM_FEE], places, frozenset())
    assert found == {"card-1": (), "card-2": ("basic",)}


def test_what_was_charged_last_is_what_is_owed() -> None:
    charges = [Charged(1, "basic", None, 250), Charged(2, "sport", None, 199), Charged(3, "room", "Кухня", 50)]
    everything = {("basic", None), ("sport", None), ("room", "Кухня")}
    for overdue, owed in ((0, 0), (1, 1), (50, 1), (51, 2), (249, 2), (250, 3), (499, 3), (5000, 3)):
        unpaid = everything - paid_items(charges, overdue)
        assert len(unpaid) == owed, overdue
    assert paid_items(charges, 51) == {("basic", None)}


def test_what_was_returned_is_neither_paid_nor_owed() -> None:
    charges = [Charged(1, "basic", None, 250), Charged(2, "sport", None, 199), Charged(3, "sport", None, -199)]
    assert paid_items(charges, 0) == {("basic", None)}
    assert paid_items(charges, 1) == frozenset()


rows = st.lists(
    st.builds(
        Charged,
        st.integers(1, 1000),
        st.sampled_from(["basic", "sport", "kids"]),
        st.none(),
        st.integers(1, 500),
    ),
    unique_by=lambda each: each.number,
)


@given(rows, st.integers(0, 5000), st.integers(0, 5000))
def test_more_owed_never_opens_more_and_nothing_owed_opens_all(charges: list[Charged], one: int, other: int) -> None:
    less, more = sorted((one, other))
    assert paid_items(charges, more) <= paid_items(charges, less)
    assert paid_items(charges, 0) == {(each.item_id, each.room) for each in charges}


@given(rows, st.integers(1, 5000))
def test_what_is_open_was_paid_for(charges: list[Charged], overdue: int) -> None:
    """The sum of what is open and what is owed never exceeds what was charged."""
    paid = paid_items(charges, overdue)
    total = sum(each.amount for each in charges)
    opened = sum(each.amount for each in charges if (each.item_id, each.room) in paid)
    assert opened + min(overdue, total) <= total
