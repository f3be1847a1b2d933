"""The walk of quality.md, "Picture": every place that keys lead to, in every look; each focus that a viewer can give.

Nobody adds a screen here: the crawl finds it (``crawl.py``).
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from stb_app.toolkit.theme import TEXT_SIZES
from tests.screens.checks import TextName, findings, seen_whole, texts_of
from tests.screens.crawl import Crawl, focus_on
from tests.screens.looks import Look, UnpaintedPilot, looks_of, starting
from tests.screens.starts import FAMILIES
from tools.pilot.pilot import Pilot

FOCUSES = 6
"""On a longer page the first and the last of its focusables are looked at, and one in the middle."""
Seen = set[tuple[object, ...]]
"""Pictures that were looked at already: the same one says nothing new, wherever it stands."""


@pytest.fixture(scope="module")
def seen() -> Seen:
    return set()


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("size", TEXT_SIZES)
def test_every_place_is_sound(size: str, family: str, seen: Seen) -> None:
    first, *others = looks_of(size)
    found: list[str] = []
    for name, start in FAMILIES[family].items():
        for visit in Crawl(starting(start, first), inside=start.inside).visits():
            assert isinstance(visit.pilot, UnpaintedPilot)
            for look in (first, *others):
                if look is not first:
                    visit.pilot.wear(look)
                where = f"{name}: {visit.place.screen} ({visit}), {look}"
                found += [f"{where}: {finding}" for finding in _from_every_focus(visit.pilot, look, seen)]
            visit.pilot.wear(first)
    assert not found, "\n".join(["", *dict.fromkeys(found)])


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
