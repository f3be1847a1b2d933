"""What every screen is, and what it may look at."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from stb_app.account.formats import Formats
from stb_app.account.models import Account
from stb_app.account.queries import ACCOUNT
from stb_app.account.store import Fetched, Store
from stb_app.navigation import Destination, Stay
from stb_app.profile import Profile
from stb_app.toolkit.stage import Page
from stb_app.words import Words


@dataclass(frozen=True)
class Offer:
    """Something that a key does here now: the action of the keymap and how the footer calls it."""

    action: str
    label: str


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
    focus: str | None = None

    @property
    def account(self) -> Fetched:
        return self.store.get(ACCOUNT)

    def account_value(self) -> Account | None:
        return self.store.value(ACCOUNT)


class Screen(ABC):
    """One screen; ``name`` is its name in keymaps, scripts and dumps."""

    name: ClassVar[str]

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

    def shown(self, view: View) -> None:  # noqa: B027 - most screens have nothing to do then
        """The screen came to the top."""


@dataclass(frozen=True)
class Frame:
    """Header, footer and edges around a screen's body; made by the app for the screen on top."""

    key_name: Callable[[str], tuple[str, str | None] | None]
    """Action -> (what the key is called on the remote, colour token or None), or None where no key does it."""
    clock: datetime
    back_label: str | None
    """Where Back leads, for the footer; None where it does nothing."""
    exits: Collection[str] = ()
