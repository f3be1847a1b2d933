"""The picture of the place that is shown: what its screen is made from, layout, painting, and the dump."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import pygame

from stb_app.account.formats import Formats
from stb_app.account.queries import ACCOUNT
from stb_app.account.store import Store
from stb_app.appearance import Appearance, Dress
from stb_app.clock import Clock
from stb_app.input.keys import Key
from stb_app.navigation import Place, Tell
from stb_app.preferences import Preferences
from stb_app.screens.base import Frame, View
from stb_app.toolkit.stage import Page, Stage
from stb_app.toolkit.toast import Toast


class Picture:
    """``dress`` makes what preferences look like. One thread owns it, the UI loop's."""

    def __init__(self, dress: Dress, preferences: Preferences, store: Store, clock: Clock) -> None:
        self._dress = dress
        self._store = store
        self._clock = clock
        self._shown: Place | None = None
        self._minute: int | None = None
        self.outdated = True
        """What is on the stage is not what is true any more."""
        self.edited = False
        """What is edited on top is not what is on the stage any more; what lies below it is."""
        self._below: list[Page] = []
        self.look: Appearance = dress(preferences)
        self._formats = self._formats_of(self.look)

    @staticmethod
    def _formats_of(look: Appearance) -> Formats:
        return Formats(look.words.language, look.profile.time_zone)

    @property
    def stage(self) -> Stage:
        return self.look.stage

    def wear(self, preferences: Preferences) -> None:
        """Look as ``preferences`` say, all of it anew; ConfigError where that cannot be, and nothing changes then."""
        self.remember()
        self.look = self._dress(preferences)
        self._formats = self._formats_of(self.look)
        self._shown = None
        self._minute = None
        self.stage.expose()
        self.outdated = True

    def wall(self) -> datetime:
        """The time as the operator's service has it: a box with a wrong clock still shows the right one."""
        return self._clock.wall() - timedelta(seconds=self._store.session.clock_offset_s)

    def tick(self) -> None:
        """The minute may be another one than on the picture."""
        minute = int(self.wall().timestamp() // 60)
        if minute != self._minute:
            self._minute = minute
            self.outdated = True

    def view(self, place: Place) -> View:
        """What the screen of ``place`` is made from."""
        look, store = self.look, self._store
        account = store.value(ACCOUNT) if store.session.account_number else None
        if account is not None:
            self._formats = self._formats.in_zone(account.time_zone)
        focus = self.stage.focus if place is self._shown else place.focus
        return View(
            store,
            look.words,
            self._formats,
            look.profile,
            self.wall(),
            look.large,
            look.preferences,
            look.allowed,
            look.keyboard,
            focus,
            self._clock.monotonic(),
        )

    def remember(self) -> None:
        """Keep with the place that is shown where its viewer is."""
        place = self._shown
        if place is not None:
            place.focus, place.order = self.stage.wanted, self.stage.order
            place.offsets = self.stage.offsets()

    def show(self, place: Place, backdrop: Sequence[Place], below: Place | None, toast: Tell | None) -> None:
        """Put ``place`` on the stage, not yet on the picture: over ``backdrop`` where it is a modal, under ``toast``.

        ``below``: where Back leads.
        """
        stage, fresh = self.stage, self._shown is not place
        if self.outdated or fresh:
            self._below = [self._behind(each) for each in backdrop]
        self.outdated = self.edited = False
        under = self._below
        page = self._build(place, below)
        if fresh and place.offsets:
            page.offsets = dict(place.offsets)
        wanted = place.focus if fresh else stage.focus
        over = Toast(toast.text, toast.tone) if toast is not None else None
        stage.show(page, wanted, fresh=fresh, under=under, over=over, order=place.order)
        self._shown = place
        if page.follows_focus and stage.focus != (wanted or page.first):
            stage.show(self._build(place, below), stage.focus, fresh=False, under=under, over=over)

    def _behind(self, place: Place) -> Page:
        """What is seen of a place that a modal covers."""
        page = place.screen.build(self.view(place), Frame(_no_key, self.wall(), None))
        page.offsets, page.initial = dict(place.offsets or {}), place.focus
        return page

    def paint(self, now: float) -> list[pygame.Rect]:
        """What must be presented, painted; none where nothing changed."""
        self.stage.tick(now)
        return self.stage.paint()

    def _build(self, place: Place, below: Place | None) -> Page:
        back = below.screen.called(self.look.words) if below else None

        def key_name(action: str) -> tuple[str, str | None] | None:
            return self._key_name(place.screen.name, action)

        return place.screen.build(self.view(place), Frame(key_name, self.wall(), back))

    def _key_name(self, screen: str, action: str) -> tuple[str, str | None] | None:
        words = self.look.words
        key = self.look.keymap.key_for(screen, action)
        names: dict[Key, tuple[str, str | None]] = {
            Key.RED: (words.key("R"), "key_red"),
            Key.GREEN: (words.key("G"), "key_green"),
            Key.YELLOW: (words.key("Y"), "key_yellow"),
            Key.BLUE: (words.key("B"), "key_blue"),
            Key.OK: ("OK", None),
            Key.BACK: (words.key("BACK"), None),
            Key.EXIT: ("EXIT", None),
            Key.INFO: ("INFO", None),
            Key.MENU: (words.key("MENU"), None),
            Key.TEXT: ("TEXT", None),
        }
        return names.get(key) if key else None

    def dump(self) -> dict[str, Any]:
        """What the screen says, as contracts.md describes a dump."""
        page = self.stage.page
        tree = self.stage.tree().to_json(self.stage.focus)
        return {
            "screen": page.name if page else "",
            "code": page.code if page else "",
            "language": self.look.words.language,
            "focus": self.stage.focus,
            "nodes": tree["children"],
        }


def _no_key(action: str) -> None:
    """No key does anything on a page that a modal covers."""
