"""Whatever the account service answers, there is a picture, a focus where there can be one, and a way home."""

from __future__ import annotations

from typing import Any

import pygame
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stb_app.input.keys import Key
from tests.flows.places import WAYS
from tests.unit.stb_app.mutations import ODD_TEXTS, changed, json_values, places
from tools.pilot import documents
from tools.pilot.pilot import Pilot

DOCUMENTS = {
    "/v1/account": (documents.account, ("home", "services", "rooms", "personal", "pay")),
    "/v1/ledger/months": (documents.months, ("home", "charges")),
    "/v1/ledger/entries": (documents.entries, ("charges", "month")),
    "/v1/messages": (documents.messages, ("messages", "message")),
}
"""Path -> the document, and the screens that show it."""

TEXTS: dict[str, tuple[tuple[Any, ...], ...]] = {
    "/v1/account": (
        ("time_zone",), ("rooms", 0, "name"), ("rooms", 1, "model"), ("services", 1, "name", "ru"),
        ("services", 4, "room"), ("holder", "name"), ("tariff", "name", "ru"),
    ),
    "/v1/ledger/entries": (("items", 1, "service", "name", "ru"), ("items", 2, "room"), ("items", 0, "kind")),
    "/v1/messages": (("items", 0, "title", "ru"), ("items", 0, "text", "ru")),
}  # fmt: skip
"""Path -> where its texts stand."""


@pytest.fixture(scope="module")
def pilot() -> Pilot:
    """One app for all examples: each begins with a new card. What it would paint is drawn, one pixel of it kept."""
    result = Pilot()
    result.app._stage.surface = pygame.Surface((1, 1), 0, 32)
    return result


@pytest.mark.parametrize("path", sorted(DOCUMENTS))
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_there_is_always_a_picture(pilot: Pilot, path: str, data: st.DataObject) -> None:
    document, screens = DOCUMENTS[path]
    whole = document()
    place = data.draw(st.sampled_from(places(whole)))
    _walk(pilot, path, changed(whole, place, data.draw(json_values)), screens)


@pytest.mark.parametrize("text", ODD_TEXTS)
@pytest.mark.parametrize("path", sorted(TEXTS))
def test_no_text_is_too_odd_to_draw(pilot: Pilot, path: str, text: str) -> None:
    document, screens = DOCUMENTS[path]
    odd = document()
    for place in TEXTS[path]:
        odd = changed(odd, place, text)
    _walk(pilot, path, odd, screens)
    assert pilot.screen == "home", "no account is refused for a text"


@pytest.mark.parametrize("number", ["", "1" * 3000, "\x00", 5, None])
def test_a_number_that_is_none_is_refused(pilot: Pilot, number: Any) -> None:
    _walk(pilot, "/v1/account", documents.account(account_number=number), ())
    assert pilot.screen == "state"


def _walk(pilot: Pilot, path: str, document: Any, screens: tuple[str, ...]) -> None:
    """Show ``document`` to a new card, and open the screens that speak of it."""
    pilot.gateway.bodies = {each: make() for each, (make, _) in DOCUMENTS.items()}
    pilot.gateway.bodies[path] = document
    pilot.gateway.sign(documents.session("no_card", "C-01"))
    pilot.settle()
    pilot.gateway.sign(documents.session())
    pilot.settle()
    for screen in screens:
        pilot.press(Key.HOME, *WAYS[screen])
        focusables = pilot.app._stage._scene.focusables
        assert (pilot.focus in focusables) if focusables else pilot.focus is None
    pilot.press(Key.HOME)
    assert pilot.screen in ("home", "state")
