"""Goes wherever keys lead, breadth first: a screen is found because something leads to it, and not because a list
names it.

At each place it presses OK on everything that can have the focus, every key that the keymap knows there, and what
one may enter into a control. Two pictures are one place where they differ by their data alone (``Place``).
"""

from __future__ import annotations

import re
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from stb_app.input.keys import Key
from stb_app.resting import REST_AFTER_S
from stb_app.toasts import LONGEST_S
from stb_app.toolkit.scene import Node
from tools.pilot.pilot import Pilot

ARROWS = (Key.UP, Key.DOWN, Key.LEFT, Key.RIGHT)
ENTERED = (
    (Key.RIGHT,),
    (Key.DOWN,),
    (Key.DIGIT_1,),
    (Key.DIGIT_1, Key.OK),
    (Key.DIGIT_1, Key.DIGIT_2, Key.DIGIT_3, Key.DIGIT_4),
    (Key.OK, Key.RIGHT, Key.OK),
)
"""What is tried on everything that takes keys of its own: choosers, numbers, PIN, calendar."""
EVERYWHERE = frozenset({"speech"})
"""Actions that do the same on every screen and lead nowhere: flows try them."""
MOST_PLACES = 400
MOST_VARIANTS = 4
"""So many pictures with the same parts and other words are looked at: steps of a wizard, months of a calendar."""
BACKS = 3
STATES = frozenset({"disabled", "loading", "empty", "error", "stale"})


@dataclass(frozen=True)
class Step:
    """The focus put somewhere, keys pressed, time that passes."""

    keys: tuple[Key, ...] = ()
    focus: str | None = None
    seconds: float = 0.0

    def __str__(self) -> str:
        keys = "" if self.keys == (Key.OK,) and self.focus else " ".join(self.keys) or f"{self.seconds:.0f} s"
        return ": ".join(part for part in (self.focus or "", keys) if part)

    def do(self, pilot: Pilot) -> None:
        if self.focus is not None:
            focus_on(pilot, self.focus)
        pilot.press(*self.keys)
        if self.seconds:
            pilot.advance(self.seconds)


Way = tuple[Step, ...]


@dataclass(frozen=True)
class Place:
    """What makes a picture another place: whose it is, what it consists of, what it says outside of lists.

    Numbers, and how many rows a list has, are data.
    """

    screen: str
    code: str
    asked_by: str
    parts: frozenset[tuple[str, ...]]
    words: frozenset[str]
    toast: bool

    @property
    def kind(self) -> tuple[object, ...]:
        return self.screen, self.code, self.asked_by, self.parts, self.toast


@dataclass(frozen=True)
class Visit:
    """A new place, and how to come there again."""

    place: Place
    way: Way
    pilot: Pilot

    def __str__(self) -> str:
        return " > ".join(str(step) for step in self.way) or "start"


