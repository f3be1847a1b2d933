"""The walk for the ear: on every screen, in every language, each thing that can have the focus says something that a
voice reads right.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from stb_app.bootstrap import teller
from stb_app.speech.telling import SECRET, Teller
from stb_app.toolkit.scene import Node
from tests.screens.crawl import Crawl, focus_on
from tests.screens.looks import LANGUAGES, Look, UnpaintedPilot, starting
from tests.screens.starts import FAMILIES
from tests.unit.stb_app.speech.support import reader

LEFT = re.compile(r"[₽€•«»“”„→·*−–…\u00a0\u2009]|\d{8,}|[,.:]{2}|\d:\d")
"""What only the eye reads: signs, the digits of a name in one, times with their colon."""
FOCUSES = 6
"""Of a long list so many are heard, from both ends."""


@pytest.mark.parametrize(("size", "family"), [*(("M", family) for family in FAMILIES), ("XL", "crowded")])
def test_everything_that_can_have_the_focus_is_said_as_people_read_it(size: str, family: str) -> None:
    looks = [Look(size, language) for language in LANGUAGES]
    tellers = {look: teller()(look.language) for look in looks}
    found: list[str] = []
    seen: set[tuple[str, ...]] = set()
    for name, start in FAMILIES[family].items():
        for visit in Crawl(starting(start, looks[0]), inside=start.inside).visits():
            pilot = visit.pilot
            assert isinstance(pilot, UnpaintedPilot)
            for look, told in tellers.items():
                pilot.wear(look)
                tree = pilot.app._stage.tree()
                texts = (look.language, *(f"{node.id} {node.label} {node.value}" for node in tree.walk()))
                if texts in seen:
                    continue
                seen.add(texts)
                found += [f"{name}: {visit} in {look.language}: {each}" for each in _wrong(pilot, told, look.language)]
            pilot.wear(looks[0])
    assert not found, "\n".join(["", *dict.fromkeys(found)])


def _wrong(pilot: UnpaintedPilot, told: Teller, language: str) -> Iterator[str]:
    names: list[str | None] = list(pilot.app._stage._scene.focusables)
    start = pilot.focus
    for name in [start, *names[: FOCUSES // 2], *names[FOCUSES // 2 :][-FOCUSES // 2 :]]:
        if name is not None:
            focus_on(pilot, name)
        told.forget()
        tree = pilot.app._stage.tree()
        said = told.tell(pilot.screen, tree, pilot.focus)
        if not said or not all(each in said for each in _labels(tree, pilot.focus, language)):
            yield f"{pilot.screen}, {name}: not said in '{said}'"
        yield from (f"{pilot.screen}, {name}: '{sign[0]}' is left in '{said}'" for sign in LEFT.finditer(said))
    if start is not None:
        focus_on(pilot, start)


def _labels(tree: Node, focus: str | None, language: str) -> list[str]:
    read = reader(language).read
    focused = (node for node in tree.walk() if node.focusable and node.id == focus and node.role not in SECRET)
    return [read(node.label).rstrip(".?") for node in focused]
