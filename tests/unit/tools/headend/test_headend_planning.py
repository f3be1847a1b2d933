"""Plans of orders: tariffs, packages, options, channels; parts of months to the kopeck (product.md T1-T5, M2)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from itertools import count
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.headend.domain.catalogue import Item, ItemKind
from tools.headend.domain.declined import Declined
from tools.headend.domain.orders import (
    Change,
    ChangeTariff,
    Connect,
    Disconnect,
    End,
    Held,
    Open,
    SetChannels,
    Situation,
    When,
    applied,
    reverted,
    turned,
)
from tools.headend.domain.periods import last_of_month
from tools.headend.domain.planning import plan
from tools.headend.operators import load_operator

OPERATOR = load_operator("mts")
TODAY = date(2026, 11, 21)
BASIC = Held("s1", "basic", ItemKind.TARIFF, 25000, date(2024, 5, 1), None)
SPORT = Held("s2", "sport", ItemKind.PACKAGE, 19900, date(2026, 9, 14), None)


def ids() -> Iterator[str]:
    return (f"n{number}" for number in count(1))


def situation(*held: Held, today: date = TODAY, **differently: Any) -> Situation:
    made = ids()
    found = Situation(OPERATOR, "moscow", today, last_of_month(today), held, (), lambda: next(made))
    return replace(found, **differently)


def refused(found: Situation, *changes: Change) -> Declined:
    with pytest.raises(Declined) as caught:
        plan(found, changes)
    return caught.value


@pytest.mark.parametrize(
    ("today", "days", "amount"),
    [
        # 19900 x 10 / 30 = 6633.33; x 1 / 30 = 663.33; 19900 x 1 / 28; a whole month
        (date(2026, 11, 21), 10, 6633),
        (date(2026, 11, 30), 1, 663),
        (date(2026, 2, 28), 1, 711),
        (date(2028, 2, 29), 1, 686),
        (date(2028, 2, 28), 2, 1372),
        (date(2026, 12, 1), 31, 19900),
    ],
)
def test_a_package_costs_its_part_with_today_counted(today: date, days: int, amount: int) -> None:
    made = plan(situation(BASIC, today=today), [Connect("sport")])
    (line,) = made.lines
    assert (line.amount, line.period and line.period.days, line.starts) == (amount, days, today)
    assert made.total == made.spending == amount
    assert made.subscriptions == (Open("n1", "sport", ItemKind.PACKAGE, 19900, today),)
    assert made.gives


def test_half_a_kopeck_is_rounded_up() -> None:
    half = Item("half", ItemKind.PACKAGE, OPERATOR.items["sport"].name, 15)
    operator = replace(OPERATOR, items={**OPERATOR.items, "half": half})
    # 15 x 5 / 30 = 2.5
    found = situation(BASIC, today=date(2026, 11, 26), operator=operator)
    assert plan(found, [Connect("half")]).total == 3


def test_the_regions_price_holds_and_what_is_not_sold_there_is_refused() -> None:
    ural = situation(BASIC, today=date(2026, 12, 1), region_id="ural")
    assert plan(ural, [ChangeTariff("extended", When.NOW)]).lines[1].price == 32000
    primorye = situation(BASIC, region_id="primorye")
    assert refused(primorye, ChangeTariff("premium", When.NOW)).code == "item_not_sold"
    assert refused(primorye, Connect("no-such-thing")).code == "item_not_sold"


def test_disconnecting_works_to_the_end_of_the_paid_period_and_returns_nothing() -> None:
    made = plan(situation(BASIC, SPORT), [Disconnect("s2")])
    assert made.total == 0
    assert made.subscriptions == (End("s2", date(2026, 11, 30), None),)
    assert (made.lines[0].ends, made.lines[0].amount) == (date(2026, 11, 30), 0)
    assert not made.gives


def test_what_was_not_paid_ends_at_once() -> None:
    """A stopped account was charged through October: nothing works in November, so nothing is left to work off."""
    found = situation(BASIC, SPORT, charged_through=date(2026, 10, 31))
    assert plan(found, [Disconnect("s2")]).subscriptions == (End("s2", date(2026, 11, 20), None),)


def test_what_is_ending_goes_on_for_nothing_at_its_price() -> None:
    ending = replace(SPORT, ends_on=date(2026, 11, 30), price=17000)
    made = plan(situation(BASIC, ending), [Connect("sport")])
    assert made.subscriptions == (End("s2", None, date(2026, 11, 30)),)
    assert (made.total, made.lines[0].price) == (0, 17000)
    assert made.gives


def test_a_package_is_held_once_an_account() -> None:
    assert refused(situation(BASIC, SPORT), Connect("sport")).code == "already_connected"
    assert refused(situation(BASIC), Connect("kids"), Connect("kids")).code == "already_connected"


def test_what_ended_before_today_is_charged_anew() -> None:
    over = replace(SPORT, ends_on=date(2026, 11, 20))
    assert plan(situation(BASIC, over), [Connect("sport")]).total == 6633


def test_what_is_not_there_cannot_be_disconnected() -> None:
    assert refused(situation(BASIC), Disconnect("s9")).code == "not_found"
    ending = replace(SPORT, ends_on=date(2026, 11, 30))
    assert refused(situation(BASIC, ending), Disconnect("s2")).code == "nothing_to_change"


@pytest.mark.parametrize("item", ["basic", "room", "channel-c001"])
def test_tariffs_rooms_and_channels_are_not_connected_like_packages(item: str) -> None:
    assert refused(situation(SPORT), Connect(item)).code == "change_unsuitable"


def test_tariffs_and_rooms_are_not_disconnected_like_packages() -> None:
    assert refused(situation(BASIC), Disconnect("s1")).code == "change_unsuitable"
    room = Held("s3", "room", ItemKind.ROOM, 5000, date(2026, 1, 1), None, "kitchen")
    assert refused(situation(BASIC, room), Disconnect("s3")).code == "change_unsuitable"


def test_a_package_needs_what_it_requires() -> None:
    missing = refused(situation(BASIC), Connect("uhd"))
    assert (missing.code, missing.data["item"], missing.data["items"]) == ("item_required", "uhd", ["hd"])
    assert plan(situation(BASIC), [Connect("hd"), Connect("uhd")]).total == 4300 + 5300
    assert plan(situation(BASIC), [Connect("uhd"), Connect("hd")]).total == 4300 + 5300


def test_what_others_require_goes_only_with_them() -> None:
    hd = Held("s3", "hd", ItemKind.PACKAGE, 12900, date(2026, 1, 1), None)
    uhd = Held("s4", "uhd", ItemKind.PACKAGE, 15900, date(2026, 1, 1), None)
    assert refused(situation(BASIC, hd, uhd), Disconnect("s3")).code == "item_required"
    assert len(plan(situation(BASIC, hd, uhd), [Disconnect("s3"), Disconnect("s4")]).subscriptions) == 2


def test_what_excludes_each_other_is_not_held_together_from_either_side() -> None:
    assert refused(situation(BASIC, SPORT), Connect("sport-mini")).code == "item_excluded"
    mini = Held("s3", "sport-mini", ItemKind.PACKAGE, 9900, date(2026, 1, 1), None)
    assert refused(situation(BASIC, mini), Connect("sport")).code == "item_excluded"
    changed = plan(situation(BASIC, mini), [Disconnect("s3"), Connect("sport")])
    assert changed.total == 6633


def test_what_did_not_go_together_before_does_not_stop_another_order() -> None:
    mini = Held("s3", "sport-mini", ItemKind.PACKAGE, 9900, date(2026, 1, 1), None)
    assert plan(situation(BASIC, SPORT, mini), [Connect("kids")]).total == 3300


def test_a_tariff_now_returns_the_unused_part_of_the_old_one_with_a_line_each() -> None:
    made = plan(situation(BASIC), [ChangeTariff("extended", When.NOW)])
    old, new = made.lines
    # 25000 x 10 / 30 = 8333.33; 35000 x 10 / 30 = 11666.67
    assert (old.item_id, old.amount, old.ends) == ("basic", -8333, date(2026, 11, 20))
    assert (new.item_id, new.amount, new.starts) == ("extended", 11667, TODAY)
    assert made.total == made.spending == 3334
    assert made.subscriptions[0] == End("s1", date(2026, 11, 20), None)


def test_a_cheaper_tariff_now_gives_money_back_and_is_no_spending() -> None:
    extended = replace(BASIC, item_id="extended", price=35000)
    made = plan(situation(extended), [ChangeTariff("basic", When.NOW)])
    assert (made.total, made.spending) == (-3334, 0)


def test_a_tariff_that_was_not_charged_is_not_returned() -> None:
    found = situation(BASIC, charged_through=date(2026, 10, 31))
    assert plan(found, [ChangeTariff("extended", When.NOW)]).lines[0].amount == 0


def test_a_tariff_from_the_next_period_costs_nothing_now() -> None:
    made = plan(situation(BASIC), [ChangeTariff("extended", When.NEXT)])
    assert made.total == 0
    assert made.subscriptions == (
        End("s1", date(2026, 11, 30), None),
        Open("n1", "extended", ItemKind.TARIFF, 35000, date(2026, 12, 1)),
    )


def coming() -> tuple[Held, ...]:
    """basic, which ends, and extended, which comes."""
    made = plan(situation(BASIC), [ChangeTariff("extended", When.NEXT)])
    return tuple(applied([BASIC], made.subscriptions))


@pytest.mark.parametrize("when", list(When))
def test_the_tariff_that_runs_can_stay_instead_of_the_coming_one(when: When) -> None:
    made = plan(situation(*coming()), [ChangeTariff("basic", when)])
    assert made.total == 0
    left = {each.item_id: each for each in applied(coming(), made.subscriptions)}
    assert left["basic"].going
    assert not left["extended"].runs_on(date(2026, 12, 1))


def test_another_tariff_replaces_the_coming_one() -> None:
    made = plan(situation(*coming()), [ChangeTariff("premium", When.NOW)])
    left = applied(coming(), made.subscriptions)
    assert [each.item_id for each in left if each.runs_on(TODAY)] == ["premium"]
    assert [each.item_id for each in left if each.runs_on(date(2026, 12, 1))] == ["premium"]
    later = plan(situation(*coming()), [ChangeTariff("premium", When.NEXT)])
    left = applied(coming(), later.subscriptions)
    assert [each.item_id for each in left if each.runs_on(TODAY)] == ["basic"]
    assert [each.item_id for each in left if each.runs_on(date(2026, 12, 1))] == ["premium"]


def test_the_coming_tariff_can_begin_now() -> None:
    made = plan(situation(*coming()), [ChangeTariff("extended", When.NOW)])
    left = applied(coming(), made.subscriptions)
    assert [each.item_id for each in left if each.runs_on(TODAY)] == ["extended"]
    assert [each.item_id for each in left if each.runs_on(date(2026, 12, 1))] == ["extended"]
    assert made.total == 3334


def test_the_tariff_that_is_there_is_no_change() -> None:
    assert refused(situation(BASIC), ChangeTariff("basic", When.NOW)).code == "nothing_to_change"
    assert refused(situation(*coming()), ChangeTariff("extended", When.NEXT)).code == "nothing_to_change"
    assert refused(situation(BASIC), ChangeTariff("sport", When.NOW)).code == "change_unsuitable"


def test_channels_one_by_one_grow_the_price_and_end_like_everything() -> None:
    made = plan(situation(BASIC, today=date(2026, 12, 1)), [SetChannels(("c160", "c161"))])
    prices = [OPERATOR.items[f"channel-{each}"].price for each in ("c160", "c161")]
    assert made.total == sum(prices)
    held = applied([BASIC], made.subscriptions)
    less = plan(situation(*held, today=date(2026, 12, 1)), [SetChannels(("c161",))])
    assert (less.total, less.lines[0].ends) == (0, date(2026, 12, 31))
    assert [each.item_id for each in applied(held, less.subscriptions) if each.going] == ["basic", "channel-c161"]


def test_a_channel_that_is_there_anyway_is_not_sold_again() -> None:
    first = next(each.id for each in OPERATOR.channels.values() if "basic" in each.items)
    assert refused(situation(BASIC), SetChannels((first,))).code == "already_included"
    assert refused(situation(BASIC), SetChannels(("c999",))).code == "item_not_sold"
    assert refused(situation(BASIC), SetChannels(())).code == "nothing_to_change"


def internet(*, on_tv: bool) -> tuple[Situation, str, str]:
    """Somebody with the first Internet tariff; its id, and the id of another."""
    one, other, *_ = OPERATOR.internet.tariffs
    operator = replace(OPERATOR, internet=replace(OPERATOR.internet, change_on_tv=on_tv))
    held = Held("s5", one, ItemKind.INTERNET, OPERATOR.items[one].price, date(2026, 1, 1), None)
    return situation(BASIC, held, operator=operator), one, other


def test_internet_is_changed_where_the_rule_allows_it_and_is_no_spending_of_orders() -> None:
    found, _, other = internet(on_tv=True)
    made = plan(found, [ChangeTariff(other, When.NOW)])
    assert [line.item_id for line in made.lines][-1] == other
    assert made.spending == 0
    assert [each.item_id for each in applied(found.held, made.subscriptions) if each.going] == ["basic", other]
    forbidden, _, other = internet(on_tv=False)
    assert refused(forbidden, ChangeTariff(other, When.NOW)).code == "change_unsuitable"
    assert refused(situation(BASIC), ChangeTariff(other, When.NOW)).code == "change_unsuitable"


def test_an_order_that_a_later_one_changed_is_not_undone_before_it() -> None:
    first = plan(situation(BASIC), [Connect("sport")])
    held = applied([BASIC], first.subscriptions)
    second = plan(situation(*held), [Disconnect("n1")])
    after = applied(held, second.subscriptions)
    with pytest.raises(Declined) as caught:
        reverted(after, first.subscriptions)
    assert caught.value.code == "undo_superseded"
    assert reverted(reverted(after, second.subscriptions), first.subscriptions) == [BASIC]


def test_undoing_over_the_turn_of_the_month_gives_the_new_months_charge_back_too() -> None:
    made = plan(
        situation(BASIC, SPORT, today=date(2026, 11, 30)), [ChangeTariff("extended", When.NOW), Disconnect("s2")]
    )
    before = applied([BASIC, SPORT], made.subscriptions)
    after = reverted(before, made.subscriptions)
    moved = {line.item_id: line.amount for line in turned(before, after, date(2026, 12, 1))}
    assert moved == {"extended": -35000, "basic": 25000, "sport": 19900}
    assert turned(before, before, date(2026, 12, 1)) == []


DAYS = st.dates(date(2026, 11, 1), date(2029, 12, 31))
TARIFFS = st.sampled_from(["basic", "extended", "premium"])
PACKAGES = st.sampled_from(["sport", "cinema", "kids", "science", "hd", "music", "uhd", "night", "archive"])
CHANGES = st.one_of(
    st.builds(Connect, PACKAGES),
    st.builds(Disconnect, st.sampled_from(["s2", *(f"n{number}" for number in range(1, 12))])),
    st.builds(ChangeTariff, TARIFFS, st.sampled_from(When)),
    st.builds(SetChannels, st.lists(st.sampled_from(["c160", "c165", "c170", "c180"]), unique=True).map(tuple)),
)


@given(DAYS, TARIFFS, TARIFFS)
def test_property_up_and_back_on_one_day_loses_at_most_a_kopeck(today: date, one: str, other: str) -> None:
    if one == other:
        return
    held = replace(BASIC, item_id=one, price=OPERATOR.items[one].price)
    found = situation(held, today=today)
    there = plan(found, [ChangeTariff(other, When.NOW)])
    back = plan(found.after(there), [ChangeTariff(one, When.NOW)])
    assert abs(there.total + back.total) <= 1


@given(DAYS, st.lists(CHANGES, max_size=12))
def test_property_orders_keep_one_tariff_and_one_of_everything_and_can_all_be_undone(
    today: date, changes: list[Change]
) -> None:
    found = situation(BASIC, SPORT, today=today)
    done = []
    for change in changes:
        try:
            made = plan(found, [change])
        except Declined:
            continue
        assert made.total == sum(line.amount for line in made.lines)
        assert all(line.period is not None for line in made.lines if line.amount)
        done.append((found.held, made))
        found = found.after(made)
        for day in (today, last_of_month(today), last_of_month(today) + timedelta(days=1)):
            running = [each for each in found.held if each.runs_on(day)]
            assert sum(each.kind is ItemKind.TARIFF for each in running) == 1
            items = [each.item_id for each in running]
            assert len(items) == len(set(items))
    for held, made in reversed(done):
        assert sorted(reverted(found.held, made.subscriptions), key=str) == sorted(held, key=str)
        found = replace(found, held=held)
