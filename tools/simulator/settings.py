"""What one run of the simulator is to be."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tools.headend.households import Household, HouseholdBox, load_household
from tools.simulator.errors import SimulatorError
from tools.simulator.steps import Script


@dataclass(frozen=True)
class Settings:
    """``box`` is one of ``household.boxes``; ``resolution`` is ``WxH``."""

    household: Household
    box: HouseholdBox
    operator: str
    language: str
    text_size: str
    resolution: str
    window: bool
    script: Script | None
    out: Path | None
    state: Path | None
    reader: str | None = None
    """A reader on this machine instead of the simulated slot (``pcsc:NAME``, ``serial:URL``)."""


def choose_box(name: str, operator: str, number: int) -> tuple[Household, HouseholdBox]:
    """Box ``number`` (from 1) of a household; ConfigError or SimulatorError where there is none."""
    household = load_household(name, operator)
    if not 1 <= number <= len(household.boxes):
        rooms = ", ".join(f"{place} {box.room}" for place, box in enumerate(household.boxes, start=1))
        raise SimulatorError(f"--box {number}: household '{name}' has no such box", remedy=f"there are {rooms}")
    return household, household.boxes[number - 1]
