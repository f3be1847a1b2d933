"""S2: the account number by Chip ID and card number, for a box that is not signed in."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contract.rows.conftest import NewWorld
from tests.support.headend_server import RunningHeadend
from tests.support.identity_rows import forget_identity, problem

CHIP, CARD, OTHER_CARD = "884100270011", "410273345801", "410273345819"


@pytest.fixture
def patient(headend: RunningHeadend) -> RunningHeadend:
    """Nobody has failed within the hour."""
    forget_identity(headend)
    headend.clock.advance(3600)
    return headend


def look_up(headend: RunningHeadend, chip_id: str = CHIP, card_number: str = CARD, **more: Any) -> Any:
    client = headend.box()
    body = {"chip_id": chip_id, "card_number": card_number, **more}
    return client.http.post(f"{headend.origin}/v1/lookup", json=body)


def whole_numbers(headend: RunningHeadend) -> list[dict[str, str]]:
    """The messages that tell the account number."""
    return [each for each in headend.sent() if "102733458021" in each["text"]]


def test_S2_the_last_4_digits_and_nothing_else(patient: RunningHeadend) -> None:
    found = look_up(patient)
    assert (found.status_code, found.json()) == (200, {"account_number_tail": "8021", "delivered": None})
    assert whole_numbers(patient) == []


@pytest.mark.parametrize(
    ("channel", "masked", "target"),
    [
        ("sms", "+7 ••• •••-••-34", "+79005550134"),
        ("email", "i•••@example.org", "ivan.petrov@example.org"),
    ],
)
def test_S2_the_whole_goes_to_the_contracts_contact(
    patient: RunningHeadend, channel: str, masked: str, target: str
) -> None:
    found = look_up(patient, deliver=channel, language="en").json()
    assert found == {"account_number_tail": "8021", "delivered": {"channel": channel, "target": masked}}
    message = whole_numbers(patient)[-1]
    assert (message["channel"], message["target"]) == (channel, target)
    assert message["text"] == "Your account number: 102733458021"


@pytest.mark.parametrize(
    ("chip_id", "card_number"),
    [(CHIP, OTHER_CARD), (CHIP, "nobody"), ("nobody", CARD), ("nobody", "nobody"), (CARD, CHIP)],
)
def test_S2_a_wrong_pair_never_tells_which_half_was_wrong(
    patient: RunningHeadend, chip_id: str, card_number: str
) -> None:
    refused = look_up(patient, chip_id, card_number, deliver="sms")
    assert problem(refused) == (403, "lookup_refused")
    patient.clock.advance(3600)
    assert refused.content == look_up(patient, "another", "pair").content


def test_S2_a_revoked_box_finds_nothing(patient: RunningHeadend) -> None:
    registry = patient.service.services.registry
    assert registry.set_box_state(CHIP, "revoked")
    try:
        assert problem(look_up(patient)) == (403, "lookup_refused")
    finally:
        registry.set_box_state(CHIP, "paired")


def test_S2_5_refusals_an_hour_an_address(patient: RunningHeadend) -> None:
    for _ in range(5):
        assert look_up(patient).status_code == 200, "what is found does not count"
        assert problem(look_up(patient, "nobody", CARD)) == (403, "lookup_refused")
    limited = look_up(patient)
    assert problem(limited) == (429, "rate_limited")
    assert limited.headers["Retry-After"] == "3600"
    patient.clock.advance(3599)
    assert problem(look_up(patient)) == (429, "rate_limited")
    patient.clock.advance(1)
    assert look_up(patient).status_code == 200


def test_S2_the_subscribers_telephone_does_not_ring_all_night(new_world: NewWorld) -> None:
    with new_world(households=("family",)) as headend:
        for _ in range(3):
            assert look_up(headend, deliver="sms").status_code == 200
        assert problem(look_up(headend, deliver="email")) == (429, "rate_limited")
        assert look_up(headend).status_code == 200, "the four digits are still told"
        headend.clock.advance(3600)
        assert look_up(headend, deliver="sms").status_code == 200
        assert len(whole_numbers(headend)) == 4


def test_S2_without_the_contact_nothing_is_sent(patient: RunningHeadend) -> None:
    forget_identity(patient, email="")
    before = len(whole_numbers(patient))
    assert problem(look_up(patient, deliver="email")) == (409, "contact_missing")
    assert len(whole_numbers(patient)) == before


@pytest.mark.parametrize("body", [{"chip_id": CHIP}, {"chip_id": "x" * 33, "card_number": CARD}, {"deliver": "fax"}, 7])
def test_S2_what_is_no_request_is_no_try(patient: RunningHeadend, body: Any) -> None:
    client = patient.box()
    for _ in range(6):
        assert problem(client.http.post(f"{patient.origin}/v1/lookup", json=body)) == (400, "request_invalid")
    assert look_up(patient).status_code == 200
