"""M1: a new box comes to an account, by a code on its screen or by the numbers printed on it (product.md M1)."""

from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy import select, update

from tests.contract.rows.conftest import NewWorld
from tests.support.headend_server import RunningHeadend
from tests.support.new_box import NewBox
from tests.support.shopper import Shopper, code_of
from tools.headend.domain.rooms import CODE_ALPHABET
from tools.headend.identity.records import ACTIVE, PENDING, REVOKED, UNPAIRED
from tools.headend.storage.tables import boxes, cards, metadata, pairing_codes


@pytest.fixture
def family(headend: RunningHeadend) -> Shopper:
    return Shopper(headend)


def claim(shopper: Shopper, code: str) -> dict[str, str]:
    answer = shopper.box.request("POST", "/v1/pairing-codes/claim", body={"code": code})
    assert answer.status_code == 200, answer.text
    found: dict[str, str] = answer.json()
    return found


def test_M1_a_code_pairs_a_new_box_from_unpaired_to_paired(family: Shopper) -> None:
    new = NewBox(family.headend)
    refused = new.box.try_sign_in()
    assert (refused.status_code, code_of(refused)) == (401, "box_unpaired")
    shown = new.show_code()
    half, dash, other = shown["code"].partition("-")
    assert (len(half), dash, len(other)) == (4, "-", 4)
    assert set(half + other) <= set(CODE_ALPHABET)
    assert new.state(shown) == "pending"
    found = claim(family, shown["code"])
    assert (found["model"], found["chip_id"], found["card_number"]) == ("STB-3100", "…0037", "…5827")
    family.headend.clock.advance(5)
    assert new.state(shown) == "found"
    order = family.order({"op": "add_room", "box": found["id"], "name": "Спальня"})
    family.headend.clock.advance(5)
    assert new.state(shown) == "paired"
    signed_in = new.box.sign_in()
    assert signed_in["account_number"] == "102733458021"
    assert signed_in["acr"] == "card-proven"
    family.undo(order)
    assert new.box.request("GET", "/v1/account").json()["code"] == "token_invalid"
    assert code_of(new.box.try_sign_in()) == "box_unpaired"


@pytest.mark.parametrize("typed", ["{lower}", " {first} {last} ", "{first}–{last}", "{cyrillic}"])
def test_M1_a_code_is_taken_as_people_type_it(family: Shopper, typed: str) -> None:
    shown = NewBox(family.headend).show_code()["code"]
    first, last = shown.split("-")
    cyrillic = (first + last).translate(str.maketrans("BCHKMPTX", "ВСНКМРТХ"))
    assert claim(family, typed.format(lower=shown.lower(), first=first, last=last, cyrillic=cyrillic))["id"]


def test_M1_a_code_lives_fifteen_minutes_and_not_a_second_longer(family: Shopper) -> None:
    new, headend = NewBox(family.headend), family.headend
    shown = new.show_code()
    left = datetime.fromisoformat(shown["expires_at"]) - headend.clock.now()
    assert 899 <= left.total_seconds() <= 900
    headend.clock.advance(899)
    family.sign_in()
    found = claim(family, shown["code"])
    shown = new.show_code()
    headend.clock.advance(900)
    family.sign_in()
    late = family.box.request("POST", "/v1/pairing-codes/claim", body={"code": shown["code"]})
    assert (late.status_code, code_of(late)) == (403, "pairing_refused")
    assert new.state(shown) == "expired"
    old = family.try_quote({"op": "add_room", "box": found["id"], "name": "Спальня"})
    assert (old.status_code, code_of(old)) == (403, "pairing_refused")


def test_M1_a_code_works_once_and_a_new_one_voids_the_old(family: Shopper) -> None:
    new = NewBox(family.headend)
    first, second = new.show_code(), new.show_code()
    voided = family.box.request("POST", "/v1/pairing-codes/claim", body={"code": first["code"]})
    assert code_of(voided) == "pairing_refused"
    assert new.poll(first).status_code == 404
    claim(family, second["code"])
    again = family.box.request("POST", "/v1/pairing-codes/claim", body={"code": second["code"]})
    assert code_of(again) == "pairing_refused"


