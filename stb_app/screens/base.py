"""What every screen is, and what it may look at."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from stb_app.account.formats import Formats
from stb_app.account.models import Account
from stb_app.account.queries import ACCOUNT
from stb_app.account.store import Fetched, Store
from stb_app.controls.keyboard import Keyboard
from stb_app.navigation import Back, Destination, Stay
from stb_app.preferences import Allowed, Preferences
from stb_app.profile import Profile
from stb_app.toolkit.stage import Page
from stb_app.words import Words


@dataclass(frozen=True)
class Offer:
    """Something that a key does here now: the action of the keymap and how the footer calls it."""

    action: str
    label: str
    confirms: bool = False
    """It spends or changes something: it acts on the release of a press that began here."""


@dataclass(frozen=True)
class View:
    """All that a screen is made from."""

    store: Store
    words: Words
    formats: Formats
    profile: Profile
    now: datetime
    large: bool
    """The layout of size XL: one column, one thing more visible at a time."""
    preferences: Preferences
    allowed: Allowed
    """What the viewer may choose for them."""
    keyboard: Keyboard
    """What texts are written with, the viewer's own language first."""
    focus: str | None = None
    at: float = 0.0
    """Seconds of the app's monotonic clock."""

    def waited(self, fetched: Fetched, seconds: float) -> bool:
        """Whether an answer that was never had before is awaited for so long."""
        return fetched.since is not None and self.at >= fetched.since + seconds

    @property
    def account(self) -> Fetched:
        return self.store.get(ACCOUNT)

    def account_value(self) -> Account | None:
        return self.store.value(ACCOUNT)


class Screen(ABC):
    """One screen; ``name`` is its name in keymaps, scripts and dumps."""

    name: ClassVar[str]
    modal: ClassVar[bool] = False
    """Lies over the screen below, which stays on the picture, dimmed and silent."""

    rests: ClassVar[bool] = True
    """The picture goes dim when no key is pressed for long; not where somebody waits for what it shows."""

    outlives: ClassVar[bool] = False
    """It stays on top when the session asks for another root: it shows nothing of the account."""

    context: ClassVar[str] = ""
    """Whose lines of the keymap count here, where no control has the focus; '' for none."""

    @property
    def called_for(self) -> str:
        """What ``answered`` of the screen below hears of this one as its name."""
        return self.name

    def called(self, words: Words) -> str:
        """How the footer calls this screen when Back leads to it."""
        return words("Back")

    @abstractmethod
    def build(self, view: View, frame: Frame) -> Page:
        """What is on the screen now."""

    def offers(self, view: View) -> list[Offer]:  # noqa: ARG002 - most screens add to this
        """The actions that work now, the most useful first."""
        return []

    def select(self, focus: str, view: View) -> Destination:  # noqa: ARG002 - most screens override this
        """OK was pressed on ``focus``."""
        return Stay()

    def act(self, action: str, view: View) -> Destination | None:  # noqa: ARG002
        """An action of the keymap that is this screen's own; None leaves it to the app."""
        return None

    def finished(self, control: str, value: Any, view: View) -> Destination:  # noqa: ARG002
        """The viewer has entered ``value`` where the focusable ``control`` is."""
        return Stay()

    def cancelled(self, control: str, view: View) -> Destination:  # noqa: ARG002
        """The viewer gave up entering something where the focusable ``control`` is."""
        return Stay()

    def answered(self, name: str, result: Any, view: View) -> Destination:  # noqa: ARG002
        """What lay on this screen is gone: a modal by its question, a screen by its name; None is no result."""
        return Stay()

    def changed(self, view: View) -> Destination:  # noqa: ARG002
        """What is known has changed: where that leads. Asked of covered screens too, where Back alone counts, later:
        a screen that has ended below another goes when it would be seen again.
        """
        return Stay()

    def near_end(self, view: View) -> None:  # noqa: B027 - most screens show all that there is
        """The focus comes near the end of a list: the screen asks for more of it, where there is more."""

    def shown(self, view: View) -> None:  # noqa: B027 - most screens have nothing to do then
        """The screen came to the top."""


class Modal(Screen):
    """A question over the screen that asks it: the focus stays inside, BACK gives up, other keys do nothing."""

    modal = True
    context = "dialog"

    def __init__(self, question: str) -> None:
        self.question = question

    @property
    def called_for(self) -> str:
        return self.question

    def cancelled(self, control: str, view: View) -> Destination:  # noqa: ARG002
        return Back()


@dataclass(frozen=True)
class Frame:
    """Header, footer and edges around a screen's body; made by the app for the screen on top."""

    key_name: Callable[[str], tuple[str, str | None] | None]
    """Action -> (what the key is called on the remote, colour token or None), or None where no key does it."""
    clock: datetime
    back_label: str | None
    """Where Back leads, for the footer; None where it does nothing."""
    exits: Collection[str] = ()
