"""The seam between keys and what a viewer edits: a control takes presses and says what came of them.

A screen makes its controls and keeps them; a toolkit element shows one, and its Focusable carries it. While that
focusable has the focus, the app asks the control first; what it ignores goes to the keymap, the screen and the app.
A control changes nothing but itself: what its value means is the screen's, told by ``Screen.finished``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

from stb_app.input.press import Phase, Press

__all__ = ["Cancelled", "Changed", "Control", "Done", "Ignored", "Outcome", "Phase", "Press", "Timed"]


@dataclass(frozen=True, slots=True)
class Ignored:
    """Not this control's key: it goes on to the keymap."""


@dataclass(frozen=True, slots=True)
class Changed:
    """The press was taken; the page is built anew."""


@dataclass(frozen=True, slots=True)
class Done:
    """The viewer has entered something: ``Screen.finished`` gets ``value``, whose type the control's class tells."""

    value: Any


@dataclass(frozen=True, slots=True)
class Cancelled:
    """The viewer gave up: ``Screen.cancelled`` decides where that leads."""


Outcome = Ignored | Changed | Done | Cancelled


class Control(Protocol):
    """What edits. Called on the UI loop; never blocks."""

    @property
    def context(self) -> str:
        """Whose lines of the keymap count while it has the focus (``pin``, ``text``, …); '' for none."""

    def handle(self, press: Press) -> Outcome:
        """Take a press, or leave it. A repeat, long or break comes only where this control saw the make."""


@runtime_checkable
class Timed(Control, Protocol):
    """A control for which time counts: it hears what time it is before each of its presses, and when it asked to."""

    @property
    def deadline(self) -> float | None:
        """When ``tick`` wants to be called, in seconds of the app's monotonic clock; None while nothing is awaited."""

    def tick(self, now: float) -> bool:
        """The time now; True where it looks otherwise than before."""
