"""The walk of quality.md, "Picture": every place that keys lead to, in every look; each focus that a viewer can give.

Nobody adds a screen here: the crawl finds it (``crawl.py``), and one that it does not find fails by name.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator
from functools import cache

import pytest

import stb_app.screens
from stb_app.input.keys import Key
from stb_app.screens.base import Screen
from stb_app.toolkit.theme import TEXT_SIZES
from tests.screens.checks import TextName, findings, seen_whole, steady, texts_of
from tests.screens.crawl import Crawl, Visit, focus_on
from tests.screens.looks import Look, UnpaintedPilot, looks_of
from tests.screens.starts import FAMILIES, Start
from tools.pilot.pilot import Pilot

FOCUSES = 6
"""On a longer page the first and the last of its focusables are looked at, and one in the middle."""
BACKS_OF_A_CONTROL = 4
"""What is entered takes BACK too, once a character."""

Seen = set[tuple[object, ...]]
"""Pictures that were looked at already: the same one says nothing new, wherever it stands."""


@pytest.fixture(scope="module")
def seen() -> Seen:
    return set()


@pytest.mark.spread
@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("size", TEXT_SIZES)
def test_every_place_is_sound(size: str, family: str, seen: Seen) -> None:
    first, *others = looks_of(size)
    found: list[str] = []
    for name, start in FAMILIES[family].items():
        for visit in Crawl(_starting(start, first), inside=start.inside).visits():
            assert isinstance(visit.pilot, UnpaintedPilot)
            for look in (first, *others):
                if look is not first:
                    visit.pilot.wear(look)
                where = f"{name}: {visit.place.screen} ({visit}), {look}"
                found += [f"{where}: {finding}" for finding in _from_every_focus(visit.pilot, look, seen)]
            visit.pilot.wear(first)
    assert not found, "\n".join(["", *dict.fromkeys(found)])


def _starting(start: Start, look: Look) -> Callable[[], Pilot]:
    def started() -> Pilot:
        pilot = UnpaintedPilot(start.gateway(), look)
        start.then(pilot)
        return pilot

    return started


def _from_every_focus(pilot: Pilot, look: Look, seen: Seen) -> Iterator[str]:
    """The findings at every focus; and the texts of the page that no focus shows whole."""
    if _known(pilot, look, seen):
        return
    yield from findings(pilot)
    start = pilot.focus
    every, shown = texts_of(pilot), seen_whole(pilot)
    page, modal = pilot.app._stage.page, pilot.app._history.top.screen.modal
    names = pilot.app._stage.order
    looked_at = names if len(names) <= FOCUSES else [names[0], names[1], names[len(names) // 2], *names[-2:]]
    for name in looked_at:
        focus_on(pilot, name)
        if not _known(pilot, look, seen):
            yield from findings(pilot)
        shown |= seen_whole(pilot)
        if modal or (page is not None and page.follows_focus):
            every |= texts_of(pilot)
    yield from _hidden(every - shown, {None, *looked_at})
    if start is not None:
        focus_on(pilot, start)


def _known(pilot: Pilot, look: Look, seen: Seen) -> bool:
    stage = pilot.app._stage
    focusables = tuple((name, *rect) for name, rect in stage._scene.focusables.items())
    picture = (look, stage.focus, hash(tuple(op.signature() for op in stage._scene.ops)), hash(focusables))
    known = picture in seen
    seen.add(picture)
    return known


def _hidden(texts: set[TextName], owners: set[str | None]) -> Iterator[str]:
    for owner, _, words in sorted(texts, key=str):
        if owner in owners:
            yield f"'{words}' of {owner or 'the page'} is never seen whole"


@cache
def _left(family: str) -> tuple[frozenset[str], tuple[str, ...]]:
    """The screens of a family, and from which of its places BACK and EXIT do not lead where they must."""
    screens: set[str] = set()
    wrong: list[str] = []
    for name, start in FAMILIES[family].items():
        crawl = Crawl(_starting(start, Look("M")), inside=start.inside)
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
