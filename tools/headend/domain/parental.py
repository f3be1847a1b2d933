"""Parental control as the operator rules it (product.md C1). Pure."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ParentalRules:
    """``order_limit``: what new orders of a calendar month may cost unless the viewer says otherwise, at most
    ``order_limit_max``, minor units; ``ages``: the limits that can be chosen, years."""

    order_limit: int
    order_limit_max: int
    ages: tuple[int, ...]
