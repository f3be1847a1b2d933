"""Documents with something wrong in them, for the border between the service's word and the screen."""

from __future__ import annotations

import copy
from typing import Any

from hypothesis import strategies as st

ODD_TEXTS = (
    "",
    "2026-11-21",
    "2026-11",
    "0001-01-01T00:00:00Z",
    "9999-12-31T23:59:59Z",
    "a\x00b",
    "\ud800",
    "**",
    "{0}",
    "line\nline",
    "слово" * 300,
    "много слов " * 300,
)

scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.sampled_from([10**400, float("inf"), float("nan")])
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(ODD_TEXTS)
)
json_values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)


def places(document: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The path of every value in a document, its own first."""
    found = [path]
    if isinstance(document, dict):
        for key, value in document.items():
            found += places(value, (*path, key))
    elif isinstance(document, list):
        for index, value in enumerate(document):
            found += places(value, (*path, index))
    return found


def changed(document: Any, path: tuple[Any, ...], value: Any) -> Any:
    """``document`` with something else at ``path``."""
    if not path:
        return value
    copied = copy.deepcopy(document)
    holder = copied
    for step in path[:-1]:
        holder = holder[step]
    holder[path[-1]] = value
    return copied
