"""A text that may be longer than the screen: the focus walks it in stops that are seen whole."""

from __future__ import annotations

import re
from collections.abc import Sequence
from textwrap import wrap

from stb_app.toolkit.elements import Column, Element, Focusable, Text
from stb_app.toolkit.many import Scroll

LONGEST_STOP = 180
"""Characters that size XL shows whole."""

_SENTENCE_END = re.compile(r"(?<=[.!?…])\s+")


def stops(text: str, longest: int = LONGEST_STOP) -> list[Focusable]:
    """A sentence each, those longer than so many characters in parts; their ids are ``text.0``, ``text.1``…"""
    parts = [part for sentence in _SENTENCE_END.split(text) for part in wrap(sentence, longest)]
    return [Focusable(f"text.{index}", "text", part, Text(part, "lead")) for index, part in enumerate(parts)]


def reading(name: str, title: str, note: str, text: str, after: Sequence[Focusable] = ()) -> Scroll:
    """``title`` with ``note`` as the stop ``head``, the ``text`` in stops, and what is done ``after`` it."""
    head: list[Element] = [Text(title, "title", id="heading", role="heading"), Text(note, "detail", "explain")]
    return Scroll(name, [Focusable("head", "text", title, Column(head), note), *stops(text), *after])
