"""The walk's checks find what they are for: each is shown a page with its fault."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pygame
import pytest

from stb_app.companions import Companion
from stb_app.preferences import Preferences
from stb_app.toolkit.elements import Box, Column, Element, Focusable, Icon, Row, Text
from stb_app.toolkit.many import Scroll
from stb_app.toolkit.scene import Kit, Node, Scene
from stb_app.toolkit.stage import Page
from stb_app.toolkit.widgets import KeyHint, Plain, button
from tests.screens import checks
from tests.screens.checks import Sight
from tools.pilot.pilot import Pilot


class Placed(Element):
    """Elements where they are put, whatever a layout would say."""

    def __init__(self, *parts: tuple[Element, tuple[int, int, int, int]]) -> None:
        self.parts = parts
        self.grow = 1

    def measure(self, kit: Kit, width: int) -> tuple[int, int]:
        return width, 0

    def place(self, kit: Kit, rect: pygame.Rect, scene: Scene) -> None:
        for element, place in self.parts:
            element.place(kit, pygame.Rect(place), scene)


class Silent(Text):
    """A text that nothing speaks for."""

    def place(self, kit: Kit, rect: pygame.Rect, scene: Scene) -> None:
        with scene.silent():
            super().place(kit, rect, scene)


class Ringless(Text):
    """Can have the focus, and does not show it."""

    def place(self, kit: Kit, rect: pygame.Rect, scene: Scene) -> None:
        with scene.focusable(Node("ringless", "button", self.text, rect=rect, focusable=True)):
            super().place(kit, rect, scene)


class Flashing(Companion):
    """Shows everything anew whenever the loop goes round."""

    def __init__(self, pilot: Pilot) -> None:
        self.pilot = pilot

    def tick(self, now: float) -> bool:
        self.pilot.app._stage.expose()
        return False


class Mute(Text):
    """A node without words."""

    def place(self, kit: Kit, rect: pygame.Rect, scene: Scene) -> None:
        scene.say(Node("mute", "button", " ", rect=rect))


@pytest.fixture(scope="module")
def pilot() -> Pilot:
    return Pilot()


def sight(pilot: Pilot, body: Element, focus: str | None = None) -> Sight:
    pilot.app._stage.show(Page("test", body), focus)
    return Sight(pilot)


WHOLE = (200, 300, 900, 120)
LOW = KeyHint("К", "Оплатить", "key_red"), (96, 966, 400, 60)


def _listed(*rows: Element) -> Scroll:
    return Scroll("list", rows)


FAULTS: dict[str, tuple[Callable[[Sight], Iterator[str]], Element]] = {
    "a text beyond the edge": (checks.edges, Placed((Text("Баланс"), (80, 300, 900, 60)))),
    "a focusable beyond the edge": (checks.edges, Placed((button("pay", "Pay"), (96, 940, 400, 96)))),
    "a ring that a list cuts": (checks.edges, Placed((_listed(button("pay", "Pay " * 90)), (96, 300, 500, 100)))),
    "two texts on one place": (checks.overlaps, Placed((Text("one"), WHOLE), (Text("two"), (210, 310, 900, 60)))),
    "two focusables on one place": (
        checks.overlaps,
        Placed((button("a", "A"), WHOLE), (button("b", "B"), (210, 400, 900, 120))),
    ),
    "a text that leaves its box": (checks.cuts, Placed((Box(Text("W " * 40), "surface"), (200, 300, 300, 60)))),
    "a text under a box": (
        checks.cuts,
        Placed((Text("one"), WHOLE), (Box(Text(""), "surface"), (200, 300, 900, 120))),
    ),
    "a focus without a ring": (checks.ring, Placed((Ringless("Pay"), WHOLE))),
    "a ring that does not stand out": (
        checks.ring,
        Placed((Box(Text(""), "key_red"), (100, 200, 1200, 400)), (button("pay", "Pay"), WHOLE)),
    ),
    "a ring on the end of another ground": (
        checks.ring,
        Placed((Box(Text(""), "key_red"), (100, 424, 1200, 100)), (button("pay", "Pay"), WHOLE)),
    ),
    "a ring on a text": (checks.ring_room, Placed((button("a", "A"), WHOLE), (Text("b"), (200, 424, 900, 60)))),
    "a text over the footer": (checks.footer, Placed((Text("one"), (900, 970, 900, 60)), LOW)),
    "a focused row that is cut": (
        checks.peeks,
        Placed((_listed(button("a", "A " * 300), button("b", "B")), (96, 300, 500, 100))),
    ),
    "a broken word": (checks.words_kept, Placed((Text("Оплатить", "row"), (200, 300, 120, 200)))),
    "a broken sum": (
        checks.words_kept,
        Placed((button("a", "−1\u2009234\u2009567,89\u00a0₽"), (200, 300, 240, 200))),
    ),
    "a sum without its currency": (checks.words_kept, Placed((Text("199 ₽", "title"), (200, 300, 120, 200)))),
    "a text that nobody speaks": (checks.spoken, Placed((Silent("Баланс"), WHOLE))),
    "a node that says nothing": (checks.spoken, Placed((Mute(""), WHOLE))),
    "a pale text": (checks.contrasts, Placed((Text("Баланс", colour="line"), WHOLE))),
    "a pale icon": (checks.shapes, Placed((Icon("check", colour="line"), WHOLE))),
    "a pale shape on the light": (
        checks.shapes,
        Placed((Focusable("a", "button", "A", Plain(40, 20, "key_green")), WHOLE)),
    ),
    "a blank": (checks.says_something, Placed(LOW)),
}


@pytest.mark.parametrize("fault", sorted(FAULTS))
def test_a_fault_is_found(pilot: Pilot, fault: str) -> None:
    check, body = FAULTS[fault]
    assert list(check(sight(pilot, body)))


def test_a_sound_page_has_no_findings(pilot: Pilot) -> None:
    body = Column([Text("Баланс", "title"), Row([button("pay", "Pay"), button("help", "Help")], gap="medium")])
    seen = sight(pilot, Placed((body, (200, 300, 900, 400)), LOW))
    assert [finding for check in checks.CHECKS for finding in check(seen)] == []


def test_a_page_that_lost_its_focus_is_found(pilot: Pilot) -> None:
    seen = sight(pilot, Placed((button("pay", "Pay"), WHOLE)))
    seen.focus = None
    assert list(checks.has_focus(seen))
    seen.focus = "gone"
    assert list(checks.has_focus(seen))


def test_a_place_that_no_arrow_reaches_is_found(pilot: Pilot) -> None:
    seen = sight(pilot, Placed((button("a", "A"), WHOLE), (button("b", "B"), (1200, 300, 300, 120))))
    assert list(checks.reachable(seen)) == []
    seen.scene.focusables["b"] = seen.scene.focusables["a"].copy()
    assert list(checks.reachable(seen))


def test_a_small_text_is_found(pilot: Pilot) -> None:
    seen = sight(pilot, Placed((Text("Баланс", "badge"), WHOLE)))
    assert list(checks.sizes(seen)) == []
    seen.kit.theme.styles["badge"] = seen.kit.theme.styles["badge"].__class__("bold", 27, 126)
    assert list(checks.sizes(seen))


def test_a_small_body_is_found(pilot: Pilot) -> None:
    seen = sight(pilot, Placed((Text("Баланс", "lead"), WHOLE)))
    kept = seen.kit.theme.styles["lead"]
    seen.kit.theme.styles["lead"] = kept.__class__("bold", 31, 126)
    found = list(checks.sizes(seen))
    seen.kit.theme.styles["lead"] = kept
    assert found == ["'Баланс' is 31 px, and no detail (lead)"] and not list(checks.sizes(seen))


def test_a_thin_ring_is_found(pilot: Pilot) -> None:
    seen = sight(pilot, Placed((button("pay", "Pay"), WHOLE)))
    kept = seen.kit.theme.lengths["ring_width"]
    seen.kit.theme.lengths["ring_width"] = 3
    found = list(checks.ring(seen))
    seen.kit.theme.lengths["ring_width"] = kept
    assert found == ["the ring is 3 px wide"] and not list(checks.ring(seen))


def test_a_text_that_a_television_hides_is_found() -> None:
    body = Placed((Text("Баланс"), (100, 300, 900, 60)))
    assert not list(checks.edges(sight(Pilot(), body)))
    assert list(checks.edges(sight(Pilot(preferences=Preferences(edges=(48, 0, 0, 0))), body)))


def test_what_lies_over_the_page_is_looked_at(pilot: Pilot) -> None:
    page, beyond = Page("test", Placed((Text("Баланс", "title"), WHOLE))), Placed((Text("Готово"), (20, 20, 900, 60)))
    pilot.app._stage.show(page, None, over=beyond)
    assert [each for each in checks.findings(pilot) if each.startswith("over it: 'Готово' at 20,20")]
    pilot.app._stage.show(page, None)
    assert not list(checks.findings(pilot))


def test_a_picture_that_flashes_is_found() -> None:
    pilot = Pilot()
    assert list(checks.steady(pilot)) == []
    pilot.app.companions.append(Flashing(pilot))
    assert list(checks.steady(pilot))


def test_a_small_text_at_xl_is_found() -> None:
    pilot = Pilot(preferences=Preferences(text_size="XL"))
    assert list(checks.sizes(sight(pilot, Placed((Text("Баланс", "body"), WHOLE))))) == []
    assert list(checks.sizes(sight(pilot, Placed((Text("Баланс", "footer"), WHOLE)))))


def test_a_focusable_text_is_seen_whole_or_not(pilot: Pilot) -> None:
    tall = Focusable("t", "text", "long", Text("слово " * 200, "lead"), "слово " * 200)
    sight(pilot, Placed((_listed(tall), (96, 300, 900, 300))))
    assert checks.seen_whole(pilot) < checks.texts_of(pilot)
