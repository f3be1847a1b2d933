"""The families of the gallery: each module here with a tuple ``EXHIBITS`` is one; a new one needs no registration."""

from __future__ import annotations

import importlib
import pkgutil

from tools.gallery.exhibit import Exhibit


def families() -> dict[str, tuple[Exhibit, ...]]:
    """Every family by the name of its module, in alphabetical order."""
    names = sorted(module.name for module in pkgutil.iter_modules(__path__))
    return {name: importlib.import_module(f"{__name__}.{name}").EXHIBITS for name in names}
