"""Confirming money needs a fresh press and its release: on the same thing, unchanged, with no other key between.

So a held OK, a key that bounces into the next screen, or a price that changes under the finger never spends anything.
"""

from __future__ import annotations

from collections.abc import Callable

from stb_app.input.keys import Key
from stb_app.input.press import Phase, Press

Said = tuple[str, ...]
"""What a thing that confirms says now: its id, its words, its sum."""


class FreshPress:
    """Holds the one press that may confirm something when it is released."""

    def __init__(self) -> None:
        self._begun: tuple[Key, str, Said] | None = None

    def settle(
        self, press: Press, action: str | None, short: str | None, says: Callable[[str], Said | None]
    ) -> str | None:
        """The action to carry out now. ``action`` is the keymap's for this phase, ``short`` for a short press of the
        key; ``says`` tells what an action would confirm here, None where it confirms nothing and simply acts.
        """
        begun = self._begun
        if press.phase is Phase.BREAK and begun is not None and begun[0] == press.key:
            self._begun = None
            return begun[1] if says(begun[1]) == begun[2] else None
        if press.phase is Phase.MAKE or (press.phase is Phase.LONG and action is not None):
            self._begun = None
        meant = short if press.phase is Phase.MAKE else action
        said = says(meant) if meant is not None else None
        if meant is None or said is None:
            return action
        if press.phase is Phase.MAKE:
            self._begun = press.key, meant, said
        return None

    def forget(self) -> None:
        """The screen changed, or something else took a key."""
        self._begun = None
