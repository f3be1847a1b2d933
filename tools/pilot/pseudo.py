"""A language that nobody speaks and whose texts are 40 % longer: what breaks in it will break in a translation.

``What I pay for`` becomes ``[Wháť Í páý fóŕ éñóťá]``: brackets show what was cut, letters with marks show what a font
lacks, and a text that stays plain never went through the catalogues.
"""

from __future__ import annotations

import gettext
import re

from stb_app.words import SOURCE, Words

LANGUAGE = "pseudo"
LONGER = 0.4
FILLING = "éñóťá"
"""As wide as letters are: dots would not be 40 % in pixels."""
MARKED = str.maketrans("aceinorstuyzACEINORSTUYZ", "áčéíñóŕšťúýžÁČÉÍÑÓŔŠŤÚÝŽ")

_KEPT = re.compile(r"(\{[^{}]*\}|\*\*)")
"""Places for values, and the marks around strong parts."""


class PseudoWords(Words):
    """English, longer. What is written on keys and what the operator wrote stay as they are."""

    def __init__(self) -> None:
        super().__init__(SOURCE, _Longer())


class _Longer(gettext.NullTranslations):
    def gettext(self, message: str) -> str:
        return longer(message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return longer(super().ngettext(msgid1, msgid2, n))


def longer(text: str) -> str:
    """``text`` with marks and 40 % more letters, in brackets; places, strong parts and the space at its end stay."""
    parts = _KEPT.split(text)
    more = round(sum(len(part) for part in parts[::2]) * LONGER)
    marked = "".join(part if index % 2 else part.translate(MARKED) for index, part in enumerate(parts))
    body = marked.rstrip()
    return f"[{body}{_filling(more)}]{marked[len(body) :]}"


def _filling(letters: int) -> str:
    """So many letters: one or two cling to the last word, more are words of their own, where a line can break."""
    if letters <= 2:
        return FILLING[:letters]
    whole, rest = divmod(letters, len(FILLING) + 1)
    return f" {FILLING}" * whole + (f" {FILLING[: rest - 1]}" if rest > 1 else FILLING[:rest])
