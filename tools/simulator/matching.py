"""How a text of a script matches the screen (contracts.md, "Simulator scripts").

A text is on the screen when it is a case-sensitive substring of the label or the value of a node that is visible
now, after Unicode NFC and with any run of white space (U+00A0, U+2009, U+202F too) being one space. A dump holds
visible nodes only, so the whole tree is looked at. ``focus`` compares the whole label.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any

Tree = Mapping[str, Any]
"""A dump: ``{"screen", "code", "language", "focus": ID, "nodes": [{"id", "label", "value", "children", …}]}``."""

_WHITE_SPACE = re.compile(r"\s+")


def fold(text: str) -> str:
    """``text`` as it is compared: NFC, every run of white space one space."""
    return _WHITE_SPACE.sub(" ", unicodedata.normalize("NFC", text))


def nodes(tree: Tree) -> Iterator[Mapping[str, Any]]:
    """Every node of a dump, parents before their children, in the order of the screen."""
    waiting = list(reversed(_members(tree.get("nodes"))))
    while waiting:
        node = waiting.pop()
        yield node
        waiting.extend(reversed(_members(node.get("children"))))


def _members(value: Any) -> list[Mapping[str, Any]]:
    return [each for each in value if isinstance(each, Mapping)] if isinstance(value, list) else []


def texts(tree: Tree) -> list[str]:
    """Every label and value on the screen, folded, each once, in the order of the screen."""
    found: dict[str, None] = {}
    for node in nodes(tree):
        for key in ("label", "value"):
            text = node.get(key)
            if isinstance(text, str) and text.strip():
                found[fold(text).strip()] = None
    return list(found)


def shows(tree: Tree, text: str) -> bool:
    """Is ``text`` on the screen?"""
    wanted = fold(text)
    for node in nodes(tree):
        for key in ("label", "value"):
            said = node.get(key)
            if isinstance(said, str) and wanted in fold(said):
                return True
    return False


def focused_label(tree: Tree) -> str | None:
    """The label of the node that has the focus, folded; None where nothing has it."""
    focus = tree.get("focus")
    if not isinstance(focus, str):
        return None
    for node in nodes(tree):
        if node.get("id") == focus:
            return fold(str(node.get("label") or "")).strip()
    return None


def has_focus(tree: Tree, label: str) -> bool:
    """Is ``label`` the whole label of what has the focus?"""
    return focused_label(tree) == fold(label).strip()
