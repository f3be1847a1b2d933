"""T6: the cards are told what they may open, after every change and when asked (product.md T6, P10, U1)."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import update

from tests.contract.rows.conftest import NewWorld
from tests.support.headend_server import RunningHeadend
from tests.support.room_shopper import RoomShopper, add_room, remove, stop
from tests.support.shopper import connect, disconnect
from tools.headend.ca import CardMessage, CaUnavailable
from tools.headend.ca.reference import ReferenceHeadEnd
from tools.headend.ca.refresher import Refresher
from tools.headend.identity.records import ACTIVE, REVOKED
from tools.headend.storage import entitlements, tables

LIVING_ROOM, KITCHEN, BEDROOM = "410273345801", "410273345819", "410273345827"
ALL = ("basic", "hd", "kids", "sport")


class Watched:
    """A household, and what its cards were told by the running service."""

    def __init__(self, headend: RunningHeadend) -> None:
        self.headend = headend
        self.shopper = RoomShopper(headend)
        self.access = ReferenceHeadEnd(headend.service.services.database, headend.clock)

    def settled(self) -> dict[str, Any]:
        """``GET /v1/entitlements`` as soon as every card has acknowledged; at most 10 s."""
        found: dict[str, Any] | None = _until(lambda: self._shown("acknowledged"))
        assert found is not None, self.shopper.get("/v1/entitlements")
        return found

    def _shown(self, state: str) -> dict[str, Any] | None:
        shown = self.shopper.get("/v1/entitlements")
        return shown if shown["state"] == state else None

    def products(self, card: str) -> tuple[str, ...]:
        return self.access.products(card)


@pytest.fixture
def family(new_world: NewWorld) -> Iterator[Watched]:
    with new_world(households=("family", "debt", "suspended")) as headend:
        yield Watched(headend)


def test_T6_asked_for_the_card_is_queued_sent_and_acknowledged(family: Watched) -> None:
    before = family.shopper.get("/v1/entitlements")
    assert before["state"] == "acknowledged"
    assert {each["requested_at"] for each in before["cards"]} == {None}
    family.shopper.sign_in(pin=False)
    asked = family.shopper.post("/v1/entitlements/refresh", {}, key="again")
    assert (asked.status_code, asked.json()["state"]) == (200, "queued")
    after = family.settled()
    for card in after["cards"]:
        assert card["requested_at"] == card["sent_at"] == card["acknowledged_at"] == "2026-11-21T16:41:07Z"
        assert tuple(each["id"] for each in card["products"]) == ALL
    assert family.products(LIVING_ROOM) == family.products(KITCHEN) == ALL
    assert [each["this_box"] for each in after["cards"]] == [True, False]
    assert after["cards"][0]["card_number"] == "…5801"


def test_T6_the_card_has_it_within_a_minute_and_the_tv_is_told(family: Watched) -> None:
    box = family.headend.box()
    box.sign_in()
    heard = threading.Event()
    began = time.monotonic()

    def listen() -> None:
        headers = {"Authorization": f"DPoP {box.token}", "DPoP": box.proof("GET", "/v1/events", token=box.token)}
        count = 0
        with box.http.stream("GET", f"{box.origin}/v1/events", headers=headers) as stream:
            listening.set()
            for line in stream.iter_lines():
                count += line == "event: account.changed"
                if count >= 1 and family.products(LIVING_ROOM):
                    heard.set()
                    return

    listening = threading.Event()
    thread = threading.Thread(target=listen)
    thread.start()
    assert listening.wait(10)
    family.shopper.post("/v1/entitlements/refresh", {})
    assert heard.wait(20)
    assert time.monotonic() - began < 60
    thread.join(10)


def test_T6_every_order_tells_the_cards_and_undo_too(family: Watched) -> None:
    order = family.shopper.order(connect("cinema"))
    family.settled()
    assert family.products(LIVING_ROOM) == family.products(KITCHEN) == tuple(sorted((*ALL, "cinema")))
    family.shopper.undo(order)
    family.settled()
    assert family.products(LIVING_ROOM) == ALL


def test_T6_what_is_disconnected_is_open_to_the_end_of_the_paid_period(family: Watched) -> None:
    sport = family.shopper.held()["sport"]
    family.shopper.order(disconnect(sport["id"]))
    family.settled()
    assert family.products(LIVING_ROOM) == ALL
    # 30 November, 23:41 in Moscow, and then the first of December
    family.headend.clock.advance(9 * 86400 + 4 * 3600)
    family.shopper.sign_in()
    family.shopper.post("/v1/entitlements/refresh", {})
    family.settled()
    assert family.products(LIVING_ROOM) == ALL
    family.headend.clock.advance(3600)
    family.shopper.sign_in()
    family.settled()
    assert family.products(LIVING_ROOM) == ("basic", "hd", "kids")


def test_T6_an_added_card_opens_a_removed_one_does_not(family: Watched) -> None:
    family.shopper.order(add_room(family.shopper.find()))
    family.settled()
    assert family.products(BEDROOM) == ALL
    family.shopper.order(remove(family.shopper.rooms()["Спальня"]))
    assert _until(lambda: family.products(BEDROOM) == ())
    database = family.headend.service.services.database
    rows = tables.card_refreshes.select().where(tables.card_refreshes.c.card_number == BEDROOM)

    def gone() -> bool:
        with database.read() as connection:
            return connection.execute(rows).first() is None

    assert _until(gone)


def test_T6_a_stopped_tv_works_while_its_fee_is_paid(family: Watched) -> None:
    family.shopper.order(stop(family.shopper.rooms()["Кухня"]))
    family.settled()
    assert family.products(KITCHEN) == ALL
    family.headend.clock.advance(10 * 86400)
    family.shopper.sign_in()
    family.settled()
    assert family.products(KITCHEN) == ()
    assert family.products(LIVING_ROOM) == ALL


def test_T6_suspended_cards_open_nothing(family: Watched) -> None:
    box = family.headend.box("suspended")
    box.sign_in()
    cards = box.request("GET", "/v1/entitlements").json()["cards"]
    assert cards
    assert all(each["products"] == [] for each in cards)


def test_T6_a_conditional_access_that_takes_nothing_is_asked_again(family: Watched) -> None:
    services = family.headend.service.services
    for worker in family.headend.service.workers:
        worker.stop()
    access = Stubborn(services.database, family.headend.clock)
    refresher = Refresher(services.database, services.operator, access, family.headend.clock)
    family.shopper.post("/v1/entitlements/refresh", {})
    access.refuses = True
    assert refresher.run() == 0
    assert _state(family) == "queued"
    family.headend.clock.advance(4)
    assert refresher.run() == 0
    access.refuses, access.deaf = False, True
    family.headend.clock.advance(1)
    assert refresher.run() == 0
    assert _state(family) == "sent"
    sent = access.messages[-1].generation
    family.headend.clock.advance(20)
    # told anew, with a greater number
    assert refresher.run() == 0
    family.headend.clock.advance(1)
    refresher.run()
    assert access.messages[-1].generation > sent
    access.deaf = False
    family.headend.clock.advance(2)
    assert refresher.run() == 2
    assert _state(family) == "acknowledged"
    assert refresher.run() == 0


def test_T6_the_greater_generation_holds_in_whichever_order_they_arrive(headend: RunningHeadend) -> None:
    access = ReferenceHeadEnd(headend.service.services.database, headend.clock)
    newer, older = CardMessage("410299999999", 7, ("basic",)), CardMessage("410299999999", 6, ())
    for message in (newer, older, newer):
        access.send(message)
        assert access.products("410299999999") == ("basic",)
    assert access.taken(["410299999999", "410299999998"]) == {"410299999999": 7}


def test_T6_a_change_while_a_message_is_on_its_way_is_sent_after_it(family: Watched) -> None:
    services = family.headend.service.services
    for worker in family.headend.service.workers:
        worker.stop()
    access = Stubborn(services.database, family.headend.clock)
    refresher = Refresher(services.database, services.operator, access, family.headend.clock)
    access.meanwhile = lambda: family.shopper.order(connect("cinema"))
    family.shopper.post("/v1/entitlements/refresh", {})
    refresher.run()
    refresher.run()
    assert _state(family) == "acknowledged"
    assert family.products(LIVING_ROOM) == tuple(sorted((*ALL, "cinema")))


def test_P10_what_is_paid_runs_on_while_the_account_is_stopped(family: Watched) -> None:
    """Of November's charges one rouble is not paid; the last ones are the ones that are owed."""
    database = family.headend.service.services.database

    def stopped(connection: Any) -> None:
        accounts = tables.accounts
        mine = update(accounts).where(accounts.c.account_id == 102733458021)
        connection.execute(mine.values(service_state="stopped", balance=-100))

    database.write(stopped)
    cards = family.shopper.get("/v1/entitlements")["cards"]
    opened = {each["room"]: tuple(product["id"] for product in each["products"]) for each in cards}
    # the TVs' fees are charged last, so the kitchen's is owed
    assert opened == {"Гостиная": ALL, "Кухня": ()}


