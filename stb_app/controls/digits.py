"""Numbers that are no sums: account and card numbers, telephones, one-time codes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from stb_app.controls.pad import SENDS_ITSELF, WITH_DONE, PadControl
from stb_app.controls.port import Changed, Done, Outcome
from stb_app.controls.secret import Secret


@dataclass(frozen=True)
class DigitsRule:
    """``least`` to ``most`` digits, shown in ``groups`` (which add up to ``most``) behind ``prefix``."""

    least: int
    most: int
    groups: tuple[int, ...]
    prefix: str = ""
    trunk: str = ""
    """Digits that people dial before a whole number (7 and 8 before ten): one of them goes when the number is one too
    long with it, so that 8 800 … with its ten digits stays what it is."""
    secret: bool = False
    """Its digits are in no dump, and its value is a ``Secret``."""
    sends_itself: bool = False
    """``Done`` comes with the last digit; otherwise with OK."""

    def __post_init__(self) -> None:
        if not 1 <= self.least <= self.most or sum(self.groups) != self.most:
            raise ValueError(f"{self.least} to {self.most} digits in groups {self.groups}")


ACCOUNT_NUMBER = DigitsRule(12, 12, (4, 4, 4))
PHONE = DigitsRule(10, 10, (3, 3, 2, 2), prefix="+7", trunk="78")
"""A2: ten digits; a leading +7, 7 or 8 is taken and dropped."""
ONE_TIME_CODE = DigitsRule(6, 6, (3, 3), secret=True, sends_itself=True)


class DigitsEntry(PadControl):
    """``Done`` carries the digits alone, a text or a ``Secret``; LEFT and BACK take the last digit back."""

    context = "digits"

    def __init__(self, rule: DigitsRule, digits: str = "") -> None:
        super().__init__()
        self.rule = rule
        self.keys = SENDS_ITSELF if rule.sends_itself else WITH_DONE
        self.missing = 0
        """So many digits were missing when OK was pressed."""
        self._digits = digits[: rule.most]

    @property
    def count(self) -> int:
        return len(self._digits)

    @property
    def empty(self) -> bool:
        return not self._digits

    def groups(self) -> Iterator[str]:
        """The digits that are there, in the rule's groups; the last ones may be empty."""
        start = 0
        for size in self.rule.groups:
            yield self._digits[start : start + size]
            start += size

    def reset(self) -> None:
        """Begin anew, after a wrong one."""
        self._digits, self.missing, self.cursor = "", 0, None

    def _type(self, digit: str) -> Outcome:
        rule = self.rule
        self.missing = 0
        if self.count < rule.most:
            self._digits += digit
            return self._finish() if rule.sends_itself and self.count == rule.most else Changed()
        if self._digits[0] in rule.trunk:
            self._digits = self._digits[1:] + digit
        return Changed()

    def _delete(self) -> None:
        self._digits = self._digits[:-1]
        self.missing = 0

    def _finish(self) -> Outcome:
        self.missing = max(0, self.rule.least - self.count)
        if self.missing:
            return Changed()
        return Done(Secret(self._digits) if self.rule.secret else self._digits)
