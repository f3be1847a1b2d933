"""What goes along with the app's loop: rest, toasts, speech. It hears of keys and pictures, and of time."""

from __future__ import annotations

from abc import ABC
from collections.abc import Callable
from dataclasses import dataclass

from stb_app.input.press import Press
from stb_app.preferences import Preferences
from stb_app.toolkit.scene import Node


@dataclass(frozen=True, slots=True)
class Presented:
    """A picture that is on the screen now. ``tree`` makes its semantic tree: who does not need it pays nothing."""

    screen: str
    focus: str | None
    tree: Callable[[], Node]


class Companion(ABC):  # noqa: B024 - each takes what it needs of these
    """All calls come on the UI loop; none may block. Times are seconds of the app's monotonic clock."""

    @property
    def deadline(self) -> float | None:
        """When ``tick`` wants to be called, at the latest; None while nothing is awaited."""
        return None

    def attend(self, press: Press, now: float) -> bool:  # noqa: ARG002 - most only listen
        """A press that is about to be acted on; True takes it away from everybody else."""
        return False

    def tick(self, now: float) -> bool:  # noqa: ARG002 - most have nothing to do then
        """Called each time the loop goes round; True where the picture must be made anew."""
        return False

    def presented(self, picture: Presented, now: float) -> None:  # noqa: B027 - most do not look
        """A changed picture was presented."""

    def chosen(self, preferences: Preferences) -> None:  # noqa: B027 - most do not care
        """At start, and whenever the viewer has chosen something else."""

    def close(self) -> None:  # noqa: B027 - most hold nothing
        """The app ends."""
