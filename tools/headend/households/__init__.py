"""The ready accounts: ``load_household(name, operator)`` and ``household_names()``."""

from __future__ import annotations

from tools.headend.households.loader import household_names, load_household
from tools.headend.households.model import Household, HouseholdBox

__all__ = ["Household", "HouseholdBox", "household_names", "load_household"]
