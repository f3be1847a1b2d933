"""A7, linked numbers: list, request, remove; requested, checking, linked, refused; somebody else's: salon."""

from __future__ import annotations

from typing import Any

import pytest

from device.api.errors import ApiError, ConfigError
from tests.contract.rows.conftest import NewWorld
from tests.support.headend_server import RunningHeadend
from tests.support.operator_side import go_to, said_by
from tests.support.shopper import code_of
from tests.support.viewer import Viewer
from tools.headend.api import number_schemas

FAMILY, TOGETHER = "102733458021", "102733458749"


def viewer_of(headend: RunningHeadend, household: str = "family") -> Viewer:
    return Viewer(headend, household, ("", ""), pin=False)


def numbers(viewer: Viewer) -> list[dict[str, Any]]:
    found = viewer.get("/v1/linked-numbers")
    number_schemas.LinkedNumbers.model_validate(found)
    items: list[dict[str, Any]] = found["items"]
    return items


def ask(viewer: Viewer, number: str) -> Any:
    return viewer.post("/v1/linked-numbers", {"number": number})


def decide(headend: RunningHeadend, number: str, state: str, *more: str, account: str = FAMILY) -> str:
    said = said_by(headend, "number-state", "--account", account, "--number", number, "--state", state, *more)
    return str(said["state"])


def test_A7_every_state_is_shown_with_the_number_masked(headend: RunningHeadend) -> None:
    viewer = viewer_of(headend, "together")
    found = {each["state"]: each for each in numbers(viewer)}
    assert {"linked", "checking", "refused"} <= set(found)
    assert found["linked"]["number"] == "+7 ••• •••-••-63"
    assert "900555" not in str(found)
    assert (found["refused"]["reason"], found["checking"]["check_by"]) == ("other_owner", "2026-11-24")
    assert "салоне" in found["refused"]["advice"]["ru"]


@pytest.mark.parametrize("written", ["9005550171", "+79005550171", "8 (900) 555-01-71", "7 900 555 01 71"])
def test_A7_a_leading_7_or_8_is_dropped(new_world: NewWorld, written: str) -> None:
    with new_world(households=("family",)) as headend:
        viewer = viewer_of(headend)
        assert ask(viewer, written).json()["state"] == "requested"
        assert decide(headend, "9005550171", "linked") == "linked"


@pytest.mark.parametrize("written", ["900555017", "90055501711", "phone", "+1 900 555 01 71", "9005550١71"])
def test_A7_what_is_no_number_is_refused(headend: RunningHeadend, written: str) -> None:
    refused = ask(viewer_of(headend), written)
    assert (refused.status_code, code_of(refused)) == (400, "request_invalid")
    assert refused.json()["errors"][0]["field"] == "number"


def test_A7_a_check_begins_on_the_next_working_day_and_ends_within_two(new_world: NewWorld) -> None:
    with new_world(households=("family",)) as headend:
        viewer = viewer_of(headend)
        # Saturday 21 November
        ask(viewer, "9005550171")
        [asked] = numbers(viewer)
        assert (asked["state"], asked["check_by"], asked["decided_at"]) == ("requested", "2026-11-24", None)
        for local, state in (
            ("2026-11-22 23:59:59", "requested"),
            ("2026-11-23 00:00:00", "checking"),
            ("2026-11-24 23:59:59", "checking"),
            ("2026-11-25 00:00:00", "refused"),
        ):
            go_to(headend, local)
            viewer.sign_in(pin=False)
            [now] = numbers(viewer)
            assert now["state"] == state, local
        assert (now["reason"], now["check_by"]) == ("not_confirmed", None)
        assert "салон" in now["advice"]["ru"]


def test_A7_the_operator_links_and_what_is_decided_stays(new_world: NewWorld) -> None:
    with new_world(households=("family",)) as headend:
        viewer = viewer_of(headend)
        ask(viewer, "9005550171")
        assert decide(headend, "9005550171", "checking") == "checking"
        assert decide(headend, "9005550171", "linked") == "linked"
        with pytest.raises(ApiError) as caught:
            decide(headend, "9005550171", "refused", "--reason", "other_owner")
        assert caught.value.code == "number_known"
        go_to(headend, "2026-12-05 00:00:00")
        viewer.sign_in(pin=False)
        assert [each["state"] for each in numbers(viewer)] == ["linked"]


