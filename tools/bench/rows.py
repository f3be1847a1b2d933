"""A figure beside its reference."""

from __future__ import annotations

from dataclasses import dataclass


class CannotMeasure(Exception):
    """What a benchmark needs is not on this machine; one line says what."""


@dataclass(frozen=True)
class Row:
    """``value`` and ``reference_value`` have the same unit; ``limit`` is for their ratio, at most or at least; None
    for a figure that nobody set a target for."""

    name: str
    value: float
    unit: str
    reference: str
    reference_value: float
    limit: float | None
    at_least: bool = False

    @property
    def ratio(self) -> float:
        return self.value / self.reference_value

    @property
    def holds(self) -> bool:
        if self.limit is None:
            return True
        return self.ratio >= self.limit if self.at_least else self.ratio <= self.limit

    @property
    def target(self) -> str:
        if self.limit is None:
            return "none"
        return f"{'>=' if self.at_least else '<='} {self.limit:g}"

    def document(self) -> dict[str, object]:
        """The shape of ``--json``."""
        return {
            "name": self.name,
            "value": _rounded(self.value),
            "unit": self.unit,
            "reference": self.reference,
            "reference_value": _rounded(self.reference_value),
            "ratio": _rounded(self.ratio),
            "target": self.target,
            "holds": self.holds,
        }


def _rounded(value: float) -> float:
    """Four significant digits: no benchmark is better than that."""
    return float(f"{value:.4g}")