class Crawl:
    """``start`` makes the app anew, at the place where the crawl begins; ``inside``: what other screens lead to is for
    other crawls.
    """

    def __init__(self, start: Callable[[], Pilot], *, inside: bool = False) -> None:
        self._start = start
        self._inside = inside
        self.lost: dict[str, None] = {}
        """Where something could have the focus, and nothing had it."""
        self._pilot = start()
        self._done: list[Step] = []
        """All that was done since the start: what leads here for certain, where the way alone does not."""
        self._away = False
        self._variants: Counter[tuple[object, ...]] = Counter()
        self._found: dict[Place, None] = {}

    def visits(self) -> Iterator[Visit]:
        """Each place once, with the app as it stands there; a caller that leads it elsewhere calls ``restart``."""
        first = place_of(self._pilot)
        self._new(first)
        yield Visit(first, (), self._pilot)
        waiting: deque[tuple[Place, Way, Way]] = deque([(first, (), ())])
        while waiting:
            here, way, exactly = waiting.popleft()
            self._go(here, way, exactly)
            for step in list(steps_of(self._pilot, first=not way)):
                self._back_to(here, way, exactly)
                if not self._do(step):
                    continue
                there, further = place_of(self._pilot), (*way, step)
                if there.toast:
                    if self._new(there):
                        yield Visit(there, further, self._pilot)
                    self._do(Step(seconds=LONGEST_S))
                    there = place_of(self._pilot)
                if self._new(there):
                    if not self._inside or there.screen == first.screen:
                        waiting.append((there, further, tuple(self._done)))
                    yield Visit(there, further, self._pilot)

    def restart(self) -> None:
        """For a caller that led the app away from the place of its visit."""
        self._pilot, self._done = self._start(), []
        self._away = True

    def _new(self, place: Place) -> bool:
        if place in self._found or self._variants[place.kind] >= MOST_VARIANTS:
            return False
        self._found[place] = None
        self._variants[place.kind] += 1
        if len(self._found) > MOST_PLACES:
            most = Counter(each.screen for each in self._found).most_common(3)
            raise AssertionError(f"the crawl does not end: more than {MOST_PLACES} places, most of them {most}")
        return True

    def _do(self, step: Step) -> bool:
        """False where the step cannot be done any more: what it is for is gone."""
        if step.focus is not None and step.focus not in self._pilot.app._stage.order:
            return False
        self._done.append(step)
        step.do(self._pilot)
        stage = self._pilot.app._stage
        if stage._scene.focusables and stage.focus not in stage.order:
            self.lost[" > ".join(map(str, self._done))] = None
        return True

    def _back_to(self, place: Place, way: Way, exactly: Way) -> None:
        """By BACK where that leads there, else by the way from the start."""
        for _ in range(0 if self._away else BACKS):
            if place_of(self._pilot) == place:
                return
            if len(self._pilot.app._history) == 1 and not self._pilot.app._rest.resting:
                break
            self._do(Step((Key.BACK,)))
        if self._away or place_of(self._pilot) != place:
            self._go(place, way, exactly)

    def _go(self, place: Place, way: Way, exactly: Way) -> None:
        for steps in (way, exactly):
            self.restart()
            self._away = False
            if all(self._do(step) for step in steps) and place_of(self._pilot) == place:
                return
        raise AssertionError(f"the same keys lead elsewhere the second time: {' > '.join(map(str, exactly))}")


def focus_on(pilot: Pilot, name: str) -> None:
    """Put the focus on ``name`` and let the page follow; that the arrows lead there is a check of its own."""
    stage = pilot.app._stage
    if stage.focus == name:
        return
    stage.set_focus(name)
    if stage.page is not None and stage.page.follows_focus:
        pilot.app._invalidate()
        pilot.app.step()
    assert stage.focus == name, f"{name} cannot have the focus on {pilot.screen}"


def steps_of(pilot: Pilot, *, first: bool) -> Iterator[Step]:
    """What a viewer can do here; at the ``first`` place of a crawl they may also do nothing until the screen rests."""
    app = pilot.app
    screen, keymap = app._history.top.screen, app._picture.look.keymap

    def keys(context: str) -> list[Key]:
        """One for each action."""
        free = (key for key in Key if key not in (*ARROWS, Key.OK, Key.BACK))
        actions = {keymap.short(screen.name, key, context): key for key in free}
        return [key for action, key in actions.items() if action is not None and action not in EVERYWHERE]

    if first:
        yield Step(seconds=REST_AFTER_S)
    yield from (Step((key,)) for key in keys(screen.context))
    for name in sampled(app._stage.order):
        yield Step((Key.OK,), name)
        focus_on(pilot, name)
        control = app._stage.control
        if control is not None:
            yield from (Step(entered, name) for entered in ENTERED)
            yield from (Step((key,), name) for key in keys(control.context))


def sampled(names: Iterable[str]) -> list[str]:
    """Of those that differ by a number alone, which are rows of data, the first two and the last."""
    alike: dict[str, list[str]] = {}
    for name in names:
        alike.setdefault(_without_numbers(name), []).append(name)
    return [name for group in alike.values() for name in dict.fromkeys([*group[:2], group[-1]])]


def place_of(pilot: Pilot) -> Place:
    app = pilot.app
    stage, page = app._stage, app._stage.page
    nodes = list(_outside_lists(stage._scene.root))
    parts = {(_without_numbers(node.id), node.role, *sorted(STATES.intersection(node.state))) for node in nodes}
    parts |= {(_without_numbers(name),) for name in stage.order}
    asked_by = app._history.top.screen.called_for
    words = frozenset(_without_numbers(node.label) for node in nodes)
    toast = app._toasts.shown is not None
    return Place(page.name if page else "", page.code if page else "", asked_by, frozenset(parts), words, toast)


def _outside_lists(node: Node) -> Iterator[Node]:
    yield node
    if node.role != "list":
        for child in node.children:
            yield from _outside_lists(child)


def _without_numbers(text: str) -> str:
    return re.sub(r"\d+", "#", text)
