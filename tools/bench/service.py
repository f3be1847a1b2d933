"""``service`` and ``service-postgresql``: the account service on SQLite and on PostgreSQL."""

from __future__ import annotations

from dataclasses import replace

from tools.bench.rows import CannotMeasure, Row
from tools.bench.service_charge import charge_rows
from tools.bench.service_growth import growth_rows
from tools.bench.service_requests import request_rows
from tools.bench.service_world import bench_world


def service_rows(missing: list[str], *, full: bool) -> list[Row]:
    """On SQLite."""
    return _rows("sqlite", missing, full=full)


def postgresql_rows(missing: list[str], *, full: bool) -> list[Row]:
    """The same on PostgreSQL."""
    rows = _rows("postgresql", missing, full=full)
    return [replace(row, name=f"{row.name}_postgresql") for row in rows]


def _rows(kind: str, missing: list[str], *, full: bool) -> list[Row]:
    rows: list[Row] = []
    try:
        with bench_world(kind) as world:
            for part in (request_rows, charge_rows, growth_rows):
                try:
                    with world.part() as its_own:
                        rows.extend(part(its_own, full=full))
                except CannotMeasure as error:
                    missing.append(f"{kind}: {error}")
    except CannotMeasure as error:
        missing.append(f"{kind}: {error}")
    return rows
