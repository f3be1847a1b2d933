"""From the kernel's events of one remote to key events. No file and no clock: recordings go through it as well."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from stb_app.input.devices import DeviceMap
from stb_app.input.kernel import EV_KEY, EV_SYN, PRESSED, RELEASED, SYN_DROPPED, SYN_REPORT, InputEvent
from stb_app.input.keys import Key, KeyEvent


def _nothing_held() -> frozenset[int]:
    return frozenset()


class KeyDecoder:
    """``held`` tells which codes are down now, asked after the kernel dropped events; ``unknown`` is told a code that
    the map lacks, once. ``timed``: the events' times are those of the monotonic clock."""

    def __init__(
        self,
        keys: DeviceMap,
        *,
        timed: bool = False,
        held: Callable[[], frozenset[int]] = _nothing_held,
        unknown: Callable[[int], None] = lambda _code: None,
    ) -> None:
        self._keys = keys.keys
        self._timed = timed
        self._held = held
        self._unknown = unknown
        self._complained: set[int] = set()
        self._down: dict[int, Key] = {}
        self._dropped = False

    def feed(self, event: InputEvent) -> Iterator[KeyEvent]:
        """Nothing for the kernel's own repeats: the app repeats by itself."""
        if event.type == EV_SYN and event.code == SYN_DROPPED:
            self._dropped = True
        elif self._dropped:
            # What stands between is torn; the state after it is asked for (kernel: input/event-codes.rst)
            if event.type == EV_SYN and event.code == SYN_REPORT:
                self._dropped = False
                yield from self._resync()
        elif event.type == EV_KEY:
            at = event.at if self._timed else None
            if event.value == PRESSED:
                yield from self._press(event.code, at)
            elif event.value == RELEASED:
                yield from self._release(event.code, at)

    def leave(self) -> Iterator[KeyEvent]:
        """The remote is gone: nothing of it is held any more."""
        yield from (each for code in list(self._down) for each in self._release(code, None, lost=True))

    def _press(self, code: int, at: float | None) -> Iterator[KeyEvent]:
        key = self._keys.get(code)
        if key is None:
            if code not in self._complained:
                self._complained.add(code)
                self._unknown(code)
            return
        known = key in self._down.values()
        if code not in self._down:
            self._down[code] = key
            if not known:
                yield KeyEvent(key, True, at)

    def _release(self, code: int, at: float | None, *, lost: bool = False) -> Iterator[KeyEvent]:
        key = self._down.pop(code, None)
        if key is not None and key not in self._down.values():
            yield KeyEvent(key, False, at, lost)

    def _resync(self) -> Iterator[KeyEvent]:
        held = self._held()
        for code in [each for each in self._down if each not in held]:
            yield from self._release(code, None, lost=True)
        for code in sorted(held - self._down.keys()):
            if code in self._keys:
                yield from self._press(code, None)
