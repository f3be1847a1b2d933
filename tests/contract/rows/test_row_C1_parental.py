"""C1, parental control: the parents' PIN, age limit, hidden packages, the limit of new orders."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import insert

from tests.contract.rows.conftest import NewWorld
from tests.support.headend_server import RunningHeadend
from tests.support.operator_side import go_to
from tests.support.shopper import code_of
from tests.support.viewer import Viewer
from tools.headend.api import parental_schemas
from tools.headend.clock import milliseconds
from tools.headend.storage.tables import orders

FAMILY = 102733458021
PARENTS = "9316"


def rubles(amount: int) -> dict[str, Any]:
    """A sum in kopecks."""
    return {"amount": amount, "currency": "RUB"}


def family(headend: RunningHeadend, *, pin: bool = True) -> Viewer:
    return Viewer(headend, "family", ("Иван", "Петров"), pin=pin)


def settings(viewer: Viewer) -> dict[str, Any]:
    found = viewer.get("/v1/parental")
    parental_schemas.Parental.model_validate(found)
    return found


def parents_pin(viewer: Viewer, pin: str = PARENTS) -> None:
    answer = viewer.box.request("POST", "/v1/parental/pin", body={"pin": pin})
    assert answer.status_code == 200, answer.text


def with_pin(viewer: Viewer, pin: str = PARENTS, **body: Any) -> Any:
    return viewer.box.request("POST", "/v1/parental/with-pin", body={"pin": pin, **body})


def unlock(viewer: Viewer, pin: str, whose: str = "parents") -> Any:
    return viewer.box.request("POST", "/v1/parental/unlock", body={"pin": pin, "whose": whose})


def spent(headend: RunningHeadend, order_id: str, amount: int) -> None:
    """An order that was made before."""
    now = milliseconds(headend.clock.now())
    row = {
        "account_id": FAMILY,
        "order_id": order_id,
        "state": "confirmed",
        "changes": [],
        "plan": {"subscriptions": [], "rooms": []},
        "lines": [],
        "total": amount,
        "spending": amount,
        "basis": 0,
        "room": None,
        "created_at": now,
        "expires_at": now,
        "confirmed_at": now,
        "undo_until": now,
    }
    headend.service.services.database.write(lambda connection: connection.execute(insert(orders), row))


def test_C1_nothing_is_blocked_and_a_thousand_roubles_is_the_limit_until_it_is_set(new_world: NewWorld) -> None:
    with new_world(households=("family",)) as headend:
        found = settings(family(headend, pin=False))
        assert (found["age_limit"], found["hidden_packages"], found["pin"]["set"]) == (None, [], False)
        assert found["order_limit"] == found["left"] == {"amount": 100_000, "currency": "RUB"}


def test_C1_polaris_has_another_limit_and_other_ages(polaris: RunningHeadend) -> None:
    found = settings(family(polaris, pin=False))
    assert found["order_limit"] == {"amount": 3000, "currency": "EUR"}
    assert found["ages"] == [7, 12, 15, 18]


def test_C1_the_accounts_pin_sets_everything(new_world: NewWorld) -> None:
    with new_world(households=("family",)) as headend:
        viewer = family(headend)
        viewer.did(
            "/v1/parental", {"age_limit": 16, "hidden_packages": ["night", "night"], "order_limit": rubles(150_000)}
        )
        found = settings(viewer)
        assert (found["age_limit"], found["hidden_packages"], found["order_limit"]["amount"]) == (
            16,
            ["night"],
            150_000,
        )
        # what is not named stays, null takes away or back to the operator's
        viewer.did("/v1/parental", {"order_limit": None})
        found = settings(viewer)
        assert (found["age_limit"], found["order_limit"]["amount"]) == (16, 100_000)
        viewer.did("/v1/parental", {"age_limit": None, "hidden_packages": []})
        found = settings(viewer)
        assert (found["age_limit"], found["hidden_packages"]) == (None, [])


def test_C1_without_a_pin_nothing_is_set(headend: RunningHeadend) -> None:
    viewer = family(headend, pin=False)
    for path, body in (("/v1/parental", {"age_limit": 12}), ("/v1/parental/pin", {"pin": PARENTS})):
        refused = viewer.post(path, body)
        assert (refused.status_code, code_of(refused)) == (401, "insufficient_user_authentication")
    assert code_of(viewer.deleted("/v1/parental/pin")) == "insufficient_user_authentication"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"age_limit": 13}, "age_limit"),
        ({"age_limit": "16"}, "age_limit"),
        ({"hidden_packages": ["basic"]}, "hidden_packages"),
        ({"hidden_packages": ["none-such"]}, "hidden_packages"),
        ({"order_limit": {"amount": -1, "currency": "RUB"}}, "order_limit.amount"),
        ({"order_limit": {"amount": 2**63, "currency": "RUB"}}, "order_limit.amount"),
        ({"order_limit": {"amount": 1, "currency": "EUR"}}, "order_limit.currency"),
        ({"order_limit": 1}, "order_limit"),
        ({"limit": 5}, "limit"),
    ],
)
def test_C1_what_is_wrong_with_a_setting_is_said_by_field(
    headend: RunningHeadend, body: dict[str, Any], field: str
) -> None:
    refused = family(headend).post("/v1/parental", body)
    assert (refused.status_code, code_of(refused)) == (400, "request_invalid")
    assert refused.json()["errors"][0]["field"] == field


def test_C1_the_limit_is_raised_to_the_operators_most_and_no_further(headend: RunningHeadend) -> None:
    viewer = family(headend)
    viewer.did("/v1/parental", {"order_limit": rubles(10_000_000)})
    refused = viewer.post("/v1/parental", {"order_limit": rubles(10_000_001)})
    assert (refused.status_code, code_of(refused)) == (409, "limit_exceeded")
    assert refused.json()["limit_most"] == rubles(10_000_000)
    viewer.did("/v1/parental", {"order_limit": None})


def test_C1_over_the_limit_nothing_passes_until_it_is_raised_with_the_pin(new_world: NewWorld) -> None:
    with new_world(households=("family",)) as headend:
        viewer = family(headend)
        spent(headend, "before", 100_000 - 8299)
        change = {"changes": [{"op": "connect", "item": "cinema"}]}
        quote = viewer.did("/v1/subscriptions/quotes", change)
        assert quote["total"]["amount"] == 8300
        refused = viewer.post("/v1/subscriptions", {"quote_id": quote["id"]})
        assert (refused.status_code, code_of(refused)) == (409, "order_limit_reached")
        found = settings(viewer)
        assert (found["spent"]["amount"], found["left"]["amount"]) == (91_701, 8299)
        viewer.did("/v1/parental", {"order_limit": rubles(100_001)})
        viewer.did("/v1/subscriptions", {"quote_id": quote["id"]})
        assert settings(viewer)["left"]["amount"] == 0
        # the next calendar month of the region begins anew
        go_to(headend, "2026-12-01 00:00:00")
        viewer.sign_in()
        assert settings(viewer)["left"]["amount"] == 100_001


def test_C1_a_payment_passes_whatever_the_limit(new_world: NewWorld) -> None:
    from tests.support.operator_side import pay_in

    with new_world(households=("family",)) as headend:
        viewer = family(headend)
        viewer.did("/v1/parental", {"order_limit": rubles(0)})
        assert pay_in(headend, str(FAMILY), 200_000, "more-than-the-limit")["repeated"] is False
        # and so do the monthly fees
        go_to(headend, "2026-12-01 00:00:00")
        viewer.sign_in()
        assert viewer.get("/v1/account")["balance"]["amount"] == 128450 + 200_000 - 72_700


def test_C1_the_parents_pin_changes_settings_and_never_raises_the_limit(new_world: NewWorld) -> None:
    with new_world(households=("family",)) as headend:
        viewer = family(headend)
        parents_pin(viewer)
        viewer.sign_in(pin=False)
        assert with_pin(viewer, age_limit=12, order_limit=rubles(50_000)).status_code == 200
        found = settings(viewer)
        assert (found["age_limit"], found["order_limit"]["amount"], found["pin"]["set"]) == (12, 50_000, True)
        for raised in (rubles(50_001), None):
            refused = with_pin(viewer, order_limit=raised, age_limit=None)
            assert (refused.status_code, code_of(refused)) == (403, "raise_needs_pin")
        assert settings(viewer)["age_limit"] == 12, "nothing of a refused change"


def test_C1_the_parents_pin_opens_nothing_else(new_world: NewWorld) -> None:
    with new_world(households=("family",)) as headend:
        viewer = family(headend)
        parents_pin(viewer)
        refused = viewer.box.request("POST", "/v1/step-up", body={"pin": PARENTS})
        assert (refused.status_code, code_of(refused)) == (403, "pin_wrong")
        assert unlock(viewer, PARENTS).json() == {"opened": True}
        assert unlock(viewer, viewer.pin, "account").json() == {"opened": True}
        assert code_of(unlock(viewer, viewer.pin)) == "pin_wrong"


def test_C1_three_wrong_ones_lock_the_parents_pin_and_not_the_accounts(new_world: NewWorld) -> None:
    with new_world(households=("family",)) as headend:
        viewer = family(headend)
        parents_pin(viewer)
        assert unlock(viewer, "0000").json()["attempts_remaining"] == 2
        assert settings(viewer)["pin"]["attempts_remaining"] == 2
        assert with_pin(viewer, "0000", age_limit=6).json()["attempts_remaining"] == 1
        locked = unlock(viewer, "0000")
        assert (locked.status_code, code_of(locked), locked.headers["Retry-After"]) == (403, "pin_locked", "900")
        assert code_of(unlock(viewer, PARENTS)) == "pin_locked", "the right one too"
        assert unlock(viewer, viewer.pin, "account").status_code == 200
        headend.clock.advance(899)
        viewer.sign_in(pin=False)
        assert code_of(unlock(viewer, PARENTS)) == "pin_locked"
        headend.clock.advance(1)
        viewer.sign_in(pin=False)
        assert unlock(viewer, PARENTS).status_code == 200
        assert settings(viewer)["pin"]["attempts_remaining"] == 3


def test_C1_the_parents_pin_is_another_than_the_accounts_and_can_be_taken_away(new_world: NewWorld) -> None:
    with new_world(households=("family",)) as headend:
        viewer = family(headend)
        refused = viewer.box.request("POST", "/v1/parental/pin", body={"pin": viewer.pin})
        assert (refused.status_code, code_of(refused)) == (409, "pins_equal")
        assert code_of(unlock(viewer, PARENTS)) == "pin_not_set"
        parents_pin(viewer)
        assert settings(viewer)["pin"]["set"]
        assert viewer.deleted("/v1/parental/pin").json() == {"set": False}
        assert not settings(viewer)["pin"]["set"]
        assert code_of(unlock(viewer, PARENTS)) == "pin_not_set"


def test_C1_the_accounts_pin_never_becomes_the_parents(new_world: NewWorld) -> None:
    """Who knows the parents' PIN would have everything (C1: it opens nothing else)."""
    with new_world(households=("family",)) as headend:
        viewer = family(headend)
        parents_pin(viewer)
        equal = {"old_pin": viewer.pin, "new_pin": PARENTS}
        refused = viewer.box.request("POST", "/v1/pin/change", body=equal)
        assert (refused.status_code, code_of(refused)) == (409, "pins_equal")
        wrong = viewer.box.request("POST", "/v1/pin/change", body={**equal, "old_pin": "0000"})
        assert code_of(wrong) == "pin_wrong", "only who knows the old one learns that the new one is the parents'"
        assert viewer.box.request("POST", "/v1/pin/codes", body={"channel": "sms"}).status_code == 200
        by_code = {"code": headend.sent_code(), "new_pin": PARENTS}
        refused = viewer.box.request("POST", "/v1/pin/reset", body=by_code)
        assert (refused.status_code, code_of(refused)) == (409, "pins_equal")
        # the code is not used up by that
        assert viewer.box.request("POST", "/v1/pin/reset", body={**by_code, "new_pin": "5209"}).status_code == 200


def test_C1_no_pin_is_kept_with_the_answers(new_world: NewWorld) -> None:
    with new_world(households=("family",)) as headend:
        viewer = family(headend)
        parents_pin(viewer, "7352")
        with_pin(viewer, "7352", age_limit=18)
        unlock(viewer, "7352")
        from sqlalchemy import select

        from tools.headend.storage.tables import account_pins, idempotency_keys

        with headend.service.services.database.read() as connection:
            kept = connection.execute(select(idempotency_keys.c.body)).scalars().all()
            encoded = connection.execute(select(account_pins.c.encoded)).scalars().all()
        assert not any("7352" in each for each in kept)
        assert all(each.startswith("$argon2id$") for each in encoded)
