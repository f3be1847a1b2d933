"""A6: news and offers for the region, apart from the operator's messages, can be switched off."""

from __future__ import annotations

from datetime import UTC, datetime

from tests.contract.rows.conftest import NewWorld
from tests.support.asking import done, get, post
from tests.support.headend_server import RunningHeadend
from tools.headend.api import talk_schemas as documents


def test_A6_news_are_those_of_the_region_newest_first(headend: RunningHeadend) -> None:
    box = headend.box()
    box.sign_in()
    found = get(box, "/v1/news")
    documents.NewsList.model_validate(found, strict=True)
    assert [each["id"] for each in found["items"]] == ["cinema-offer", "autumn-premieres"]
    assert found["items"][0]["item"] == "cinema"


def test_A6_news_can_be_switched_off_and_messages_stay(headend: RunningHeadend) -> None:
    box = headend.box()
    box.sign_in()
    messages = get(box, "/v1/messages")
    assert done(box, "/v1/news/settings", {"shown": False}) == {"shown": False}
    assert get(box, "/v1/news") == {"shown": False, "items": []}
    assert get(box, "/v1/messages") == messages
    other = headend.box("debt")
    other.sign_in()
    assert get(other, "/v1/news")["shown"] is True
    assert done(box, "/v1/news/settings", {"shown": True}) == {"shown": True}
    assert len(get(box, "/v1/news")["items"]) == 2
    assert post(box, "/v1/news/settings", {"shown": "no"}).status_code == 400


def test_A6_news_end_with_their_last_day_in_the_region(new_world: NewWorld) -> None:
    with new_world(households=("family",)) as headend:
        box = headend.box()
        headend.clock.at = datetime(2027, 12, 31, 20, 59, 59, tzinfo=UTC)
        box.sign_in()
        assert "cinema-offer" in [each["id"] for each in get(box, "/v1/news")["items"]]
        headend.clock.advance(1)
        assert "cinema-offer" not in [each["id"] for each in get(box, "/v1/news")["items"]]


def test_A6_polaris_has_its_own(polaris: RunningHeadend) -> None:
    box = polaris.box()
    box.sign_in()
    assert [each["id"] for each in get(box, "/v1/news")["items"]] == ["arena-offer", "night-sky"]
