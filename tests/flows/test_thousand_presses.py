"""1,000 presses from the kernel's bytes to what the app does: none doubled, none lost, whatever the contacts do.

The bytes go the whole way: reader, decoder, debounce, dispatcher, the loop with its deadlines, the focused thing.
"""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest

from stb_app.bootstrap import remote_keys
from stb_app.controls.port import Changed, Control, Outcome
from stb_app.input.decoder import KeyDecoder
from stb_app.input.kernel import EventReader, Identity
from stb_app.input.keys import Key
from stb_app.input.press import Phase, Press
from stb_app.navigation import Destination, Open, Stay
from stb_app.screens.base import Frame, Screen, View
from stb_app.toolkit.elements import Box, Column, Focusable, Text
from stb_app.toolkit.stage import Page
from stb_app.toolkit.widgets import button
from tests.screens.looks import Look, UnpaintedPilot
from tests.support.event_device import key
from tools.pilot.gateway import FakeGateway

PRESSES = 1000
BOUNCE_S = 0.030
DEBOUNCE_S = 0.040
REMOTE = {
    "KEY_OK": Key.OK, "KEY_DOWN": Key.DOWN, "KEY_BACK": Key.BACK, "KEY_RED": Key.RED, "KEY_NUMERIC_7": Key.DIGIT_7,
}  # fmt: skip

Write = tuple[float, bytes]
"""When the kernel writes, and what."""


class Counter(Control):
    """Takes every key, and keeps what it got."""

    context = ""

    def __init__(self) -> None:
        self.got: list[Press] = []

    def handle(self, press: Press) -> Outcome:
        self.got.append(press)
        return Changed()


class CountingScreen(Screen):
    """A thing that takes every key, and below it a button that spends: it acts on the release."""

    name = "counting"

    def __init__(self) -> None:
        self.counter = Counter()
        self.bought = 0

    def select(self, focus: str, view: View) -> Destination:
        self.bought += focus == "buy"
        return Stay()

    def build(self, view: View, frame: Frame) -> Page:
        buy = button("buy", "Купить")
        buy.confirms = True
        keys = Focusable("keys", "button", "Кнопки", Text("Кнопки"), control=self.counter)
        return Page(self.name, Box(Column([keys, buy], gap="medium"), pad_x="edge_x", pad_y="edge_y"), initial="keys")


class Remote:
    """A remote of a box with the app behind it, on one clock."""

    def __init__(self, debounce: float, focus: str) -> None:
        self.pilot = UnpaintedPilot(FakeGateway(), Look("M"))
        self.screen = CountingScreen()
        self.pilot.lead(Open(self.screen))
        self.pilot.app._stage.set_focus(focus)
        self.pilot.app.keys.debounce = debounce
        self._reader = EventReader()
        self._decoder = KeyDecoder(remote_keys().map_for(Identity("remote")), timed=True)

    def write(self, writes: list[Write]) -> None:
        """The loop wakes for each write, and whenever something is due in between."""
        for at, data in writes:
            self._wake_until(at)
            self.pilot.clock.now = max(at, self.pilot.clock.now)
            for event in self._reader.feed(data):
                for pressed in self._decoder.feed(event):
                    self.pilot.platform.feed(pressed)
            self.pilot.app.step()
        self._wake_until(self.pilot.clock.now + 1)

    def _wake_until(self, at: float) -> None:
        app = self.pilot.app
        while app.keys.deadline is not None and app.keys.deadline < at:
            self.pilot.clock.now = app.keys.deadline
            app.step()


def presses(random_: random.Random, names: list[str], *, bounce: float) -> Iterator[Write]:
    """One press after the other; each end bounces for ``bounce`` seconds at most. Writes may tear an event."""
    at, torn = 2000.0, b""
    for name in names:
        held = random_.uniform(0.06, 0.4)
        for begins, value in ((at, 1), (at + held, 0)):
            for when, now in [(begins, value), *_bounces(random_, begins, value, bounce)]:
                data = torn + key(name, now, when)
                kept = random_.choice((0, 0, 0, 5, 23))
                data, torn = data[: len(data) - kept], data[len(data) - kept :]
                yield when, data
            yield begins + bounce, torn
            torn = b""
        at += held + bounce + DEBOUNCE_S + random_.uniform(0.01, 0.3)


def _bounces(random_: random.Random, begins: float, value: int, bounce: float) -> Iterator[tuple[float, int]]:
    """The contact opens and closes, an even number of times, and ends where it began."""
    times = sorted(random_.uniform(0.001, bounce) for _ in range(2 * random_.randrange(5))) if bounce else []
    for count, after in enumerate(times):
        yield begins + after, value if count % 2 else 1 - value


def made(random_: random.Random) -> list[str]:
    return [random_.choice(list(REMOTE)) for _ in range(PRESSES)]


@pytest.mark.parametrize(("bounce", "debounce"), [(BOUNCE_S, DEBOUNCE_S), (0.0, 0.0), (0.0, DEBOUNCE_S)])
def test_of_1000_presses_none_is_doubled_and_none_lost(bounce: float, debounce: float) -> None:
    random_ = random.Random(4)
    names, remote = made(random_), Remote(debounce, "keys")
    remote.write(list(presses(random_, names, bounce=bounce)))
    wanted = [REMOTE[name] for name in names]
    for phase in (Phase.MAKE, Phase.BREAK):
        assert [press.key for press in remote.screen.counter.got if press.phase is phase] == wanted
    assert not [press for press in remote.screen.counter.got if press.phase in (Phase.REPEAT, Phase.LONG)]


@pytest.mark.parametrize(("bounce", "debounce"), [(BOUNCE_S, DEBOUNCE_S), (0.0, 0.0)])
def test_of_1000_presses_each_buys_once(bounce: float, debounce: float) -> None:
    random_ = random.Random(5)
    remote = Remote(debounce, "buy")
    remote.write(list(presses(random_, ["KEY_OK"] * PRESSES, bounce=bounce)))
    assert remote.screen.bought == PRESSES


def test_contacts_that_bounce_do_double_presses_where_nobody_debounces() -> None:
    random_ = random.Random(6)
    names, remote = made(random_)[:50], Remote(0.0, "keys")
    remote.write(list(presses(random_, names, bounce=BOUNCE_S)))
    assert [press.phase for press in remote.screen.counter.got].count(Phase.MAKE) > len(names)
