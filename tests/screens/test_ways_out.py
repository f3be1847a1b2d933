"""From every place BACK leads home and EXIT to television, the focus is kept, nothing flashes; and every screen that
there is in the code is such a place: one that no key leads to fails by name.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from functools import cache

import pytest

import stb_app.screens
from stb_app.input.keys import Key
from stb_app.screens.base import Screen
from tests.screens.checks import steady
from tests.screens.crawl import Crawl, Visit
from tests.screens.looks import Look, starting
from tests.screens.starts import FAMILIES

BACKS_OF_A_CONTROL = 4
"""What is entered takes BACK too, once a character."""


@cache
def _left(family: str) -> tuple[frozenset[str], tuple[str, ...]]:
    """The screens of a family, and from which of its places BACK and EXIT do not lead where they must."""
    screens: set[str] = set()
    wrong: list[str] = []
    for name, start in FAMILIES[family].items():
        crawl = Crawl(starting(start, Look("M")), inside=start.inside)
        for visit in crawl.visits():
            screens.add(visit.place.screen)
            found = [*steady(visit.pilot), *_leave(visit)]
            wrong += [f"{name}: {visit.place.screen} ({visit}): {each}" for each in found]
            crawl.restart()
        wrong += [f"{name}: {way}: nothing has the focus" for way in crawl.lost]
    return frozenset(screens), tuple(wrong)


def _leave(visit: Visit) -> Iterator[str]:
    pilot, history = visit.pilot, visit.pilot.app._history
    places, covered = list(history._places), len(history)
    for _ in range(covered + BACKS_OF_A_CONTROL):
        pilot.press(Key.BACK)
    if pilot.screen != history.root.name:
        yield f"BACK ends on {pilot.screen}, not on {history.root.name}"
    history._places[:] = places
    pilot.app._invalidate()
    pilot.settle()
    pilot.press(Key.EXIT)
    if pilot.screen != "tv":
        yield f"EXIT leads to {pilot.screen}"
    pilot.press(Key.OK)
    if pilot.screen != history.root.name:
        yield f"OK leads from television to {pilot.screen}, not to {history.root.name}"


@pytest.mark.parametrize("family", FAMILIES)
def test_back_leads_home_exit_to_television_the_focus_is_kept_and_nothing_flashes(family: str) -> None:
    _, wrong = _left(family)
    assert not wrong, "\n".join(["", *wrong])


def test_every_screen_is_reached() -> None:
    reached = frozenset[str]().union(*(_left(family)[0] for family in FAMILIES))
    missing = {name: module for name, module in _all_screens().items() if name not in reached}
    assert not missing, f"no key leads to {missing}: lead there from a screen, or give tests/screens/starts.py a start"


def _all_screens() -> dict[str, str]:
    """Every screen that there is in the code -> its module."""
    for module in pkgutil.iter_modules(stb_app.screens.__path__, "stb_app.screens."):
        importlib.import_module(module.name)
    found, waiting = {}, [Screen]
    while waiting:
        screen = waiting.pop()
        waiting += screen.__subclasses__()
        if screen.__module__.startswith("stb_app.screens.") and "name" in vars(screen):
            found[screen.name] = screen.__module__
    return found
