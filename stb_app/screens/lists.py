"""A list with its position said: "3 of 12"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from textwrap import wrap

from stb_app.screens.base import View
from stb_app.toolkit.elements import Element, Focusable, Text
from stb_app.toolkit.following import Counted, Says
from stb_app.toolkit.many import Scroll
from stb_app.toolkit.rows import Rows

LONGEST_STOP = 180
"""Characters that size XL shows whole."""

_SENTENCE_END = re.compile(r"(?<=[.!?…])\s+")


def listing(name: str, rows: Sequence[Element] | Rows) -> Scroll:
    """Rows in a viewport that fills what is left of the page."""
    return Scroll(name, rows, gap="small")


def position(rows: Sequence[Element] | Rows, view: View) -> Says | None:
    """``3 из 12`` for each row that can have the focus; nothing for a single one."""
    held = rows.held if isinstance(rows, Rows) else [row.id for row in rows if isinstance(row, Focusable)]
    if len(held) < 2:
        return None
    return Counted({name: place for place, name in enumerate(held)}, view.words("{position} of {count}"))


def stops(text: str, longest: int = LONGEST_STOP) -> list[Element]:
    """A text that may be longer than the screen, as stops of the focus: a sentence each, those longer than so many
    characters in parts."""
    parts = [part for sentence in _SENTENCE_END.split(text) for part in wrap(sentence, longest)]
    return [Focusable(f"text.{index}", "text", part, Text(part, "lead")) for index, part in enumerate(parts)]
