"""The TV without a window: its picture in a file that is kept current, and a line for people when it matters."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tools.simulator import matching
from tools.simulator.matching import Tree
from tools.simulator.television import Television


class PictureKeeper:
    """``look`` writes the picture to ``path`` when the screen says something new, whole or not at all."""

    def __init__(self, television: Television, path: Path, tell: Callable[[str], None]) -> None:
        self._television = television
        self._path = path
        self._tell = tell
        self._seen: Tree | None = None
        self._told: str | None = None

    def look(self) -> None:
        tree = self._television.dump()
        if tree == self._seen:
            return
        temporary = self._path.with_name(f".{self._path.name}")
        self._television.screenshot(temporary)
        temporary.replace(self._path)
        self._seen = tree
        headline = headline_of(tree)
        if headline is not None and headline != self._told:
            self._told = headline
            self._tell(f"{headline} · {self._path}")


def headline_of(tree: Tree) -> str | None:
    """What a person wants to know first: the balance, or the state with its code; None while neither is shown."""
    for node in matching.nodes(tree):
        if node.get("id") == "balance":
            return matching.fold(" ".join(str(node[key]) for key in ("label", "value") if node.get(key)))
        if node.get("id") == "state_title":
            return f"{tree.get('code')} · {matching.fold(str(node.get('label')))}"
    return None
