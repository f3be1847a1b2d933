"""T4, Personal TV: channels one by one from the full list, the price as it grows (product.md T4)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.headend_server import RunningHeadend
from tests.support.shopper import Shopper, channels, code_of, disconnect


@pytest.fixture
def family(headend: RunningHeadend) -> Shopper:
    return Shopper(headend)


def all_channels(shopper: Shopper, limit: int = 200) -> list[dict[str, Any]]:
    """The whole list, page by page."""
    found: list[dict[str, Any]] = []
    cursor = ""
    while True:
        page = shopper.get(f"/v1/channels?limit={limit}{cursor}")
        found += page["items"]
        if page["next_cursor"] is None:
            return found
        cursor = f"&cursor={page['next_cursor']}"


def test_T4_the_full_list_has_190_channels_and_more_by_number(family: Shopper) -> None:
    found = all_channels(family)
    assert len(found) >= 190
    assert found == all_channels(family, limit=7)
    numbers = [each["number"] for each in found]
    assert numbers == sorted(set(numbers))
    assert all(each["price"] for each in found)
    news = family.get("/v1/channels?genre=news")["items"]
    assert news and all(each["genre"]["id"] == "news" for each in news)


def test_T4_the_price_grows_with_every_channel(family: Shopper) -> None:
    free = [each for each in all_channels(family) if not each["included"]][:3]
    before = family.balance()
    totals = [family.quote(channels(*(each["id"] for each in free[:many])))["total"]["amount"] for many in (1, 2, 3)]
    parts = [(2 * each["price"]["amount"] * 10 + 30) // 60 for each in free]
    assert totals == [sum(parts[:many]) for many in (1, 2, 3)]
    order = family.order(channels(*(each["id"] for each in free)))
    assert family.balance() == before - totals[-1]
    chosen = [each["id"] for each in all_channels(family) if each["chosen"]]
    assert chosen == [each["id"] for each in free]
    fewer = family.order(channels(free[0]["id"]))
    assert fewer["total"]["amount"] == 0
    assert [each["id"] for each in all_channels(family) if each["chosen"]] == [free[0]["id"]]
    family.undo(fewer)
    family.undo(order)
    assert not [each for each in all_channels(family) if each["chosen"]]


def test_T4_a_channel_is_one_line_of_what_is_paid_for_and_ends_by_itself(family: Shopper) -> None:
    free = next(each for each in all_channels(family) if not each["included"])
    order = family.order(channels(free["id"]))
    held = family.held()[f"channel-{free['id']}"]
    assert (held["kind"], held["name"]["ru"], held["price"]) == ("channel", free["name"], free["price"])
    family.undo(family.order(disconnect(held["id"])))
    family.undo(order)


def test_T4_what_the_tariff_has_is_not_sold_again(family: Shopper) -> None:
    first = family.get("/v1/channels?item=basic&limit=1")["items"][0]
    assert first["included"]
    assert code_of(family.try_quote(channels(first["id"]))) == "already_included"
    assert code_of(family.try_quote(channels("c999"))) == "item_not_sold"


def test_T4_unknown_filters_and_cursors_are_refused(family: Shopper) -> None:
    for query in ("item=nothing", "genre=nothing", "item=%00", "cursor=abc", "limit=0", "limit=201"):
        answer = family.box.request("GET", f"/v1/channels?{query}")
        assert (answer.status_code, code_of(answer)) == (400, "request_invalid"), query


def test_T4_needs_the_pin(headend: RunningHeadend) -> None:
    shopper = Shopper(headend, pin=False)
    free = next(each for each in all_channels(shopper) if not each["included"])
    refused = shopper.try_confirm(shopper.quote(channels(free["id"])))
    assert code_of(refused) == "insufficient_user_authentication"
