"""``card``: a card behind a serial port, a card behind PC/SC, and answers to reset."""

from __future__ import annotations

from tools.bench.card_atr import atr_rows
from tools.bench.card_pcsc import pcsc_rows
from tools.bench.card_serial import serial_rows
from tools.bench.rows import CannotMeasure, Row


def card_rows(missing: list[str], *, full: bool) -> list[Row]:
    """Each part by itself: what one part needs and is not here goes to ``missing``."""
    rows: list[Row] = []
    for part in (serial_rows, pcsc_rows, atr_rows):
        try:
            rows.extend(part(full=full))
        except CannotMeasure as error:
            missing.append(str(error))
    return rows
