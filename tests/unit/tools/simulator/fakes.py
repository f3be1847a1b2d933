"""A TV and a world of the tests' own, as subclasses of the real ports."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tools.simulator.errors import StepFailed, TelevisionGone
from tools.simulator.faults import Fault, World
from tools.simulator.matching import Tree, shows
from tools.simulator.television import Television


def screen(*labels: str, focus: str | None = None) -> dict[str, Any]:
    nodes: list[dict[str, Any]] = [
        {"id": f"n{i}", "label": label, "value": None, "children": []} for i, label in enumerate(labels)
    ]
    return {"screen": "home", "focus": f"n{labels.index(focus)}" if focus else None, "nodes": nodes}


class FakeTelevision(Television):
    """Shows what it is told to; keeps what was done to it."""

    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        self.done: list[str] = []
        self.gone = False

    def press(self, key: str) -> None:
        self._check()
        self.done.append(f"press {key}")

    def hold(self, key: str, seconds: float) -> None:
        self._check()
        self.done.append(f"hold {key} {seconds:g}")

    def dump(self) -> Tree:
        self._check()
        return self.tree

    def screenshot(self, path: Path) -> None:
        self._check()
        path.write_bytes(b"picture")

    def wait(self, text: str, seconds: float) -> bool:
        self._check()
        self.done.append(f"wait {text} {seconds:g}")
        return shows(self.tree, text)

    def _check(self) -> None:
        if self.gone:
            raise TelevisionGone("the TV does not answer")


class FakeWorld(World):
    """Keeps the faults; refuses the one it is told to."""

    def __init__(self, refuses: str = "") -> None:
        self.faults: list[Fault] = []
        self._refuses = refuses

    def apply(self, fault: Fault) -> None:
        if fault.name == self._refuses:
            raise StepFailed("no such card")
        self.faults.append(fault)
