"""A PIN: so many digits that nobody sees, sent by themselves after the last one (S4; enigma2 does the same)."""

from __future__ import annotations

from stb_app.controls.pad import SENDS_ITSELF, PadControl
from stb_app.controls.port import Changed, Done, Outcome
from stb_app.controls.secret import Secret

LENGTH = 4


class PinEntry(PadControl):
    """``Done`` carries a ``Secret`` with the last digit; until ``reset`` further digits do nothing, so that a bouncing
    key spoils no second try. LEFT and BACK take the last digit back, BACK gives up where there is none.
    """

    context = "pin"
    keys = SENDS_ITSELF

    def __init__(self, length: int = LENGTH) -> None:
        super().__init__()
        self.length = length
        self.short = False
        """OK was pressed before all digits were there."""
        self._digits = ""

    @property
    def count(self) -> int:
        """How many digits are there."""
        return len(self._digits)

    @property
    def empty(self) -> bool:
        return not self._digits

    def reset(self) -> None:
        """Begin anew, after a wrong one."""
        self._digits, self.short, self.cursor = "", False, None

    def _type(self, digit: str) -> Outcome:
        if self.count == self.length:
            return Changed()
        self._digits += digit
        self.short = False
        return Done(Secret(self._digits)) if self.count == self.length else Changed()

    def _delete(self) -> None:
        self._digits = self._digits[:-1]
        self.short = False

    def _finish(self) -> Outcome:
        self.short = self.count < self.length
        return Changed()
