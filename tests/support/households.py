"""The ready households, read once a process: a box that is made for a test needs little of them, and often."""

from __future__ import annotations

from functools import cache

from tools.headend.domain.catalogue import Operator
from tools.headend.households import load_household
from tools.headend.households.model import Household
from tools.headend.operators import load_operator


@cache
def household(name: str, operator: str) -> Household:
    """The household ``name`` under the operator of that name."""
    return load_household(name, _operator(operator))


@cache
def _operator(name: str) -> Operator:
    return load_operator(name)
