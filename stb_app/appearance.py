"""What a run looks and sounds like with one set of preferences: words, theme, keymap, and the stage that shows it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from stb_app.controls.keyboard import Keyboard
from stb_app.input.keymap import Keymap
from stb_app.preferences import Allowed, Preferences
from stb_app.profile import Profile
from stb_app.toolkit.stage import Stage
from stb_app.words import Words


@dataclass(frozen=True)
class Appearance:
    """Made whole for each choice of the viewer, so that nothing of an old one lingers."""

    preferences: Preferences
    allowed: Allowed
    """What the viewer may choose instead."""
    words: Words
    profile: Profile
    keymap: Keymap
    keyboard: Keyboard
    """What texts are written with."""
    stage: Stage

    @property
    def large(self) -> bool:
        """The layout of size XL: one column."""
        return self.stage.kit.theme.one_column


Dress = Callable[[Preferences], Appearance]
