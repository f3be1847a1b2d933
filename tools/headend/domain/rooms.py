"""Rooms: names, pairing codes, and what may be done from which TV (product.md M1-M3). Pure."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import timedelta

from tools.headend.domain.limits import Limit

NAME_MAX = 40
"""Characters of a room's name."""

CODE_ALPHABET = "BCDFGHJKLMNPQRSTVWXZ"
"""RFC 8628 section 6.1: no vowels, so no words; no digits, so nothing that looks like 0, 1, 2, 5 or 8."""
CODE_LENGTH = 8
_SEPARATORS = " -\u2010\u2011\u2013\u00a0"
_SAME_LOOKS = str.maketrans("ВСНКМРТХ", "BCHKMPTX")
"""Cyrillic letters that nobody can tell from those of the alphabet: a Russian keyboard writes them instead."""

FEATURES = frozenset(
    {
        "applications",
        "autopay",
        "bonus",
        "contacts",
        "credit",
        "internet",
        "linked-numbers",
        "notifications",
        "parental",
        "payment-methods",
        "promised-payments",
        "rooms",
        "subscriptions",
        "suspensions",
        "tickets",
        "transfers",
    }
)
"""What an operator may refuse to extra boxes: the changes below the path of that name under ``/v1/``. Paying in,
step-up, PIN, messages and the card's refresh work on every TV."""


@dataclass(frozen=True, slots=True)
class RoomRules:
    """An operator's rules. ``poll``: how often a box may ask whether its code was used; ``wrong``: codes and pairs
    that were not right, on one account; ``extra_box_refused``: some of FEATURES."""

    code_life: timedelta
    poll: timedelta
    wrong: Limit
    extra_box_refused: frozenset[str]


def room_name(text: str) -> str:
    """The name as it is kept: composed (NFC), single spaces, none around it."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def same_room_name(one: str, other: str) -> bool:
    """Whether a viewer would take them for one name."""
    return room_name(one).casefold() == room_name(other).casefold()


def typed_code(text: str) -> str | None:
    """The pairing code that somebody typed in any case, with or without separators; None where it can be none."""
    letters = "".join(each for each in text if each not in _SEPARATORS).upper().translate(_SAME_LOOKS)
    return letters if len(letters) == CODE_LENGTH and set(letters) <= set(CODE_ALPHABET) else None


def shown_code(code: str) -> str:
    """In two halves: ``WDJB-MJHT``."""
    half = CODE_LENGTH // 2
    return f"{code[:half]}-{code[half:]}"
