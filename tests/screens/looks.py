"""Looks that a place is shown in one after the other: language, text size, theme, canvas, operator."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache

import pygame

import ui_assets
from stb_app.app import App
from stb_app.appearance import Appearance
from stb_app.bootstrap import OPERATOR, allowed, dresser
from stb_app.platform.offscreen import OffscreenPlatform
from stb_app.preferences import Preferences
from stb_app.toolkit.stage import Stage
from stb_app.words import SOURCE, languages
from tests.screens.starts import Start
from tools.pilot import pseudo
from tools.pilot.gateway import FakeGateway
from tools.pilot.pilot import Pilot

LANGUAGES = languages(ui_assets.ROOT / "strings")
EDGES = (48, 27, 48, 27)
"""A television that hides 2.5 % of the picture at each side, as overscan does (EBU R 95)."""
LONGER = pseudo.LANGUAGE
OTHER_OPERATOR = "polaris"
CANVASES: dict[str, tuple[int, ...]] = {"M": (720, 2160), "XL": (720,)}
"""Text size -> heights of other canvases that are looked at in it, and in every theme."""


@dataclass(frozen=True)
class Look:
    """One way to show a place."""

    size: str
    language: str = "ru"
    theme: str = "default"
    height: int = 1080
    operator: str = OPERATOR
    edges: tuple[int, int, int, int] = (0, 0, 0, 0)

    def __str__(self) -> str:
        cut = f" edges {self.edges}" if any(self.edges) else ""
        return f"{self.language} {self.size} {self.theme} {self.height} {self.operator}{cut}"


def looks_of(size: str) -> list[Look]:
    """The looks of one text size: every language, the other canvases, themes and operator, a picture with edges."""
    themes = [theme for theme in allowed().themes if theme != "default" and size in CANVASES]
    longer = [LONGER] if size in CANVASES else []
    return [
        *(Look(size, language) for language in [*LANGUAGES, *longer]),
        *(Look(size, theme=theme) for theme in themes),
        *(Look(size, height=height) for height in CANVASES.get(size, ())),
        Look(size, "sk", operator=OTHER_OPERATOR),
        *(Look(size, edges=EDGES) for _ in CANVASES.get(size, ())[:1]),
    ]


@cache
def appearance(look: Look) -> Appearance:
    """Made once a process: what it has measured serves every place. Nothing is painted."""
    platform = OffscreenPlatform((look.height * 16 // 9, look.height))
    language = SOURCE if look.language == LONGER else look.language
    preferences = Preferences(language, look.size, look.theme, motion=False, edges=look.edges)
    made = dresser(platform, look.operator, ui_assets.ROOT)(preferences)
    if look.language == LONGER:
        made = replace(made, words=pseudo.PseudoWords())
    return _unpainted(made)


def _unpainted(made: Appearance) -> Appearance:
    """Painting costs more than everything else, and what would be painted is in the scene."""
    stage: Stage = made.stage

    def paint() -> list[pygame.Rect]:
        dirty, stage._dirty = stage._dirty, []
        return dirty[:1]

    stage.paint = paint  # type: ignore[method-assign]
    return made


class UnpaintedPilot(Pilot):
    """The app in one look, which no choice of the viewer changes; ``wear`` changes it from outside."""

    def __init__(self, gateway: FakeGateway, look: Look) -> None:
        self._look = look
        super().__init__(gateway)

    def _built(self, preferences: Preferences, operator: str) -> App:
        def dress(_preferences: Preferences) -> Appearance:
            return appearance(self._look)

        app = App(dress, preferences, self.platform, self.gateway, self.clock, self.kept.append)
        app._choose = self.kept.append  # type: ignore[method-assign,assignment]
        return app

    def wear(self, look: Look) -> None:
        """Show the place that is on the screen in another look."""
        self._look = look
        self.app._picture.wear(self.app._picture.look.preferences)
        self.settle()


def starting(start: Start, look: Look) -> Callable[[], UnpaintedPilot]:
    """What makes the app anew in ``look``, led to where a crawl begins."""

    def started() -> UnpaintedPilot:
        pilot = UnpaintedPilot(start.gateway(), look)
        start.then(pilot)
        return pilot

    return started
