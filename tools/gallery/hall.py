"""Where exhibits are shown: the real app in memory, one exhibit after the other."""

from __future__ import annotations

import pygame

from stb_app.navigation import Home, Open
from stb_app.preferences import Preferences
from stb_app.toolkit.scene import Kit
from tools.gallery.exhibit import Exhibit, ExhibitScreen
from tools.pilot.pilot import Pilot

MARGIN = 16
"""Design pixels of the page around what an exhibit has painted."""


class Hall:
    """One look: text size, language, theme, canvas. ``pilot`` is there for those who try what they see."""

    def __init__(self, preferences: Preferences, height: int = 1080) -> None:
        self.pilot = Pilot(preferences=preferences, height=height)

    @property
    def kit(self) -> Kit:
        return self.pilot.app._stage.kit

    def show(self, exhibit: Exhibit) -> ExhibitScreen:
        """Put it on the canvas, its keys pressed."""
        screen = ExhibitScreen(exhibit)
        self.pilot.lead(Home())
        self.pilot.lead(Open(screen))
        self.pilot.press(*exhibit.keys)
        return screen

    def picture(self, exhibit: Exhibit) -> pygame.Surface:
        """What it has painted, cut out of the canvas; all of the canvas where it fills its page."""
        screen = self.show(exhibit)
        canvas = self.pilot.platform.canvas()
        if exhibit.room == "page" or screen.stand is None:
            return canvas.copy()
        margin = self.kit.px(MARGIN)
        return canvas.subsurface(screen.stand.rect.inflate(2 * margin, 2 * margin).clip(canvas.get_rect())).copy()
