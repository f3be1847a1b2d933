"""A figure beside its reference."""

from __future__ import annotations

from dataclasses import dataclass


class CannotMeasure(Exception):
    """What a benchmark needs is not on this machine; one line says what."""


@dataclass(frozen=True)
class Row:
    """``value`` and ``reference_value`` have the same unit; ``limit`` is for their ratio, at most or at least, and
    ``absolute`` for the value itself, at most, on 2 shared x86 processors. None of both: nobody set a target.

    ``reference_value`` is None where there is nothing to stand beside the figure.
    """

    name: str
    value: float
    unit: str
    reference: str
    reference_value: float | None
    limit: float | None
    at_least: bool = False
    absolute: float | None = None

    @property
    def ratio(self) -> float | None:
        return self.value / self.reference_value if self.reference_value else None

    @property
    def holds(self) -> bool:
        if self.absolute is not None and self.value > self.absolute:
            return False
        if self.limit is None:
            return True
        ratio = self.ratio
        return ratio is not None and (ratio >= self.limit if self.at_least else ratio <= self.limit)

    @property
    def target(self) -> str:
        parts = [f"{'>=' if self.at_least else '<='} {self.limit:g}"] if self.limit is not None else []
        if self.absolute is not None:
            parts.append(f"abs <= {self.absolute:g} {self.unit}")
        return ", ".join(parts) or "none"

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


def _rounded(value: float | None) -> float | None:
    """Four significant digits: no benchmark is better than that."""
    return float(f"{value:.4g}") if value is not None else None
