"""H1: applications for a service, another TV or a repair, with day and slot."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.support.asking import done, everything, get, post, refused
from tests.support.headend_server import RunningHeadend
from tests.support.signin_box import SignInBox
from tools.headend.api import talk_schemas as documents
from tools.headend.domain.declined import Declined
from tools.headend.domain.help import ApplicationState
from tools.headend.use_cases import applications
from tools.headend.use_cases.work import begin, finish

FAMILY = 102733458021
PATH = "/v1/applications"


@pytest.fixture
def box(headend: RunningHeadend) -> SignInBox:
    """The family's box; nothing of the tests before is open. 21 November 2026 is a Saturday."""
    client = headend.box()
    client.sign_in()
    for each in everything(client, PATH):
        if each["changeable"]:
            done(client, f"{PATH}/{each['id']}/cancel")
        elif each["state"] == "on_the_way":
            becomes(headend, each["id"], ApplicationState.DONE)
    return client


def becomes(headend: RunningHeadend, application_id: str, state: ApplicationState, **time: Any) -> None:
    """The operator takes it further."""

    def work(connection: Any) -> None:
        services = headend.service.services
        account = begin(connection, services.operator, services.clock.now(), FAMILY)
        applications.set_state(account, application_id, state, **time)
        finish(account)

    headend.service.services.database.write(work)


def applied(box: SignInBox, **differently: Any) -> dict[str, Any]:
    return done(box, PATH, {"kind": "repair", "day": "2026-11-23", "slot": "morning"} | differently)


def test_H1_slots_are_of_the_operators_days(box: SignInBox) -> None:
    found = get(box, f"{PATH}/slots")
    documents.VisitSlots.model_validate(found, strict=True)
    assert (found["days"][0], found["days"][-1], len(found["days"])) == ("2026-11-23", "2026-12-05", 12)
    assert {date.fromisoformat(each).isoweekday() for each in found["days"]} == {1, 2, 3, 4, 5, 6}
    assert [each["id"] for each in found["slots"]] == ["morning", "day", "evening"]
    assert found["address"] == "г. Химки, ••. ••••••, •. ••, ••. ••"


def test_H1_an_application_goes_to_the_contracts_address(box: SignInBox) -> None:
    made = applied(box, kind="service", item="cinema", note="Домофон 12")
    documents.Application.model_validate(made, strict=True)
    assert (made["state"], made["day"], made["slot"]["from"]) == ("sent", "2026-11-23", "09:00")
    assert (made["item"], made["note"], made["changeable"]) == ("cinema", "Домофон 12", True)
    assert made["address"] == "г. Химки, ••. ••••••, •. ••, ••. ••"
    assert everything(box, PATH)[0] == made


@pytest.mark.parametrize("day", ["2026-11-21", "2026-11-22", "2026-11-29", "2026-12-06", "2027-01-11"])
def test_H1_nobody_comes_on_other_days(box: SignInBox, day: str) -> None:
    """Today, a Sunday, 15 days ahead."""
    assert refused(box, PATH, {"kind": "tv", "day": day, "slot": "day"}) == (409, "slot_refused")


@pytest.mark.parametrize("day", ["2026-11-23", "2026-12-05"])
def test_H1_somebody_comes_on_the_first_and_the_last_day(box: SignInBox, day: str) -> None:
    assert applied(box, day=day)["day"] == day


def test_H1_there_are_no_other_slots_or_items(box: SignInBox) -> None:
    assert refused(box, PATH, {"kind": "tv", "day": "2026-11-23", "slot": "night"}) == (409, "slot_refused")
    body = {"kind": "service", "day": "2026-11-23", "slot": "day", "item": "nothing"}
    assert refused(box, PATH, body) == (404, "not_found")


