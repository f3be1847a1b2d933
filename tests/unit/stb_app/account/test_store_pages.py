"""Lists that the store has page by page: how they go on, are asked for anew, and are overtaken."""

from __future__ import annotations

from typing import Any

import pytest

from stb_app.account.queries import MESSAGES
from tests.unit.stb_app.account.support import Loop
from tools.pilot import documents


@pytest.fixture
def loop() -> Loop:
    return Loop()


def pages(loop: Loop, sizes: list[int], *, last: str | None = None) -> None:
    """Messages in pages of these sizes; ``last``: where the last page says that it goes on."""
    number = 0
    for index, size in enumerate(sizes):
        items = [{**documents.messages()["items"][0], "id": f"m{number + at}"} for at in range(size)]
        number += size
        cursor = f"c{index + 1}" if index < len(sizes) - 1 else last
        path = MESSAGES.path + (f"?cursor=c{index}" if index else "")
        loop.gateway.bodies[path] = {"items": items, "next_cursor": cursor}


def known(loop: Loop) -> list[str]:
    return [message.id for message in loop.store.value(MESSAGES) or ()]


def more(loop: Loop) -> None:
    loop.store.more(MESSAGES)
    loop.run()


def test_a_list_goes_on_page_by_page_until_its_end(loop: Loop) -> None:
    pages(loop, [3, 2, 1])
    loop.store.get(MESSAGES)
    loop.run()
    assert known(loop) == ["m0", "m1", "m2"] and loop.store.get(MESSAGES).cursor == "c1"
    more(loop)
    assert known(loop) == ["m0", "m1", "m2", "m3", "m4"]
    more(loop)
    assert len(known(loop)) == 6 and loop.store.get(MESSAGES).cursor is None
    asked = len(loop.asked())
    more(loop)
    assert len(loop.asked()) == asked, "there is no more"


def test_a_page_is_asked_for_once_while_it_is_on_its_way(loop: Loop) -> None:
    pages(loop, [3, 2])
    loop.store.get(MESSAGES)
    loop.run()
    held = loop.hold()
    loop.store.more(MESSAGES)
    loop.store.more(MESSAGES)
    assert len(held) == 1 and known(loop) == ["m0", "m1", "m2"]


def test_a_refresh_asks_for_as_many_pages_as_are_known(loop: Loop) -> None:
    pages(loop, [3, 2, 1])
    loop.store.get(MESSAGES)
    loop.run()
    more(loop)
    pages(loop, [3, 3, 1])
    loop.store.refresh()
    loop.run()
    assert known(loop) == [f"m{at}" for at in range(6)] and loop.store.get(MESSAGES).cursor == "c2"


def test_what_moved_to_the_next_page_meanwhile_is_there_once(loop: Loop) -> None:
    pages(loop, [3, 2])
    loop.store.get(MESSAGES)
    loop.run()
    body = loop.gateway.bodies[f"{MESSAGES.path}?cursor=c1"]
    body["items"].insert(0, {**body["items"][0], "id": "m2"})
    more(loop)
    assert known(loop) == [f"m{at}" for at in range(5)]


def test_a_page_that_does_not_come_leaves_what_is_known_and_is_asked_for_again(loop: Loop) -> None:
    pages(loop, [3, 2])
    loop.store.get(MESSAGES)
    loop.run()
    loop.gateway.unreachable = True
    more(loop)
    assert len(known(loop)) == 3 and not loop.store.get(MESSAGES).stale and loop.store.get(MESSAGES).cursor == "c1"
    loop.gateway.unreachable = False
    more(loop)
    assert len(known(loop)) == 5


def test_a_page_that_was_overtaken_by_a_refresh_is_asked_for_again(loop: Loop) -> None:
    pages(loop, [3, 2])
    loop.store.get(MESSAGES)
    loop.run()
    held = loop.hold()
    loop.store.more(MESSAGES)
    loop.store.refresh()
    page, fresh = held
    loop.gateway.bodies[MESSAGES.path]["items"][0]["id"] = "fresh"
    fresh()
    page()
    loop.gateway.held = None
    loop.run()
    assert known(loop) == ["fresh", "m1", "m2"]
    more(loop)
    assert len(known(loop)) == 5


def test_a_refresh_has_the_page_too_that_came_while_it_was_under_way(loop: Loop) -> None:
    pages(loop, [3, 2])
    loop.store.get(MESSAGES)
    loop.run()
    held = loop.hold()
    loop.store.refresh()
    loop.store.more(MESSAGES)
    fresh, page = held
    loop.gateway.held = None
    page()
    fresh()
    loop.run()
    assert len(known(loop)) == 5


def test_another_account_knows_no_page_of_this_one(loop: Loop) -> None:
    pages(loop, [3, 2])
    loop.store.get(MESSAGES)
    loop.run()
    held = loop.hold()
    loop.store.more(MESSAGES)
    loop.sign(documents.session(account_number="999999999999"))
    loop.gateway.held = None
    for answer in held:
        answer()
    loop.run()
    assert "m3" not in known(loop)


@pytest.mark.parametrize("cursor", [7, "", [], {"a": 1}])
def test_a_cursor_that_is_none_ends_the_list(loop: Loop, cursor: Any) -> None:
    loop.gateway.bodies[MESSAGES.path] = {**documents.messages(), "next_cursor": cursor}
    loop.store.get(MESSAGES)
    loop.run()
    assert loop.store.get(MESSAGES).cursor is None and len(known(loop)) == 2
