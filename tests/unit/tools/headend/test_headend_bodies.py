"""Bodies from outside: bounded, typed, and refused by field and without an echo."""

from __future__ import annotations

import json
from typing import Annotated, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import Field

from tools.headend.api.bodies import MAX_WHOLE, RequestBody, identifier, parsed, takes, text, whole
from tools.headend.api.order_bodies import QuoteBody
from tools.headend.api.problems import RequestInvalid


class Inner(RequestBody):
    id: str = identifier()


class Wanted(RequestBody):
    name: str = text(5)
    note: Annotated[str, text(20, lines=True)] | None = None
    amount: int = whole(1)
    inner: Annotated[list[Inner], Field(max_length=2, default_factory=list)]


def body(**differently: Any) -> bytes:
    return json.dumps({"name": "Кухня", "amount": 1, **differently}).encode()


def test_what_is_right_is_read() -> None:
    found = parsed(Wanted, body(note="one\ntwo", inner=[{"id": "s1"}], amount=MAX_WHOLE))
    assert (found.name, found.note, found.amount, found.inner[0].id) == ("Кухня", "one\ntwo", MAX_WHOLE, "s1")


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        (b"", "body"),
        (b"\xff", "body"),
        (b"[]", "body"),
        (b"null", "body"),
        (b"[" * 60000, "body"),
        (b'{"name": "\\ud800", "amount": 1}', "body"),
        (body(name=""), "name"),
        (body(name="   "), "name"),
        (body(name="Кухня2"), "name"),
        (body(name="a\x00b"), "name"),
        (body(name="a\nb"), "name"),
        (body(name="a\x85b"), "name"),
        (body(name=5), "name"),
        (body(note="a\tb"), "note"),
        (body(amount=0), "amount"),
        (body(amount=MAX_WHOLE + 1), "amount"),
        (body(amount=10**400), "amount"),
        (body(amount="1"), "amount"),
        (body(amount=1.0), "amount"),
        (body(amount=True), "amount"),
        (body(inner=[{"id": "a b"}]), "inner.0.id"),
        (body(inner=[{"id": "a"}] * 3), "inner"),
        (body(more=1), "more"),
    ],
)
def test_what_is_off_is_refused_by_its_field(sent: bytes, field: str) -> None:
    with pytest.raises(RequestInvalid) as caught:
        parsed(Wanted, sent)
    assert caught.value.errors[0]["field"] == field


def test_a_refused_value_is_not_echoed() -> None:
    for sent in (body(name="4071 is my PIN"), body(amount="4071"), body(more="4071"), body(inner=[{"id": "4071 "}])):
        with pytest.raises(RequestInvalid) as caught:
            parsed(Wanted, sent)
        assert "4071" not in str(caught.value)


VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(["changes", "op", "item", "name", "x"]), inner),
)


@given(st.binary(max_size=300) | VALUES.map(lambda value: json.dumps(value).encode()))
def test_property_anything_else_is_one_typed_error(sent: bytes) -> None:
    for model in (Wanted, QuoteBody):
        refusal = ""
        try:
            parsed(model, sent)
        except RequestInvalid as error:
            refusal = str(error)
        assert len(refusal) < 400


def test_the_document_of_a_body_stands_for_itself() -> None:
    documented = json.dumps(takes(QuoteBody))
    assert "$ref" not in documented
    assert "$defs" not in documented
    assert "Idempotency-Key" in documented
    assert "Idempotency-Key" not in json.dumps(takes(QuoteBody, keyed=False))
