"""What goes along with the loop: the rest after three minutes, lines that come and go, choices that count at once."""

from __future__ import annotations

from dataclasses import replace

import pygame
import pytest

from stb_app.bootstrap import allowed
from stb_app.companions import Companion, Presented
from stb_app.input.keys import Key
from stb_app.navigation import Choose, Open, Stay, Tell
from stb_app.preferences import Preferences
from stb_app.resting import REST_AFTER_S
from stb_app.screens.edges import EdgesScreen
from stb_app.toolkit.theme import TEXT_SIZES
from tests.flows.places import OK, D, R
from tests.screens.checks import findings
from tools.pilot import documents
from tools.pilot.pilot import STILL, Pilot


def pixels(pilot: Pilot) -> bytes:
    return pygame.image.tobytes(pilot.platform.canvas(), "RGB")


@pytest.mark.parametrize("theme", allowed().themes)
def test_after_three_minutes_nothing_private_is_on_the_screen_and_it_is_dim(theme: str) -> None:
    pilot = Pilot(preferences=replace(STILL, theme=theme))
    before = pixels(pilot)
    pilot.advance(REST_AFTER_S - 1)
    assert pilot.screen == "home"
    pilot.advance(2)
    assert pilot.screen == "rest" and not pilot.shows("284") and not pilot.shows("1027")
    now = pixels(pilot)
    assert sum(now) < sum(before) * 0.75
    assert max(now) < 180


def test_the_key_that_wakes_it_does_nothing_else_and_the_next_one_does() -> None:
    pilot = Pilot()
    pilot.press(R)
    focus = pilot.focus
    pilot.advance(REST_AFTER_S)
    pilot.press(OK)
    assert (pilot.screen, pilot.focus) == ("home", focus)
    pilot.press(OK)
    assert pilot.screen == "messages"


def test_each_key_puts_the_rest_off() -> None:
    pilot = Pilot()
    for _ in range(3):
        pilot.advance(REST_AFTER_S - 1)
        pilot.press(R)
    assert pilot.screen == "home"


def test_the_resting_line_wanders_and_costs_one_picture_a_minute() -> None:
    pilot = Pilot()
    pilot.advance(REST_AFTER_S)
    first = next(node["rect"] for node in pilot.nodes() if node["id"] == "clock")
    presents = pilot.platform.presents
    pilot.advance(60)
    assert pilot.platform.presents == presents + 1
    assert next(node["rect"] for node in pilot.nodes() if node["id"] == "clock") != first
    assert list(findings(pilot)) == []


def test_a_card_that_is_pulled_while_it_rests_is_what_the_viewer_comes_back_to() -> None:
    pilot = Pilot()
    pilot.advance(REST_AFTER_S)
    pilot.gateway.sign(documents.session("no_card", "C-01"))
    pilot.settle()
    assert pilot.screen == "rest"
    pilot.press(OK)
    assert pilot.screen == "state" and not pilot.shows("284")


def test_television_does_not_rest() -> None:
    pilot = Pilot()
    pilot.press(Key.EXIT)
    pilot.advance(3 * REST_AFTER_S)
    assert pilot.screen == "tv"


@pytest.mark.parametrize("size", TEXT_SIZES)
def test_a_line_comes_over_the_header_and_goes_by_itself(size: str) -> None:
    pilot = Pilot(preferences=replace(STILL, text_size=size))
    before = pixels(pilot)
    focus = pilot.focus
    pilot.app._go(Tell("Картинка теперь помещается на ваш телевизор целиком", "good"))
    pilot.settle()
    assert pilot.shows("Картинка теперь") and pilot.focus == focus
    assert [node["role"] for node in pilot.nodes() if node["id"] == "toast"] == ["alert"]
    assert pixels(pilot) != before and list(findings(pilot)) == []
    pilot.press(D)
    assert pilot.shows("Картинка теперь"), "it does not depend on keys"
    pilot.advance(10.01)
    assert not pilot.shows("Картинка теперь")


def test_the_newest_line_counts() -> None:
    pilot = Pilot()
    pilot.app._go(Tell("Первая"))
    pilot.advance(2)
    pilot.app._go(Tell("Вторая", "attention"))
    pilot.settle()
    assert pilot.shows("Вторая") and not pilot.shows("Первая")
    pilot.advance(3)
    assert pilot.shows("Вторая")


def test_another_language_and_size_count_at_once_and_are_kept() -> None:
    pilot = Pilot()
    pilot.press(R)
    chosen = replace(STILL, language="sk", text_size="L", key_repeat="off")
    pilot.app._go(Choose(chosen))
    pilot.settle()
    assert pilot.shows("Balíky") and pilot.app.dump()["language"] == "sk" and pilot.focus == "messages"
    assert pilot.app.keys.rate is None and pilot.kept == [chosen]
    fresh = Pilot(preferences=chosen)
    fresh.press(R)
    assert pixels(pilot) == pixels(fresh)


def test_what_cannot_be_chosen_changes_nothing(caplog: pytest.LogCaptureFixture) -> None:
    pilot = Pilot()
    before = pixels(pilot)
    pilot.app._go(Choose(replace(STILL, language="xx")))
    pilot.settle()
    assert pixels(pilot) == before and pilot.kept == [] and "cannot be used" in caplog.text


def test_the_edges_are_set_corner_by_corner_and_the_picture_keeps_inside_them() -> None:
    pilot = Pilot()
    pilot.app._go(Open(EdgesScreen((0, 0, 0, 0))))
    pilot.settle()
    for _ in range(15):
        pilot.press(R, D)
    pilot.press(OK)
    for _ in range(10):
        pilot.press(Key.LEFT, Key.UP)
    assert list(findings(pilot)) == []
    pilot.press(OK)
    assert pilot.kept == [replace(STILL, edges=(60, 60, 40, 40))]
    assert pilot.screen == "home" and pilot.shows("Картинка") and list(findings(pilot)) == []
    inside = pygame.Rect(60 + 96 - 12, 60 + 54 - 12, 1920 - 100 - 192 + 24, 1080 - 100 - 108 + 24)
    for node in pilot.nodes():
        assert inside.contains(pygame.Rect(node["rect"])), node["id"]


def test_a_companion_hears_of_keys_pictures_choices_and_the_end() -> None:
    class Listener(Companion):
        def __init__(self) -> None:
            self.heard: list[str] = []

        def attend(self, press: object, now: float) -> bool:
            self.heard.append("key")
            return False

        def presented(self, picture: Presented, now: float) -> None:
            assert picture.tree().role == "screen"
            self.heard.append(f"{picture.screen} {picture.focus}")

        def chosen(self, preferences: Preferences) -> None:
            self.heard.append(preferences.language)

        def close(self) -> None:
            self.heard.append("end")

    pilot, listener = Pilot(), Listener()
    pilot.app.companions.append(listener)
    pilot.press(R)
    pilot.app._go(Choose(replace(STILL, language="en"), Stay()))
    pilot.app.stop()
    pilot.app.run()
    assert listener.heard[:2] == ["key", "home messages"]
    assert "en" in listener.heard and listener.heard[-1] == "end"


def test_every_theme_and_language_that_may_be_chosen_can_be_worn() -> None:
    pilot, may = Pilot(), allowed()
    for theme in may.themes:
        for language in may.languages:
            pilot.app._go(Choose(replace(STILL, theme=theme, language=language)))
            pilot.settle()
            assert pilot.app.dump()["language"] == language
