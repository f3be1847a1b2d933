"""From makes and breaks to presses with a phase: make, repeat, long, break. The only place that knows times of keys.

A repeat, a long press and a break come only where the make was seen since the last ``drop``: a key held down while
the screen changes under it does nothing to the new screen (enigma2's habit). A second make of a key that is down
already, from another receiver that saw the same press, is none.
"""

from __future__ import annotations

from collections.abc import Iterator

from stb_app.input.debounce import Debouncer
from stb_app.input.keys import Key, KeyEvent
from stb_app.input.press import Phase, Press
from stb_app.input.repeat import NORMAL, Rate, Repeater

LONG_S = 0.8


class Dispatcher:
    """Feed it what comes from the remote, ask ``due`` when its ``deadline`` has come, ``drop`` at a screen change.

    What it returns must be iterated to the end; a ``drop`` in the middle ends what is left of that press.
    """

    def __init__(self, rate: Rate | None = NORMAL, debounce: float = 0.0) -> None:
        self._repeater = Repeater(rate)
        self._debouncer = Debouncer(debounce)
        self._down: set[Key] = set()
        self._seen: dict[Key, float] = {}
        """Key -> when it was pressed, for the presses that were given out and not dropped."""
        self._long_key: Key | None = None
        self._long: set[Key] = set()

    @property
    def rate(self) -> Rate | None:
        """The viewer's key repeat; None for off."""
        return self._repeater.rate

    @rate.setter
    def rate(self, rate: Rate | None) -> None:
        self._repeater.rate = rate
        self._repeater.drop()

    @property
    def debounce(self) -> float:
        """Seconds for which a key must stay up until its release counts; 0 for off."""
        return self._debouncer.window

    @debounce.setter
    def debounce(self, window: float) -> None:
        self._debouncer.window = window

    @property
    def deadline(self) -> float | None:
        """When ``due`` has something to say; None while nothing is held."""
        times = [self._debouncer.deadline]
        if not self._debouncer.ending(self._long_key):
            times.append(self._long_at())
        if not self._debouncer.ending(self._repeater.held):
            times.append(self._repeater.deadline)
        return min((each for each in times if each is not None), default=None)

    def feed(self, event: KeyEvent, now: float) -> Iterator[Press]:
        """``now``: the clock of the deadlines; an event's own time counts where it has one."""
        at = now if event.at is None else min(event.at, now)
        for each in self._debouncer.feed(event, at):
            yield from self._take(each, at)

    def due(self, now: float) -> Iterator[Press]:
        """At most one repeat and one long press, and the releases that were waited for."""
        for each in self._debouncer.due(now):
            yield from self._take(each, now)
        key, long_at = self._long_key, self._long_at()
        if key is not None and long_at is not None and now >= long_at and not self._debouncer.ending(key):
            yield self._became_long(key)
        if not self._debouncer.ending(self._repeater.held):
            held = self._repeater.due(now)
            if held is not None:
                yield Press(held, Phase.REPEAT)

    def drop(self) -> None:
        """The screen changed: what is down now belongs to nobody until it is pressed anew."""
        self._seen.clear()
        self._repeater.drop()
        self._long_key = None

    def was_long(self, key: Key) -> bool:
        """Whether the press that goes on, or that ended last, was a long one."""
        return key in self._long

    def _take(self, event: KeyEvent, now: float) -> Iterator[Press]:
        at = now if event.at is None else event.at
        if event.pressed:
            yield from self._pressed(event, at)
        else:
            yield from self._released(event, at)

    def _pressed(self, event: KeyEvent, at: float) -> Iterator[Press]:
        if event.key in self._down:
            return
        self._down.add(event.key)
        self._seen[event.key] = at
        self._long_key = event.key
        self._long.discard(event.key)
        self._repeater.feed(event, at)
        yield Press(event.key)

    def _released(self, event: KeyEvent, at: float) -> Iterator[Press]:
        key = event.key
        self._down.discard(key)
        self._repeater.feed(event, at)
        pressed_at = self._seen.get(key)
        if pressed_at is not None and not event.lost:
            if key == self._long_key and at - pressed_at >= LONG_S:
                # The loop was late: what was held so long is a long press all the same
                yield self._became_long(key)
            if key in self._seen:
                yield Press(key, Phase.BREAK)
        self._seen.pop(key, None)
        if self._long_key == key:
            self._long_key = None

    def _became_long(self, key: Key) -> Press:
        self._long.add(key)
        self._long_key = None
        return Press(key, Phase.LONG)

    def _long_at(self) -> float | None:
        pressed_at = self._seen.get(self._long_key) if self._long_key is not None else None
        return None if pressed_at is None else pressed_at + LONG_S
