"""Where a screen leads: it returns a destination, and one loop owns the history."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from stb_app.screens.base import Screen


@dataclass(frozen=True)
class Stay:
    """Nothing changes but perhaps what this screen shows."""


@dataclass(frozen=True)
class Open:
    """Put a screen on top; Back returns to this one with its focus."""

    screen: Screen


@dataclass(frozen=True)
class Back:
    """One screen back; at the root nothing happens."""


@dataclass(frozen=True)
class Home:
    """Back to the root, whatever is on top of it."""


@dataclass(frozen=True)
class Tv:
    """Leave the account for television."""


Destination = Stay | Open | Back | Home | Tv


@dataclass
class Place:
    """A screen in the history with where its viewer was."""

    screen: Screen
    focus: str | None = None
    offsets: dict[str, int] | None = None


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
        return self._places[-2] if len(self._places) > 1 else None

    @property
    def root(self) -> Screen:
        return self._places[0].screen

    def __len__(self) -> int:
        return len(self._places)

    def push(self, screen: Screen) -> None:
        self._places.append(Place(screen))

    def pop(self) -> bool:
        """False at the root."""
        if len(self._places) == 1:
            return False
        self._places.pop()
        return True

    def home(self) -> bool:
        """False where the root is on top already."""
        if len(self._places) == 1:
            return False
        del self._places[1:]
        return True

    def restart(self, root: Screen) -> None:
        """Another root: what lay on the old one is gone."""
        self._places = [Place(root)]