def test_H1_moving_asks_to_be_agreed_anew(headend: RunningHeadend, box: SignInBox) -> None:
    made = applied(box)
    becomes(headend, made["id"], ApplicationState.AGREED)
    assert everything(box, PATH)[0]["state"] == "agreed"
    moved = done(box, f"{PATH}/{made['id']}/move", {"day": "2026-11-24", "slot": "evening"})
    assert (moved["state"], moved["day"], moved["slot"]["id"]) == ("sent", "2026-11-24", "evening")
    wrong = {"day": "2026-11-22", "slot": "evening"}
    assert refused(box, f"{PATH}/{made['id']}/move", wrong) == (409, "slot_refused")


def test_H1_who_is_on_the_way_is_not_moved_or_cancelled(headend: RunningHeadend, box: SignInBox) -> None:
    made = applied(box)
    for state in (ApplicationState.AGREED, ApplicationState.ON_THE_WAY):
        becomes(headend, made["id"], state)
    assert everything(box, PATH)[0]["changeable"] is False
    body = {"day": "2026-11-24", "slot": "evening"}
    assert refused(box, f"{PATH}/{made['id']}/move", body) == (409, "application_fixed")
    assert refused(box, f"{PATH}/{made['id']}/cancel") == (409, "application_fixed")
    becomes(headend, made["id"], ApplicationState.DONE)
    with pytest.raises(Declined):
        becomes(headend, made["id"], ApplicationState.AGREED)


def test_H1_cancelling_twice_is_no_error(box: SignInBox) -> None:
    made = applied(box)
    assert done(box, f"{PATH}/{made['id']}/cancel")["state"] == "cancelled"
    assert done(box, f"{PATH}/{made['id']}/cancel")["state"] == "cancelled"


def test_H1_at_most_3_applications_are_open(box: SignInBox) -> None:
    first, *_ = [applied(box) for _ in range(3)]
    answer = post(box, PATH, {"kind": "tv", "day": "2026-11-23", "slot": "day"})
    assert (answer.status_code, answer.json()["code"], answer.json()["most"]) == (409, "applications_full", 3)
    done(box, f"{PATH}/{first['id']}/cancel")
    applied(box)


def test_H1_a_step_of_the_operator_is_told(headend: RunningHeadend, box: SignInBox) -> None:
    made = applied(box)
    becomes(headend, made["id"], ApplicationState.AGREED, day=date(2026, 11, 25), slot="day")
    found = everything(box, PATH)[0]
    assert (found["day"], found["slot"]["id"]) == ("2026-11-25", "day")
    headend.service.sender.send_due()
    assert headend.sent()[-1]["text"] == "Заявка на 25 ноября 2026 г.: время согласовано."


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"kind": "party", "day": "2026-11-23", "slot": "day"}, "kind"),
        ({"kind": "tv", "day": "2026-02-31", "slot": "day"}, "day"),
        ({"kind": "tv", "day": "23.11.2026", "slot": "day"}, "day"),
        ({"kind": "tv", "day": "2026-11-23", "slot": "day", "item": "cinema"}, "item"),
        ({"kind": "tv", "day": "2026-11-23", "slot": "day", "note": "x" * 501}, "note"),
        ({"kind": "tv", "day": "2026-11-23"}, "slot"),
    ],
)
def test_H1_what_is_wrong_with_an_application_is_said_by_field(
    box: SignInBox, body: dict[str, Any], field: str
) -> None:
    answer = post(box, PATH, body)
    assert (answer.status_code, answer.json()["code"]) == (400, "request_invalid"), answer.text
    assert answer.json()["errors"][0]["field"] == field


def test_H1_nobody_moves_another_accounts_application(headend: RunningHeadend, box: SignInBox) -> None:
    made = applied(box)
    stranger = headend.box("debt")
    stranger.sign_in()
    assert everything(stranger, PATH) == []
    assert refused(stranger, f"{PATH}/{made['id']}/cancel") == (404, "not_found")
    body = {"day": "2026-11-24", "slot": "evening"}
    assert refused(stranger, f"{PATH}/{made['id']}/move", body) == (404, "not_found")
    assert everything(box, PATH)[0]["state"] == "sent"