def test_M1_a_box_that_asks_too_often_is_told_to_slow_down(family: Shopper) -> None:
    new, clock = NewBox(family.headend), family.headend.clock
    shown = new.show_code()
    assert shown["interval"] == 5
    assert new.state(shown) == "pending"
    clock.advance(4)
    hasty = new.poll(shown)
    assert (hasty.status_code, code_of(hasty), hasty.headers["retry-after"]) == (429, "slow_down", "5")
    clock.advance(5)
    assert new.state(shown) == "pending"


def test_M1_who_guesses_ids_has_to_wait(new_world: NewWorld) -> None:
    with new_world(households=("family",)) as headend:
        box = NewBox(headend)
        shown = box.show_code()
        for number in range(60):
            assert box.poll({"id": f"guess-{number}"}).status_code == 404
        refused = box.poll(shown)
        assert (refused.status_code, refused.json()["code"]) == (429, "rate_limited")
        assert refused.headers["Retry-After"] == "60"
        headend.clock.advance(60)
        assert box.state(shown) == "pending"


def test_M1_only_a_box_that_proves_its_key_and_its_card_shows_a_code(headend: RunningHeadend) -> None:
    new = NewBox(headend)
    forged = new.try_show_code(key=headend.box("family").device_key)
    assert (forged.status_code, code_of(forged)) == (401, "box_unknown")
    claimed = new.box.card_claim(new.box.challenge())
    bare = new.try_show_code(card={**claimed, "proof": None, "certificate": None})
    assert code_of(bare) == "card_proof_required"
    married = NewBox(headend, card_of="family/kitchen").try_show_code()
    assert code_of(married) == "card_other_box"
    paired = NewBox(headend, "kitchen").try_show_code()
    assert (paired.status_code, code_of(paired)) == (409, "box_paired")


def test_M1_a_proof_is_good_for_one_code(headend: RunningHeadend) -> None:
    new = NewBox(headend)
    nonce = new.box.challenge()
    sent = {"grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer", "assertion": new.box.assertion(nonce)}
    url = f"{new.box.origin}/v1/pairing-codes"
    for expected in (200, 401):
        proof = {"DPoP": new.box.proof("POST", "/v1/pairing-codes")}
        assert new.box.http.post(url, data=sent, headers=proof).status_code == expected


def test_M1_numbers_pair_too_and_a_wrong_pair_never_says_which(family: Shopper) -> None:
    bedroom, kitchen = NewBox(family.headend).numbers, NewBox(family.headend, "kitchen").numbers
    pairs = [
        {"chip_id": kitchen["chip_id"], "card_number": bedroom["card_number"]},
        {"chip_id": bedroom["chip_id"], "card_number": kitchen["card_number"]},
        {"chip_id": "884100999999", "card_number": bedroom["card_number"]},
        {"chip_id": bedroom["chip_id"], "card_number": "410999999999"},
    ]
    answers = [family.box.request("POST", "/v1/pairing-codes/claim-by-numbers", body=pair) for pair in pairs]
    bodies = [{key: value for key, value in each.json().items() if key != "attempts_remaining"} for each in answers]
    assert [each.status_code for each in answers] == [403] * 4
    assert bodies == [bodies[0]] * 4
    right = family.box.request("POST", "/v1/pairing-codes/claim-by-numbers", body=bedroom)
    assert right.status_code == 200, right.text


def test_M1_ten_wrong_codes_lock_for_fifteen_minutes(new_world: NewWorld) -> None:
    with new_world(households=("family",)) as headend:
        family = Shopper(headend)
        new = NewBox(headend)
        for left in range(9, 0, -1):
            wrong = family.box.request("POST", "/v1/pairing-codes/claim", body={"code": "BBBB-BBBB"})
            assert (code_of(wrong), wrong.json()["attempts_remaining"]) == ("pairing_refused", left)
        last = family.box.request("POST", "/v1/pairing-codes/claim", body={"code": "BBBB-BBBB"})
        assert (last.status_code, code_of(last)) == (403, "pairing_locked")
        right = family.box.request("POST", "/v1/pairing-codes/claim", body={"code": new.show_code()["code"]})
        assert code_of(right) == "pairing_locked"
        headend.clock.advance(900)
        family.sign_in()
        assert claim(family, new.show_code()["code"])["model"] == "STB-3100"


