"""The app's loop: events in, actions to the screen on top, one picture out. One thread owns everything here."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable
from typing import Any

from device.api.errors import ConfigError
from stb_app.account.gateway import Gateway
from stb_app.account.store import Store
from stb_app.appearance import Dress
from stb_app.clock import Clock
from stb_app.companions import Companion, Presented
from stb_app.controls.attention import Attention, deadline, tick
from stb_app.controls.port import Cancelled, Done, Ignored
from stb_app.input.confirm import FreshPress, Said
from stb_app.input.dispatch import Dispatcher
from stb_app.input.keys import KeyEvent
from stb_app.input.press import Press
from stb_app.input.repeat import RATES
from stb_app.navigation import Answer, Ask, Back, Choose, Destination, History, Home, Open, Place, Stay, Tell, Tv
from stb_app.patience import Patience
from stb_app.picture import Picture
from stb_app.platform.port import Event, Exposed, Platform, Quit
from stb_app.preferences import Preferences
from stb_app.resting import Rest
from stb_app.router import LINK_GRACE_S, make_root, root_key
from stb_app.row_number import RowNumber
from stb_app.screens.base import View
from stb_app.screens.help import HelpScreen
from stb_app.screens.home import HomeScreen
from stb_app.screens.pay import PayScreen
from stb_app.screens.rest import RestScreen
from stb_app.screens.settings import SettingsScreen, speech_switched
from stb_app.screens.tv import TvScreen
from stb_app.toasts import Toasts
from stb_app.toolkit.focus import Direction
from stb_app.toolkit.stage import Stage

logger = logging.getLogger(__name__)

DIRECTIONS: dict[str, Direction] = {
    "focus.up": "UP",
    "focus.down": "DOWN",
    "focus.left": "LEFT",
    "focus.right": "RIGHT",
}
PAGES = {"page.up": False, "page.down": True}
"""Whether the page goes down."""
ROW_NUMBER = "row.number"
RETRY_S = 5.0
OPENING = {"pay": PayScreen, "help": HelpScreen, "settings": SettingsScreen}
MOST_STEPS = 8
"""So many screens may follow each other without a key: more is a mistake of theirs."""
THROUGH_HOME = ("charges", "services", "messages", "rooms", "personal")
IN_A_MODAL = frozenset({"select", "back", "home", "tv", "speech"})
"""What the app does of itself while a question is open; arrows apart, everything else waits for the answer."""
ACTIONS = frozenset(
    {*DIRECTIONS, *PAGES, ROW_NUMBER, *OPENING, *THROUGH_HOME, "select", "back", "home", "tv", "retry", "speech"}
)


class App:
    """Built by ``bootstrap``; ``run`` returns when the platform says Quit or ``stop`` was called.

    ``keep`` is told what the viewer has chosen, for the next start.
    """

    def __init__(
        self,
        dress: Dress,
        preferences: Preferences,
        platform: Platform,
        gateway: Gateway,
        clock: Clock,
        keep: Callable[[Preferences], None] | None = None,
    ) -> None:
        self._platform = platform
        self._gateway = gateway
        self._clock = clock
        self._keep = keep
        self._work: deque[Callable[[], None]] = deque()
        self.keys = Dispatcher()
        """Its ``rate`` is the viewer's key repeat."""
        self._fresh = FreshPress()
        self._attention = Attention()
        self._root = ("start", "")
        self._history = History(make_root(self._root))
        self._retry_at: float | None = None
        self._unlinked_since = clock.monotonic()
        self._running = False
        self.store = Store(gateway, self.post, self._invalidate, clock.monotonic)
        self._picture = Picture(dress, preferences, self.store, clock)
        self._rest = Rest(self._may_rest, clock.monotonic())
        self._resting = Place(RestScreen())
        self._toasts = Toasts()
        self._row_number = RowNumber(self._to_row, self._invalidate)
        patience = Patience(self.store, clock.monotonic())
        self.companions: list[Companion] = [self._rest, self._toasts, self._row_number, patience]
        """What goes along with the loop; a key is offered to the first one first."""
        self.watchers: list[Callable[[bool], bool]] = []
        """Called on the loop after each step, told whether a picture was presented; kept while they answer True."""

    @property
    def _stage(self) -> Stage:
        return self._picture.stage

    # From any thread

    def post(self, work: Callable[[], None]) -> None:
        """Run ``work`` on the loop."""
        self._work.append(work)
        self._platform.wake()

    @property
    def busy(self) -> bool:
        """Whether work waits for the next step."""
        return bool(self._work)

    def stop(self) -> None:
        self._platform.feed(Quit())

    # The loop

    def run(self) -> None:
        """Until Quit."""
        self.begin()
        while self._running:
            self.step()
        for companion in self.companions:
            companion.close()

    def begin(self) -> None:
        """The first picture, before anything is asked of anybody."""
        self._running = True
        self._follow_preferences()
        self._stage.expose()
        self._draw()
        self.store.start()

    def step(self) -> None:
        """Wait for what comes, do it, and show what changed."""
        for event in self._platform.wait(self._timeout()):
            self._handle(event)
        while self._work:
            self._work.popleft()()
        self._tick()
        self._draw()

    def _timeout(self) -> float | None:
        waits = [60.0 - self._picture.wall().timestamp() % 60.0 + 0.01]
        now = self._clock.monotonic()
        if self.keys.deadline is not None:
            waits.append(self.keys.deadline - now)
        if not self.store.linked and self._root[0] == "start":
            waits.append(self._unlinked_since + LINK_GRACE_S - now)
        if self._retry_at is not None:
            waits.append(self._retry_at - now)
        if self._stage.deadline is not None:
            waits.append(self._stage.deadline)
        awaited = [deadline(self._stage.control), *(each.deadline for each in self.companions)]
        waits += [each - now for each in awaited if each is not None]
        return max(0.0, min(waits))

    def _tick(self) -> None:
        self._retry_failed()
        now = self._clock.monotonic()
        for press in self.keys.due(now):
            self._press(press)
        for companion in self.companions:
            if companion.tick(now):
                self._invalidate()
        if tick(self._stage.control, now):
            self._picture.edited = True
        self._picture.tick()
        self._route()

    def _retry_failed(self) -> None:
        """What could not be shown is asked for again, calmly, without a key pressed."""
        now = self._clock.monotonic()
        if not self.store.failed:
            self._retry_at = None
        elif self._retry_at is None:
            self._retry_at = now + RETRY_S
        elif now >= self._retry_at:
            self._retry_at = None
            self.store.refresh()

    def _handle(self, event: Event) -> None:
        if isinstance(event, KeyEvent):
            for press in self.keys.feed(event, self._clock.monotonic()):
                self._press(press)
        elif isinstance(event, Quit):
            self._running = False
        elif isinstance(event, Exposed):
            self._stage.expose()

    def _invalidate(self) -> None:
        self._picture.outdated = True

    def _may_rest(self) -> bool:
        return self._history.top.screen.rests

    # What the viewer chose

    def _choose(self, preferences: Preferences) -> None:
        """Look and behave so from now on; what cannot be is said, and everything stays as it was."""
        try:
            self._picture.wear(preferences)
        except ConfigError as error:
            logger.error("the preferences cannot be used: %s", error)
            return
        self._follow_preferences()
        if self._keep is not None:
            self._keep(preferences)

    def _follow_preferences(self) -> None:
        preferences = self._picture.look.preferences
        self.keys.rate = RATES[preferences.key_repeat]
        for companion in self.companions:
            companion.chosen(preferences)

    # From a key to a destination

    def _press(self, press: Press) -> None:
        """The focused control first; what it leaves is an action of the keymap.

        Of two presses that come at once the second meets what the first has led to, painted or not.
        """
        now = self._clock.monotonic()
        resting = self._rest.resting
        taken = [companion.attend(press, now) for companion in self.companions]
        if any(taken):
            if resting != self._rest.resting:
                self._drop_keys()
                self._invalidate()
            return
        self._lay_out()
        name, control = self._stage.focus, self._stage.control
        if tick(control, now):
            self._picture.edited = True
        outcome = self._attention.give(press, control)
        if isinstance(outcome, Ignored):
            self._act(press, control.context if control is not None else self._history.top.screen.context)
            return
        self._fresh.forget()
        self._picture.edited = True
        screen, view = self._history.top.screen, self._view()
        if isinstance(outcome, Done):
            self._invalidate()
            self._go(screen.finished(name or "", outcome.value, view))
        elif isinstance(outcome, Cancelled):
            self._go(screen.cancelled(name or "", view))

    def _act(self, press: Press, context: str) -> None:
        name, keymap = self._history.top.screen.name, self._picture.look.keymap
        was_long = self.keys.was_long(press.key)
        action = keymap.action(name, press.key, press.phase, context, was_long=was_long)
        action = self._fresh.settle(press, action, keymap.short(name, press.key, context), self._confirms)
        if action is None:
            return
        if action in DIRECTIONS or action in PAGES:
            self._walk(action)
            return
        if action == ROW_NUMBER:
            if not self._history.top.screen.modal:
                self._row_number.type(int(press.key), self._stage.rows, self._clock.monotonic())
            return
        self._go(self._destination(action))

    def _walk(self, action: str) -> None:
        """The focus goes on by an arrow, or a page of the list that has it."""
        stage = self._stage
        self._followed(stage.turn(PAGES[action]) if action in PAGES else stage.move(DIRECTIONS[action]))

    def _to_row(self, number: int) -> None:
        """The focus goes to a row of the list that has it, counted from 1."""
        self._followed(self._stage.go_to_row(number))

    def _followed(self, moved: bool) -> None:
        page = self._stage.page
        if moved and page is not None and page.follows_focus:
            self._invalidate()
        if moved and self._stage.near_end:
            self._history.top.screen.near_end(self._view())

    def _confirms(self, action: str) -> Said | None:
        """What ``action`` would confirm here; None where it is nothing to be careful with."""
        if action in DIRECTIONS or action in PAGES:
            return None
        if action == "select":
            node = self._stage.confirming
            return (node.id, node.label, node.value) if node is not None else None
        offers = (offer for offer in self._history.top.screen.offers(self._view()) if offer.confirms)
        return next(((offer.action, offer.label) for offer in offers if offer.action == action), None)

    def _destination(self, action: str) -> Destination:
        screen, view = self._history.top.screen, self._view()
        if action == "select":
            if self._stage.disabled:
                return Stay()
            action = self._stage.does or action
        own = screen.act(action, view)
        if own is not None:
            return own
        if screen.modal and action not in IN_A_MODAL:
            return Stay()
        if action == "select":
            return screen.select(self._stage.focus, view) if self._stage.focus else Stay()
        if action == "retry":
            self.store.retry()
            return Stay()
        if action == "back":
            return Back()
        if action == "home":
            return Home()
        if action == "tv":
            return Tv()
        if action == "speech":
            return speech_switched(view)
        if action in OPENING and screen.name != action:
            return Open(HelpScreen(self._root[1])) if action == "help" else Open(OPENING[action]())
        if action in THROUGH_HOME:
            return HomeScreen().select(action, view)
        return Stay()

    def _go(self, destination: Destination) -> None:
        """Follow a destination, and those that the screens it leads to answer with."""
        self._picture.remember()
        gone: Answer | None = None
        match destination:
            case Open(screen):
                self._history.push(screen)
            case Ask(modal):
                self._history.push(modal)
            case Back(result):
                gone = self._history.pop(result)
                if gone is None:
                    return
            case Home():
                gone = self._history.home()
                if gone is None:
                    return
            case Tv():
                self._history.home()
                self._history.push(TvScreen())
            case Choose(preferences, then):
                self._choose(preferences)
                self._go(then)
                return
            case Tell(then=then):
                self._toasts.show(destination, self._clock.monotonic())
                self._invalidate()
                self._go(then)
                return
            case Stay():
                return
        self._drop_keys()
        self._invalidate()
        screen = self._history.top.screen
        further = screen.answered(gone.name, gone.result, self._view()) if gone else Stay()
        if isinstance(further, Stay):
            screen.shown(self._view())
        else:
            self._go(further)

    def _settle(self) -> None:
        """What is known has changed: screens that have ended by themselves go, those that lead on do."""
        for place in self._history.covered:
            told = place.screen.changed(self._view(place))
            if isinstance(told, Back):
                self._history.leave_later(place, told)
        for _ in range(MOST_STEPS):
            told = self._history.top.screen.changed(self._view())
            if isinstance(told, Stay):
                return
            self._go(told)
        logger.error("screen %s leads on and on", self._history.top.screen.name)

    def _drop_keys(self) -> None:
        """The screen changed under the keys that are held: they do nothing more until they are pressed anew."""
        self.keys.drop()
        self._fresh.forget()
        self._attention.drop()
        self._row_number.drop()

    def _route(self) -> None:
        """Put the root there that the session asks for; what lay on the old one is gone, and so is its data."""
        if self.store.linked:
            self._unlinked_since = self._clock.monotonic()
        key = root_key(self.store, self._clock.monotonic() - self._unlinked_since)
        if key == self._root:
            return
        before, self._root = self._history.top, key
        self._history.restart(make_root(key))
        if self._history.top is not before:
            self._drop_keys()
        self._invalidate()

    # The picture

    def _view(self, place: Place | None = None) -> View:
        """What the screen of ``place``, by default the one on top, is made from."""
        return self._picture.view(place or self._history.top)

    def _lay_out(self) -> None:
        """Put what is true now on the stage, not yet on the picture."""
        if not (self._picture.outdated or self._picture.edited):
            return
        self._settle()
        history = self._history
        if self._rest.resting:
            self._picture.remember()
            self._picture.show(self._resting, (), None, None)
        else:
            self._picture.show(history.top, history.backdrop, history.below, self._over())

    def _over(self) -> Tell | None:
        """The line over the page: what is being typed, else what was told last."""
        typed = self._row_number.typed
        if typed is None:
            return self._toasts.shown
        return Tell(self._picture.look.words("Row {position} of {count}", position=typed[0], count=typed[1]))

    def _draw(self) -> None:
        self._lay_out()
        now = self._clock.monotonic()
        rects = self._picture.paint(now)
        if rects:
            self._platform.present(rects)
            page = self._stage.page
            presented = Presented(page.name if page else "", self._stage.focus, self._stage.tree)
            for companion in self.companions:
                companion.presented(presented, now)
            self._stage.get_ready()
        if self.watchers:
            self.watchers = [watcher for watcher in self.watchers if watcher(bool(rects))]

    # For those who look from outside (on the loop)

    def dump(self) -> dict[str, Any]:
        """What the screen says, as contracts.md describes a dump."""
        return self._picture.dump()
