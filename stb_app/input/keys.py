"""The logical keys of a remote (contracts.md, "Simulator scripts") and what happens to them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Key(StrEnum):
    """A key as the viewer names it, whatever code the remote sends."""

    UP = "UP"
    DOWN = "DOWN"
    LEFT = "LEFT"
    RIGHT = "RIGHT"
    OK = "OK"
    BACK = "BACK"
    EXIT = "EXIT"
    HOME = "HOME"
    MENU = "MENU"
    INFO = "INFO"
    RED = "RED"
    GREEN = "GREEN"
    YELLOW = "YELLOW"
    BLUE = "BLUE"
    PAGE_UP = "PAGE_UP"
    PAGE_DOWN = "PAGE_DOWN"
    MUTE = "MUTE"
    TEXT = "TEXT"
    DIGIT_0 = "0"
    DIGIT_1 = "1"
    DIGIT_2 = "2"
    DIGIT_3 = "3"
    DIGIT_4 = "4"
    DIGIT_5 = "5"
    DIGIT_6 = "6"
    DIGIT_7 = "7"
    DIGIT_8 = "8"
    DIGIT_9 = "9"


@dataclass(frozen=True, slots=True)
class KeyEvent:
    """``pressed`` True for make, False for break; repeats are the app's own (``repeat.py``).

    ``at``: seconds of the kernel's monotonic clock where the adapter knows them, None for "now". ``lost``: the break
    was not seen but concluded (the remote went away, events were dropped), so it ends a hold and confirms nothing.
    """

    key: Key
    pressed: bool
    at: float | None = None
    lost: bool = False
