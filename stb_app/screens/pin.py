"""The PIN over the screen that needs it (S4): four digits, how many tries are left, until when it is locked."""

from __future__ import annotations

from datetime import datetime

from stb_app.controls.pin import PinEntry
from stb_app.screens.base import View
from stb_app.screens.dialog import Choice
from stb_app.screens.entering import Asked, EntryDialog, pin_parts


class PinDialog(EntryDialog):
    """``answered`` gets the PIN as a ``Secret``, the result of ``other``, or None. The service alone knows what a PIN
    is worth: after a wrong one the asker opens another dialog, with what the service said.
    """

    name = "pin"

    def __init__(
        self,
        question: str,
        title: str,
        text: str,
        *,
        tries_left: int | None = None,
        locked_until: datetime | None = None,
        other: Choice | None = None,
    ) -> None:
        """``tries_left``: the last PIN was wrong, and so many tries are left. ``locked_until``: nothing is taken before
        that time. ``other``: another way, "I do not know the PIN"."""
        super().__init__(question, title, text)
        self.tries_left = tries_left
        self.locked_until = locked_until
        self.other = other
        self.control = PinEntry()

    def asked(self, view: View) -> Asked:
        words = view.words
        others = [self.other] if self.other else []
        if self.locked_until is not None and view.now < self.locked_until:
            time = view.formats.moment(self.locked_until, view.now)
            said = words("Too many wrong tries. The PIN can be entered again at {time}", time=time)
            return Asked(problem=said, answers=[*others, Choice("", words("Close"))])
        hint = words("Type with the digits of the remote, or with the keys here")
        problem = ""
        if self.control.short:
            problem = words.plural("A PIN has {n} digit", "A PIN has {n} digits", self.control.length)
        elif self.tries_left is not None and self.control.empty:
            tries = words.plural("{n} try is left", "{n} tries are left", self.tries_left)
            problem = words("This PIN does not match. {tries}", tries=tries)
        return Asked(
            pin_parts(view, words("PIN"), self.control),
            hint,
            problem,
            "" if self.control.empty else words("Delete"),
            others,
        )
