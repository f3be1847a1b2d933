"""A held arrow repeats as a remote does, and stops with the release and at a change of screen."""

from __future__ import annotations

from stb_app.input.keys import Key, KeyEvent
from tests.flows.places import at
from tools.pilot import documents
from tools.pilot.gateway import FakeGateway
from tools.pilot.pilot import Pilot


def hold(pilot: Pilot, key: Key) -> None:
    pilot.platform.feed(KeyEvent(key, True))
    pilot.settle()


def release(pilot: Pilot, key: Key) -> None:
    pilot.platform.feed(KeyEvent(key, False))
    pilot.settle()


def month(pilot: Pilot) -> int:
    """How many months back the focus stands."""
    names = [f"month.2026-{number:02}" for number in range(11, 0, -1)]
    return names.index(str(pilot.focus))


def test_a_held_arrow_moves_after_500_ms_and_then_every_125() -> None:
    pilot = at("charges")
    hold(pilot, Key.LEFT)
    assert month(pilot) == 1
    pilot.advance(0.49)
    assert month(pilot) == 1
    pilot.advance(0.01)
    assert month(pilot) == 2
    for step in range(3, 7):
        pilot.advance(0.125)
        assert month(pilot) == step


def test_a_slow_moment_is_not_made_up_for() -> None:
    pilot = at("charges")
    hold(pilot, Key.LEFT)
    pilot.advance(5.0)
    assert month(pilot) == 2


def test_it_stops_with_the_release() -> None:
    pilot = at("charges")
    hold(pilot, Key.LEFT)
    pilot.advance(0.5)
    release(pilot, Key.LEFT)
    pilot.advance(3.0)
    assert month(pilot) == 2


def test_it_stops_when_the_screen_changes_under_it() -> None:
    pilot = at("charges")
    hold(pilot, Key.LEFT)
    pilot.gateway.sign(documents.session("no_card", "C-01"))
    pilot.settle()
    focus = pilot.focus
    assert pilot.screen == "state"
    for _ in range(8):
        pilot.advance(0.5)
    assert pilot.focus == focus


def test_a_press_that_another_screen_saw_does_not_repeat_here() -> None:
    pilot = Pilot(FakeGateway(documents.session("no_card", "C-01")))
    hold(pilot, Key.RIGHT)
    pilot.gateway.sign(documents.session())
    pilot.settle()
    assert (pilot.screen, pilot.focus) == ("home", "pay")
    pilot.advance(2.0)
    assert pilot.focus == "pay"
    release(pilot, Key.RIGHT)
    hold(pilot, Key.RIGHT)
    assert pilot.focus == "messages"


def test_a_held_ok_opens_one_screen() -> None:
    pilot = at("home")
    pilot.press(Key.RIGHT, Key.UP, Key.RIGHT, Key.RIGHT)
    hold(pilot, Key.OK)
    for _ in range(10):
        pilot.advance(0.3)
    assert pilot.screen == "charges"


def test_a_key_between_stops_the_repeat() -> None:
    pilot = at("charges")
    hold(pilot, Key.LEFT)
    hold(pilot, Key.MUTE)
    pilot.advance(3.0)
    assert month(pilot) == 1


def test_a_repeat_at_the_edge_paints_nothing() -> None:
    pilot = at("charges")
    hold(pilot, Key.RIGHT)
    shown = pilot.platform.presents
    for _ in range(8):
        pilot.advance(0.125)
    assert pilot.platform.presents == shown
