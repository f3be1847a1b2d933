"""Documents of the account service: what fits becomes a model, anything else one ModelError and nothing later on."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.api.money import Money
from stb_app.account.models import Account, Entry, Message, ModelError, MonthTotal, Session, moment, parsed
from tests.unit.stb_app.mutations import changed, json_values, places
from tools.pilot import documents

PARSERS: dict[str, tuple[Callable[[Any], Any], Callable[[], Any]]] = {
    "account": (Account.from_json, documents.account),
    "months": (MonthTotal.list_from_json, documents.months),
    "entries": (Entry.list_from_json, documents.entries),
    "messages": (Message.list_from_json, documents.messages),
    "session": (Session.from_json, documents.session),
}


@pytest.mark.parametrize("what", sorted(PARSERS))
def test_the_services_own_documents_fit(what: str) -> None:
    parse, document = PARSERS[what]
    assert parsed(what, document(), parse)


@pytest.mark.parametrize("what", sorted(PARSERS))
@given(document=json_values)
def test_arbitrary_json_is_a_model_or_a_model_error(what: str, document: Any) -> None:
    _parse_or_refuse(what, document)


@pytest.mark.parametrize("what", sorted(PARSERS))
@given(data=st.data())
def test_a_document_with_one_wrong_value_is_a_model_or_a_model_error(what: str, data: st.DataObject) -> None:
    whole = PARSERS[what][1]()
    path = data.draw(st.sampled_from(places(whole)))
    _parse_or_refuse(what, changed(whole, path, data.draw(json_values)))


def _parse_or_refuse(what: str, document: Any) -> None:
    with suppress(ModelError):
        parsed(what, document, PARSERS[what][0])


def test_an_account_says_what_the_document_said() -> None:
    account = Account.from_json(documents.account())
    assert account.number == "102733458021"
    assert account.balance == Money(128450, "RUB")
    assert account.next_charge == (date(2026, 12, 1), Money(74700, "RUB"))
    assert (account.enough, account.enough_until) == ("until", date(2026, 12, 31))
    assert account.this_room == "Гостиная"
    assert [service.kind for service in account.services].count("package") == 3


def test_an_entry_of_a_part_of_a_month_has_its_days() -> None:
    entries = Entry.list_from_json(documents.entries())
    assert entries[1].days == (17, 30)
    assert entries[0].days is None and entries[0].method == "sbp"


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("balance",), {"amount": 12.5, "currency": "RUB"}),
        (("balance", "amount"), True),
        (("balance", "amount"), 10**30),
        (("balance", "currency"), "roubles"),
        (("bonus", "points"), float("inf")),
        (("next_charge", "date"), "tomorrow"),
        (("services", 0, "name"), {}),
        (("services", 0, "name", "ru"), 5),
        (("services", 1, "id"), "basic"),
        (("rooms", 1, "id"), "living-room"),
        (("attention", 0, "params"), {}),
        (("attention", 0, "params", "count"), "many"),
        (("time_zone",), None),
    ],
)
def test_what_cannot_be_shown_is_refused_where_it_comes_in(path: tuple[Any, ...], value: Any) -> None:
    document = changed(documents.account(), path, value)
    if path == ("services", 1, "id"):
        document["services"][1]["kind"] = "tariff"
    with pytest.raises(ModelError):
        parsed("account", document, Account.from_json)


@pytest.mark.parametrize("text", ["2026-11-21T16:42:00", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "soon"])
def test_moments_that_no_zone_can_show_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        moment(text)


@pytest.mark.parametrize("offset", [float("nan"), float("inf"), 1e300, 10**400, "2"])
def test_a_clock_offset_that_no_clock_can_have_is_refused(offset: Any) -> None:
    with pytest.raises(ModelError):
        parsed("session", documents.session(clock_offset_s=offset), Session.from_json)


def test_a_refusal_names_the_document_and_has_a_code() -> None:
    with pytest.raises(ModelError, match=r"^account: KeyError") as caught:
        parsed("account", {}, Account.from_json)
    assert caught.value.code == "unexpected_answer"


def test_what_the_contract_does_not_have_is_left_out() -> None:
    document = changed(documents.account(), ("holder", "email"), None)
    assert "email" not in Account.from_json(document).holder


def test_a_session_without_an_offset_has_none() -> None:
    assert Session.from_json(documents.session(clock_offset_s=None)).clock_offset_s == 0.0
