"""Reading a message marks it as read: once, with one key, whatever the viewer does then."""

from __future__ import annotations

import copy

from stb_app.input.keys import Key
from tests.flows.places import OK, D, at
from tools.pilot import documents
from tools.pilot.pilot import Pilot


def posts(pilot: Pilot) -> list[str]:
    return [str(params["path"]) for _, params in pilot.gateway.calls if params.get("method") == "POST"]


def test_opening_a_new_message_marks_it_once() -> None:
    pilot = at("message")
    assert pilot.shows("Работы на спутнике") and pilot.shows("Деньги за это не берутся")
    assert posts(pilot) == ["/v1/messages/m2/read"]
    pilot.press(Key.INFO, Key.BACK)
    assert pilot.screen == "message"
    pilot.press(OK)
    assert pilot.screen == "messages"
    assert posts(pilot) == ["/v1/messages/m2/read"]


def test_the_mark_goes_when_the_service_says_so() -> None:
    pilot = at("messages")
    assert pilot.shows("новое")
    read = copy.deepcopy(documents.messages())
    read["items"][0]["read"] = True
    pilot.press(OK)
    pilot.gateway.bodies["/v1/messages"] = read
    pilot.app.store.refresh()
    pilot.press(Key.BACK)
    assert not pilot.shows("новое")
    assert posts(pilot) == ["/v1/messages/m2/read"]


def test_an_old_message_sends_nothing() -> None:
    pilot = at("messages")
    pilot.press(D, OK)
    assert pilot.screen == "message" and posts(pilot) == []


def test_a_mark_that_cannot_be_sent_disturbs_nobody() -> None:
    pilot = at("messages")
    pilot.gateway.unreachable = True
    pilot.press(OK)
    assert pilot.screen == "message" and pilot.shows("Деньги за это не берутся")
    assert posts(pilot) == ["/v1/messages/m2/read"]
    assert not pilot.app.store.sending
