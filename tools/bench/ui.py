"""``ui``: the app on the TV, from a key to the picture and from the start to the balance."""

from __future__ import annotations

from tools.bench.rows import CannotMeasure, Row
from tools.bench.ui_held import held_rows
from tools.bench.ui_keys import key_rows
from tools.bench.ui_memory import memory_rows
from tools.bench.ui_start import start_rows


def ui_rows(missing: list[str], *, full: bool) -> list[Row]:
    """Each part by itself: what one part needs and is not here goes to ``missing``."""
    rows = key_rows(missing, full=full)
    for part in (start_rows, held_rows, memory_rows):
        try:
            rows.extend(part(full=full))
        except CannotMeasure as error:
            missing.append(str(error))
    return rows
