"""Every widget of the toolkit is in the gallery, so that somebody looks at it and the checks of a picture see it."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import CodeType, FrameType
from typing import Any, get_type_hints

import stb_app.toolkit
from stb_app.toolkit.elements import Element
from tools.gallery.exhibits import families
from tools.gallery.hall import Hall
from tools.pilot.pilot import STILL

LAYOUT = ("stb_app.toolkit.elements", "stb_app.toolkit.zones")
"""Modules of elements that put others in their places and are in every exhibit."""


def widgets() -> dict[str, CodeType]:
    """What makes a widget: the public element classes of the toolkit and its public functions that give an element."""
    found = {}
    for module in pkgutil.iter_modules(stb_app.toolkit.__path__, "stb_app.toolkit."):
        if module.name in LAYOUT:
            continue
        loaded = importlib.import_module(module.name)
        for name, value in vars(loaded).items():
            if not name.startswith("_") and getattr(value, "__module__", "") == module.name and _makes(value):
                made: Callable[..., Any] = value.__init__ if inspect.isclass(value) else value
                found[f"{module.name}.{name}"] = made.__code__
    return found


def _makes(value: object) -> bool:
    if inspect.isfunction(value):
        value = get_type_hints(value).get("return")
    return inspect.isclass(value) and issubclass(value, Element)


@contextmanager
def called() -> Iterator[set[CodeType]]:
    """The code that was run meanwhile."""
    seen: set[CodeType] = set()

    def note(frame: FrameType, event: str, argument: object) -> None:
        seen.add(frame.f_code)

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        yield seen
    finally:
        sys.setprofile(before)


def test_every_widget_is_in_the_gallery() -> None:
    hall = Hall(STILL)
    view = hall.pilot.app._view()
    made: set[CodeType] = set()
    for exhibits in families().values():
        for exhibit in exhibits:
            arguments = [view] if exhibit.control is None else [view, exhibit.control()]
            with called() as seen:
                exhibit.make(*arguments)
            made |= seen
    known = widgets()
    assert len(known) > 15, "the widgets of the toolkit are not found any more"
    missing = sorted(name for name, code in known.items() if code not in made)
    assert not missing, f"no exhibit shows {', '.join(missing)}: add it to a module of tools/gallery/exhibits"