def test_M1_what_one_account_found_another_cannot_take(family: Shopper) -> None:
    found = claim(family, NewBox(family.headend).show_code()["code"])
    other = Shopper(family.headend, "ending")
    stolen = other.try_quote({"op": "add_room", "box": found["id"], "name": "Спальня"})
    assert (stolen.status_code, code_of(stolen)) == (403, "pairing_refused")


def test_M1_finding_a_box_needs_the_pin(headend: RunningHeadend) -> None:
    plain = Shopper(headend, pin=False)
    for path, body in (("claim", {"code": "BBBB-BBBB"}), ("claim-by-numbers", NewBox(headend).numbers)):
        refused = plain.box.request("POST", f"/v1/pairing-codes/{path}", body=body)
        assert (refused.status_code, code_of(refused)) == (401, "insufficient_user_authentication")


def test_M1_no_code_lies_in_the_database(family: Shopper) -> None:
    shown = NewBox(family.headend).show_code()["code"]
    database = family.headend.service.services.database
    with database.read() as connection:
        kept = [str(tuple(row)) for table in metadata.sorted_tables for row in connection.execute(select(table))]
    assert not [row for row in kept if shown in row or shown.replace("-", "") in row]


def test_M1_found_twice_by_its_numbers_it_is_one_find(family: Shopper) -> None:
    numbers = NewBox(family.headend, "dacha").numbers
    path = "/v1/pairing-codes/claim-by-numbers"
    first = family.box.request("POST", path, body=numbers).json()
    family.headend.clock.advance(60)
    second = family.box.request("POST", path, body=numbers).json()
    assert first["id"] == second["id"]
    assert first["expires_at"] < second["expires_at"]


def test_M1_a_box_is_unpaired_again_when_its_code_is_forgotten(new_world: NewWorld) -> None:
    with new_world(households=("family",)) as headend:
        services, new = headend.service.services, NewBox(headend)
        shown = new.show_code()

        def state() -> str:
            with services.database.read() as connection:
                return str(connection.execute(select(boxes.c.state).where(boxes.c.chip_id == new.box.chip_id)).scalar())

        assert state() == PENDING
        headend.clock.advance(900 + 3600)
        headend.service.housekeeper.tidy()
        assert (state(), new.state(shown)) == (PENDING, "expired")
        headend.clock.advance(1)
        headend.service.housekeeper.tidy()
        assert state() == UNPAIRED
        assert new.poll(shown).status_code == 404
        with services.database.read() as connection:
            assert connection.execute(select(pairing_codes)).first() is None


def test_M1_a_revoked_new_box_gets_no_code_and_restored_it_is_unpaired(new_world: NewWorld) -> None:
    with new_world(households=("family",)) as headend:
        registry, new = headend.service.services.registry, NewBox(headend)
        family = Shopper(headend)
        registry.set_box_state(new.box.chip_id, REVOKED)
        assert code_of(new.try_show_code()) == "box_revoked"
        refused = family.box.request("POST", "/v1/pairing-codes/claim-by-numbers", body=new.numbers)
        assert code_of(refused) == "pairing_refused"
        registry.set_box_state(new.box.chip_id, ACTIVE)
        assert code_of(new.box.try_sign_in()) == "box_unpaired"
        registry.set_card_state(new.box.card.number, REVOKED)
        assert code_of(new.try_show_code()) == "card_revoked"
        registry.set_card_state(new.box.card.number, ACTIVE)
        assert new.show_code()["code"]


def test_M1_a_card_that_proves_nothing_shows_no_code_but_has_numbers(new_world: NewWorld) -> None:
    with new_world(households=("family",)) as headend:
        new = NewBox(headend)
        new.box.card.kind = "irdeto"
        proves_nothing = update(cards).where(cards.c.card_number == new.box.card.number)
        headend.service.services.database.write(
            lambda connection: connection.execute(proves_nothing.values(kind="irdeto", public_key=None))
        )
        claimed = {"number": new.box.card.number, "kind": "irdeto"}
        refused = new.try_show_code(card=claimed)
        assert (refused.status_code, code_of(refused)) == (401, "card_proof_required")
        found = Shopper(headend).box.request("POST", "/v1/pairing-codes/claim-by-numbers", body=new.numbers)
        assert found.status_code == 200, found.text
