"""Numbers asked over a screen: account number, telephone, one-time code; and sums."""

from __future__ import annotations

from device.api.money import Money
from stb_app.controls.amount import AmountEntry, AmountRule
from stb_app.controls.digits import DigitsEntry, DigitsRule
from stb_app.screens.base import View
from stb_app.screens.dialog import Choice
from stb_app.screens.entering import Asked, EntryDialog, amount_parts, digits_parts


class DigitsDialog(EntryDialog):
    """``answered`` gets the digits, a ``Secret`` where the rule says so, the result of ``other``, or None."""

    name = "digits"

    def __init__(
        self,
        question: str,
        title: str,
        text: str,
        rule: DigitsRule,
        *,
        problem: str = "",
        other: Choice | None = None,
    ) -> None:
        """``problem``: why the last number was not taken, in the viewer's words, until another one is begun."""
        super().__init__(question, title, text)
        self.problem = problem
        self.other = other
        self.control = DigitsEntry(rule)

    def asked(self, view: View) -> Asked:
        words, control = view.words, self.control
        problem = self.problem if control.empty else ""
        if control.missing:
            problem = words.plural("{n} digit is missing", "{n} digits are missing", control.missing)
        hint = words("Type with the digits of the remote, or with the keys here")
        others = [self.other] if self.other else []
        return Asked(
            digits_parts(view, self.title, control), hint, problem, "" if control.empty else words("Delete"), others
        )


class AmountDialog(EntryDialog):
    """``answered`` gets the sum as ``Money`` within the rule, or None."""

    name = "amount"

    def __init__(self, question: str, title: str, text: str, rule: AmountRule, start: Money | None = None) -> None:
        super().__init__(question, title, text)
        self.control = AmountEntry(rule, start)

    def asked(self, view: View) -> Asked:
        words, money, rule = view.words, view.formats.money, self.control.rule
        least, most = money(rule.least, short=True), money(rule.most, short=True)
        problems = {
            "none": words("Enter a sum first"),
            "low": words("At least {sum}", sum=least),
            "high": words("At most {sum}", sum=most),
        }
        hint = words("From {least} to {most}", least=least, most=most)
        problem = problems.get(self.control.problem, "")
        return Asked(
            amount_parts(view, self.title, self.control), hint, problem, "" if self.control.empty else words("Delete")
        )
