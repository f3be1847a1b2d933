"""The walk of quality.md, "Picture": every screen, language and text size; each focus that a viewer can give."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

import ui_assets
from stb_app.bootstrap import OPERATOR, allowed
from stb_app.input.keys import Key
from stb_app.preferences import Preferences
from stb_app.router import SCREENS
from stb_app.toolkit.theme import TEXT_SIZES
from stb_app.words import languages
from tests.screens.checks import TextName, findings, texts_of
from tests.screens.places import focus_on, visits
from tools.pilot.pilot import STILL, Pilot

LANGUAGES = languages(ui_assets.ROOT / "strings")
FOCUSES = 6
"""On a longer page the first and the last of its focusables are looked at, and one in the middle."""


@pytest.mark.parametrize("size", TEXT_SIZES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_screen_is_sound(language: str, size: str) -> None:
    _walk(Preferences(language, size, motion=False))


@pytest.mark.parametrize(("size", "height"), [("M", 720), ("XL", 720), ("M", 2160)])
def test_every_screen_is_sound_on_other_canvases(size: str, height: int) -> None:
    _walk(Preferences("ru", size, motion=False), height)


@pytest.mark.parametrize("size", ["S", "XL"])
def test_every_screen_is_sound_for_another_operator(size: str) -> None:
    _walk(Preferences("sk", size, motion=False), operator="polaris")


@pytest.mark.parametrize("size", ["M", "XL"])
@pytest.mark.parametrize("theme", [theme for theme in allowed().themes if theme != STILL.theme])
def test_every_screen_is_sound_in_another_theme(theme: str, size: str) -> None:
    _walk(Preferences("ru", size, theme, motion=False))


def _walk(look: Preferences, height: int = 1080, operator: str = OPERATOR) -> None:
    found: list[str] = []
    seen: set[str] = set()
    for where, pilot in visits(look, height, operator):
        seen.add(pilot.screen)
        found += [f"{where}: {finding}" for finding in _from_every_focus(pilot)]
    assert not found, "\n".join(["", *dict.fromkeys(found)])
    missing = {screen.name for screen in SCREENS} - seen
    assert not missing, f"the walk does not go to {missing}: add the way to tests/screens/places.py"


def _from_every_focus(pilot: Pilot) -> Iterator[str]:
    """The findings at every focus; and the texts of the page that no focus shows whole."""
    yield from findings(pilot)
    start = pilot.focus
    every, shown = texts_of(pilot)
    names = list(pilot.app._stage._scene.focusables)
    looked_at = names if len(names) <= FOCUSES else [names[0], names[1], names[len(names) // 2], *names[-2:]]
    for name in looked_at:
        focus_on(pilot, name)
        yield from findings(pilot)
        texts, whole = texts_of(pilot)
        every, shown = every | texts, shown | whole
    yield from _hidden(every - shown, {None, *looked_at})
    if start is not None:
        focus_on(pilot, start)


def _hidden(texts: set[TextName], owners: set[str | None]) -> Iterator[str]:
    for owner, _, words in sorted(texts, key=str):
        if owner in owners:
            yield f"'{words}' of {owner or 'the page'} is never seen whole"


def test_back_leads_home_from_everywhere() -> None:
    """From each place of the walk BACK ends at the root that the session asks for, and stays there."""
    for where, pilot in visits(STILL):
        before = pilot.app._history
        copy = list(before._places)
        for _ in range(len(copy)):
            pilot.press(Key.BACK)
        root = before.root.name
        assert pilot.screen == root, f"{where}: BACK ends on {pilot.screen}, not on {root}"
        before._places[:] = copy
        pilot.app._invalidate()
        pilot.settle()
