"""A sum in whole roubles: typed by digits, or stepped through sums that the operator suggests."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from device.api.money import Money
from stb_app.controls.pad import PadControl
from stb_app.controls.port import Changed, Done, Outcome

MINOR = 100
"""Minor units of one whole unit: what is typed are whole ones."""

Problem = Literal["", "none", "low", "high"]


@dataclass(frozen=True)
class AmountRule:
    """The sums that are taken, both ends included, and those that LEFT and RIGHT step through."""

    least: Money
    most: Money
    presets: tuple[Money, ...] = ()

    def __post_init__(self) -> None:
        if not self.least <= self.most or any(not self.least <= each <= self.most for each in self.presets):
            raise ValueError(f"sums from {self.least} to {self.most} with {self.presets} between")


class AmountEntry(PadControl):
    """``Done`` carries a ``Money`` within the rule. The first digit typed replaces a suggested sum whole."""

    context = "amount"

    def __init__(self, rule: AmountRule, start: Money | None = None) -> None:
        """``start``: what stands there first, kopecks and all, and is taken if the viewer only presses OK."""
        super().__init__()
        self.rule = rule
        self.value = start
        """None while nothing is typed."""
        self.problem: Problem = ""
        """Why OK was not taken: nothing there, below the least, above the most; until something is typed."""
        self._typed = ""

    @property
    def empty(self) -> bool:
        return not self._typed

    @property
    def lower(self) -> Money | None:
        """The suggestion that LEFT leads to; None where there is none."""
        below = [each for each in self.rule.presets if self.value is not None and each < self.value]
        return max(below, key=lambda each: each.amount, default=None)

    @property
    def higher(self) -> Money | None:
        """The suggestion that RIGHT leads to."""
        above = [each for each in self.rule.presets if self.value is None or each > self.value]
        return min(above, key=lambda each: each.amount, default=None)

    def _put(self, typed: str) -> None:
        self._typed = typed
        self.value = Money(int(typed) * MINOR, self.rule.most.currency) if typed else None
        self.problem = ""

    def _type(self, digit: str) -> Outcome:
        typed = (self._typed + digit).lstrip("0")
        if len(typed) <= len(str(self.rule.most.amount // MINOR)):
            self._put(typed)
        return Changed()

    def _delete(self) -> None:
        self._put(self._typed[:-1])

    def _sideways(self, step: int) -> Outcome:
        if not self.rule.presets:
            return super()._sideways(step)
        preset = self.lower if step < 0 else self.higher
        if preset is not None:
            self._typed, self.value, self.problem = "", preset, ""
        return Changed()

    def _finish(self) -> Outcome:
        if self.value is None:
            self.problem = "none"
        elif self.value < self.rule.least:
            self.problem = "low"
        elif self.value > self.rule.most:
            self.problem = "high"
        else:
            return Done(self.value)
        return Changed()
