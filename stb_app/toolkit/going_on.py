"""A list that goes on by some rows is put on its scene anew; the rest of the page stays as it is."""

from __future__ import annotations

from collections.abc import Container
from typing import Any

from stb_app.toolkit.scene import Op, Scene

NOT_BY_NAME = ("lists", "offsets", "places", "stretches")


def go_on(scene: Scene, name: str, stands: int, focus: str) -> tuple[list[Op], list[Op]] | None:
    """Have the list ``name`` stand at the row ``stands`` for ``focus``; its operations before and after.

    None where the page must be laid out anew: there are more lists, or the list lies in something, or has rows that
    cannot have the focus, whose names depend on all others of the page.
    """
    stretch = scene.stretches.get(name)
    if stretch is None or len(scene.scrolls) > 1:
        return None
    new = Scene(focus, {name: stands})
    stretch.place(new)
    (node,) = new.root.children
    if new.followers or new.map.zones or not all(row.focusable for row in node.children):
        return None
    before = scene.ops[stretch.first : stretch.end]
    scene.ops[stretch.first : stretch.end] = new.ops
    stretch.end = stretch.first + len(new.ops)
    node.id = stretch.siblings[stretch.at].id
    stretch.siblings[stretch.at] = node
    _take_over(scene, new, name)
    return before, new.ops


def _take_over(scene: Scene, new: Scene, name: str) -> None:
    """What can have the focus in the list, in its place among the others."""
    held = scene.map.lists[name]
    places = list(scene.map.places.items())
    first = next(index for index, (each, _) in enumerate(places) if each in held)
    others = [(each, rect) for each, rect in places if each not in held]
    scene.map.places = dict([*others[:first], *new.map.places.items(), *others[first:]])
    for known, fresh in ((vars(scene.map), vars(new.map)), (vars(scene), vars(new))):
        for about, mine in known.items():
            if (mine or fresh[about]) and about not in NOT_BY_NAME and not about.startswith("_"):
                _replace(mine, fresh[about], held)
    scene.scrolls = new.scrolls
    scene.focus, scene.offsets = new.focus, new.offsets


def _replace(mine: Any, fresh: Any, held: Container[str]) -> None:
    """Of what is known of single focusables what is known of those of the list."""
    if not isinstance(mine, dict | set):
        return
    gone = [each for each in mine if each in held]
    if isinstance(mine, set):
        mine.difference_update(gone)
    else:
        for each in gone:
            del mine[each]
    mine.update(fresh)
