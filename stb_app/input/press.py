"""What a control, a screen and the keymap get to know of a key: which one, and what happened to it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from stb_app.input.keys import Key


class Phase(StrEnum):
    """``MAKE`` comes first; the others only where the make was seen by the same one."""

    MAKE = "make"
    REPEAT = "repeat"
    LONG = "long"
    BREAK = "break"


@dataclass(frozen=True, slots=True)
class Press:
    """A key and what happened to it now."""

    key: Key
    phase: Phase = Phase.MAKE
