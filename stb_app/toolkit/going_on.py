"""A list that goes on by some rows is put on its scene anew; the rest of the page stays as it is."""

from __future__ import annotations

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
    for mine, fresh in zip(_by_name(scene), _by_name(new), strict=True):
        for each in [each for each in mine if each in held]:
            del mine[each]
        mine.update(fresh)
    for some, fresh_ones in zip(_names(scene), _names(new), strict=True):
        some.difference_update([each for each in some if each in held])
        some.update(fresh_ones)
    scene.scrolls = new.scrolls
    scene.focus, scene.offsets = new.focus, new.offsets


def _by_name(scene: Scene) -> list[dict[str, Any]]:
    """All that a scene and its map know of single focusables, but for their places, whose order counts."""
    return [known for name, known in _public(scene) if isinstance(known, dict) and name not in NOT_BY_NAME]


def _names(scene: Scene) -> list[set[str]]:
    """All sets of focusables that a scene knows."""
    return [known for _, known in _public(scene) if isinstance(known, set)]


def _public(scene: Scene) -> list[tuple[str, Any]]:
    known = {**vars(scene.map), **vars(scene)}
    return [(name, known[name]) for name in sorted(known) if not name.startswith("_")]