def test_A7_the_operators_command_says_what_is_wrong(headend: RunningHeadend) -> None:
    with pytest.raises(ConfigError, match="--reason belongs to --state refused"):
        decide(headend, "9005550171", "refused")
    with pytest.raises(ApiError, match="was not asked for on this account"):
        decide(headend, "9005550999", "linked")


def test_A7_one_number_is_asked_for_once(new_world: NewWorld) -> None:
    with new_world(households=("family",)) as headend:
        viewer = viewer_of(headend)
        ask(viewer, "9005550171")
        again = ask(viewer, "+7 900 555-01-71")
        assert (again.status_code, code_of(again)) == (409, "number_known")
        decide(headend, "9005550171", "refused", "--reason", "not_confirmed")
        assert ask(viewer, "9005550171").status_code == 200, "a refused one may be asked for again"
        assert [each["state"] for each in numbers(viewer)] == ["requested"]


def test_A7_another_subscribers_number_leads_to_a_salon(new_world: NewWorld) -> None:
    with new_world(households=("family", "together")) as headend:
        viewer = viewer_of(headend)
        refused = ask(viewer, "9005550263")
        assert (refused.status_code, code_of(refused)) == (409, "number_other_owner")
        assert "салоне" in refused.json()["salon"]["ru"]
        # asked for by both: who is linked first has it
        ask(viewer, "9005550171")
        ask(viewer_of(headend, "together"), "9005550171")
        assert decide(headend, "9005550171", "linked", account=TOGETHER) == "linked"
        assert decide(headend, "9005550171", "linked") == "refused"
        assert numbers(viewer)[0]["reason"] == "other_owner"


def test_A7_who_looks_for_numbers_of_others_has_to_wait(new_world: NewWorld) -> None:
    with new_world(households=("family", "together")) as headend:
        viewer = viewer_of(headend)
        for last in range(5):
            assert code_of(ask(viewer, "9005550263")) == "number_other_owner"
            if last == 2:
                assert ask(viewer, "9005550171").status_code == 200, "one's own does not begin anew"
        locked = ask(viewer, "9005550172")
        assert (locked.status_code, code_of(locked)) == (429, "numbers_exhausted"), "a free one is not told either"
        assert int(locked.headers["Retry-After"]) == 3600
        headend.clock.advance(3599)
        viewer.sign_in(pin=False)
        assert code_of(ask(viewer, "9005550172")) == "numbers_exhausted"
        headend.clock.advance(1)
        assert ask(viewer, "9005550172").status_code == 200


def test_A7_a_removed_number_is_free_for_others(new_world: NewWorld) -> None:
    with new_world(households=("family", "together")) as headend:
        owner, other = viewer_of(headend, "together"), viewer_of(headend)
        linked = next(each for each in numbers(owner) if each["state"] == "linked")
        assert other.deleted(f"/v1/linked-numbers/{linked['id']}").status_code == 404, "not another account's"
        assert owner.deleted(f"/v1/linked-numbers/{linked['id']}").json() == {"id": linked["id"], "removed": True}
        assert linked["id"] not in {each["id"] for each in numbers(owner)}
        assert ask(other, "9005550263").status_code == 200


def test_A7_five_numbers_and_no_more(new_world: NewWorld) -> None:
    with new_world(households=("family",)) as headend:
        viewer = viewer_of(headend)
        for last in range(5):
            assert ask(viewer, f"900555020{last}").status_code == 200
        refused = ask(viewer, "9005550205")
        assert (refused.status_code, code_of(refused), refused.json()["most"]) == (409, "number_limit", 5)


def test_A7_polaris_has_numbers_of_nine_digits(polaris: RunningHeadend) -> None:
    assert ask(viewer_of(polaris), "900555771").status_code == 200
    assert ask(viewer_of(polaris), "9005550171").status_code == 400
