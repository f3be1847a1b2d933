"""A list with its position said: "3 of 12"."""

from __future__ import annotations

from collections.abc import Sequence

from stb_app.screens.base import View
from stb_app.toolkit.elements import Element, Focusable
from stb_app.toolkit.following import Counted, Says
from stb_app.toolkit.many import Scroll
from stb_app.toolkit.rows import Rows


def listing(name: str, rows: Sequence[Element] | Rows) -> Scroll:
    """Rows in a viewport that fills what is left of the page."""
    return Scroll(name, rows, gap="small")


def position(rows: Sequence[Element] | Rows, view: View, *, more: bool = False) -> Says | None:
    """``3 из 12`` for each row that can have the focus, ``3 из 12+`` where there are ``more``; nothing for one."""
    held = rows.held if isinstance(rows, Rows) else [row.id for row in rows if isinstance(row, Focusable)]
    if len(held) < 2:
        return None
    return Counted({name: place for place, name in enumerate(held)}, pattern(view), "+" if more else "")


def pattern(view: View) -> str:
    """``{position} из {count}``."""
    return view.words("{position} of {count}")
