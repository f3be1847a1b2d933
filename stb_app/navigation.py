"""Where a screen leads: it returns a destination, and one loop owns the history."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from stb_app.preferences import Preferences

if TYPE_CHECKING:
    from stb_app.screens.base import Modal, Screen


@dataclass(frozen=True)
class Stay:
    """Nothing changes but perhaps what this screen shows."""


@dataclass(frozen=True)
class Open:
    """Put a screen on top; Back returns to this one with its focus.

    A screen that lies in the history already moves to the top, so that Back always leads towards home.
    """

    screen: Screen


@dataclass(frozen=True)
class Ask:
    """Lay a dialog over this screen; its result comes to ``answered`` of this screen."""

    modal: Modal


@dataclass(frozen=True)
class Back:
    """One screen back, with a result for ``answered`` of the screen below; at the root nothing happens."""

    result: Any = None


@dataclass(frozen=True)
class Home:
    """Back to the root, whatever is on top of it."""


@dataclass(frozen=True)
class Tv:
    """Leave the account for television."""


@dataclass(frozen=True)
class Choose:
    """Take these preferences from now on and after the next start, and follow ``then``."""

    preferences: Preferences
    then: Destination = field(default_factory=Stay)


@dataclass(frozen=True)
class Tell:
    """Say a line that goes by itself (a toast), and follow ``then``. ``tone`` explain, good, attention or bad."""

    text: str
    tone: str = "explain"
    then: Destination = field(default_factory=Stay)


Destination = Stay | Open | Ask | Back | Home | Tv | Choose | Tell


@dataclass
class Place:
    """A screen in the history with where its viewer was."""

    screen: Screen
    focus: str | None = None
    order: tuple[str, ...] = ()
    """What could have the focus then, in reading order: who is next where the focused thing is gone meanwhile."""
    offsets: dict[str, int] | None = None
    leaving: Back | None = None
    """It has ended while it was covered: it goes as soon as it would be seen again."""


@dataclass(frozen=True)
class Answer:
    """What went leaves a word for the screen that is on top now: who it was, and its result, None for none."""

    name: str
    result: Any = None


class History:
    """The stack of screens; the root is never popped."""

    def __init__(self, root: Screen) -> None:
        self._places = [Place(root)]

    @property
    def top(self) -> Place:
        return self._places[-1]

    @property
    def below(self) -> Place | None:
        """Where Back leads; None at the root."""
        return next((place for place in reversed(self._places[:-1]) if place.leaving is None), None)

    @property
    def root(self) -> Screen:
        return self._places[0].screen

    @property
    def covered(self) -> list[Place]:
        """What lies below the top, the root first."""
        return self._places[:-1]

    @property
    def backdrop(self) -> list[Place]:
        """What is seen behind a modal on top: the topmost whole screen and the modals over it."""
        whole = max(index for index, place in enumerate(self._places) if not place.screen.modal)
        return self._places[whole:-1]

    def __len__(self) -> int:
        return len(self._places)

    def push(self, screen: Screen) -> None:
        """On top. An older place of the same screen goes, and the modals on it; the root's own only comes to light."""
        if not screen.modal:
            if screen.name == self.root.name:
                self.home()
                return
            self._forget(screen.name)
        self._places.append(Place(screen))

    def _forget(self, name: str) -> None:
        kept, gone = self._places[:1], False
        for place in self._places[1:]:
            if not place.screen.modal:
                gone = place.screen.name == name and place is not self.top
            if not gone:
                kept.append(place)
        self._places = kept

    def pop(self, result: Any = None) -> Answer | None:
        """Leave the top, and what has ended below it meanwhile; None at the root.

        The answer is that of the last one that went, for the screen that is on top then.
        """
        if len(self._places) == 1:
            return None
        gone = self._places.pop()
        answer = Answer(gone.screen.called_for, result)
        while self.top.leaving is not None:
            gone = self._places.pop()
            answer = Answer(gone.screen.called_for, gone.leaving.result if gone.leaving else None)
        return answer

    def leave_later(self, place: Place, back: Back) -> None:
        """A covered ``place`` has ended: it goes when it would be seen again. The first result counts; a root stays."""
        if place is not self._places[0]:
            place.leaving = place.leaving or back

    def home(self) -> Answer | None:
        """Drop all but the root; None where it is on top already. The answer is that of a modal over the root."""
        if len(self._places) == 1:
            return None
        over = self._places[1].screen
        del self._places[1:]
        return Answer(over.called_for)

    def restart(self, root: Screen) -> None:
        """Another root: what lay on the old one is gone, but for what shows nothing of it."""
        self._places = [Place(root), *(place for place in self._places[1:] if place.screen.outlives)]