def test_T6_a_revoked_card_is_told_to_open_nothing(family: Watched) -> None:
    services, now = family.headend.service.services, family.headend.clock.now()
    for state, opened in ((REVOKED, ()), (ACTIVE, ALL)):
        services.registry.set_card_state(KITCHEN, state)
        services.database.write(lambda connection: entitlements.queue_owner(connection, "card", KITCHEN, now))
        family.settled()
        assert (family.products(KITCHEN), family.products(LIVING_ROOM)) == (opened, ALL)


def test_T6_two_services_at_one_database_send_each_message_once(family: Watched) -> None:
    services = family.headend.service.services
    for worker in family.headend.service.workers:
        worker.stop()
    access = Stubborn(services.database, family.headend.clock)
    refreshers = [Refresher(services.database, services.operator, access, family.headend.clock) for _ in range(4)]
    family.shopper.post("/v1/entitlements/refresh", {})
    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(Refresher.run, refreshers))
    assert sum(done) == 2
    assert sorted(each.card_number for each in access.messages) == [LIVING_ROOM, KITCHEN]


def test_T6_an_old_acknowledgement_is_not_taken_for_the_new_message(family: Watched) -> None:
    services = family.headend.service.services
    for worker in family.headend.service.workers:
        worker.stop()
    access, elsewhere = (Stubborn(services.database, family.headend.clock) for _ in range(2))
    here, other = (
        Refresher(services.database, services.operator, each, family.headend.clock) for each in (access, elsewhere)
    )
    elsewhere.loses = True

    def another_service_sends_a_later_message() -> None:
        family.shopper.order(connect("cinema"))
        other.run()

    access.meanwhile = another_service_sends_a_later_message
    family.shopper.post("/v1/entitlements/refresh", {})
    here.run()
    assert len(elsewhere.messages) == 2
    # the first card has the first message, and the second one is the one that counts
    assert family.products(LIVING_ROOM) == ALL
    cards = family.shopper.get("/v1/entitlements")["cards"]
    assert [each["state"] for each in cards] == ["sent", "sent"]


class Stubborn(ReferenceHeadEnd):
    """Takes no message, tells of none, loses them, or lets something happen in between, as a test wants it."""

    refuses = False
    deaf = False
    loses = False

    def __init__(self, *parts: Any) -> None:
        super().__init__(*parts)
        self.messages: list[CardMessage] = []
        self.meanwhile: Callable[[], object] | None = None

    def send(self, message: CardMessage) -> None:
        if self.refuses:
            raise CaUnavailable("not now")
        self.messages.append(message)
        if not self.loses:
            super().send(message)
        happens, self.meanwhile = self.meanwhile, None
        if happens is not None:
            happens()

    def taken(self, card_numbers: Collection[str]) -> Mapping[str, int]:
        return {} if self.deaf else super().taken(card_numbers)


def _state(family: Watched) -> str:
    return str(family.shopper.get("/v1/entitlements")["state"])


def _until(holds: Callable[[], Any], seconds: float = 10) -> Any:
    """What ``holds`` answers once it is true; None where it is not in time."""
    end = time.monotonic() + seconds
    pause = threading.Event()
    while time.monotonic() < end:
        if found := holds():
            return found
        pause.wait(0.1)
    return None
