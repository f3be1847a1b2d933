"""Personal data as it is shown before the PIN (product.md A2): enough to recognise, too little to use. Pure."""

from __future__ import annotations

import re

DOT = "•"
_HIDDEN = re.compile(r"[^\W_]")


def name(value: str) -> str:
    """The first letter of each word: ``И••• П•••••``."""
    return " ".join(word[0] + _HIDDEN.sub(DOT, word[1:]) for word in value.split())


def phone(digits: str, pattern: str) -> str:
    """The last two digits in the operator's ``pattern``: ``+7 ••• •••-••-34``."""
    shown = iter([DOT] * (len(digits) - 2) + list(digits[-2:]))
    return "".join(next(shown, DOT) if each == "#" else each for each in pattern)


def email(value: str) -> str:
    """First letter and domain: ``i•••@example.org``; the length of the rest is hidden too."""
    local, _, domain = value.partition("@")
    return f"{local[:1]}{DOT * 3}@{domain}"


def address(value: str) -> str:
    """The town stays, letters and digits of the rest do not: ``г. Химки, ••. ••••••, •. ••``."""
    town, comma, rest = value.partition(",")
    return town + comma + _HIDDEN.sub(DOT, rest)


def contract_number(value: str) -> str:
    """The last two digits: ``••••-••••-85``."""
    return _HIDDEN.sub(DOT, value[:-2]) + value[-2:]
