"""A question that is answered by typing: what all dialogs with a field have in common, and the fields with their words.

The asker opens one with ``Ask`` and gets in ``answered`` what was entered, the result of the other answer, or None.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from stb_app.controls.amount import AmountEntry
from stb_app.controls.digits import DigitsEntry
from stb_app.controls.pad import DELETE, DONE, PadControl
from stb_app.controls.pin import PinEntry
from stb_app.navigation import Back, Destination
from stb_app.screens.base import Frame, Modal, View
from stb_app.screens.dialog import Choice
from stb_app.toolkit.elements import Box, Column, Element, Focusable, Icon, Row, Text
from stb_app.toolkit.keycaps import Carried, Field
from stb_app.toolkit.many import Scroll
from stb_app.toolkit.modal import FILL, Panel
from stb_app.toolkit.number_widgets import BigSum, Dots, Slots, pad
from stb_app.toolkit.reading import stops
from stb_app.toolkit.stage import Page
from stb_app.toolkit.widgets import Fitting, KeyHint, button
from stb_app.toolkit.zones import Together

ENTRY = "entry"
"""The focusable that carries a dialog's control."""
LONGEST_STOP = 60
"""Characters of an explanation that size XL shows whole beside a field and its keys."""


@dataclass(frozen=True)
class Asked:
    """What stands in a dialog now."""

    parts: Sequence[Element] = ()
    """The field first, then its keys."""
    hint: str = ""
    """How it is done; size XL leaves it out."""
    problem: str = ""
    """Why it was not taken, in place of the hint."""
    back: str | None = ""
    """What BACK does where it does not leave yet, in words; None where another key here says the same."""
    answers: Sequence[Choice] = ()
    hints: Sequence[Element] = ()
    """Keys of the remote beside BACK."""


class EntryDialog(Modal):
    """``asked`` is the kind's own; ``answered`` of the asker gets what its control was done with."""

    width: ClassVar[int] = 1120
    gap: ClassVar[str] = "medium"

    def __init__(self, question: str, title: str, text: str) -> None:
        super().__init__(question)
        self.title = title
        self.text = text

    @abstractmethod
    def asked(self, view: View) -> Asked:
        """Field, keys and words as they stand now."""

    def finished(self, control: str, value: Any, view: View) -> Destination:  # noqa: ARG002
        return Back(value)

    def select(self, focus: str, view: View) -> Destination:
        result = focus.removeprefix("answer.")
        return Back(result or None) if result != focus else super().select(focus, view)

    def build(self, view: View, frame: Frame) -> Page:
        asked = self.asked(view)
        below = [*(self._button(choice, view) for choice in asked.answers), *_keys(asked, view, frame)]
        text = [Text(self.text, "lead", "explain", id="dialog_text")] if self.text else []
        line = _line(asked)
        child = Column([self._heading(), *text, *asked.parts[:1], *line, *asked.parts[1:], *below], gap=self.gap)
        first = (ENTRY,) if asked.parts else tuple(f"answer.{choice.result}" for choice in asked.answers)
        text_stops = self._stops(asked)
        # What the list hides lies, for the arrows, behind the keys: its own zone is left only at its end
        texts = Scroll("dialog", text_stops, ground=FILL)
        above = Together("dialog.text", texts, entry=text_stops[0].id, keeps=True)
        whole = Column([above, *asked.parts, *below], gap="small")
        panel = Panel(child, whole, self.width, always_whole=view.large)
        return Page(self.name, Box(panel, pad_x="edge_x", pad_y="edge_y", grow=1), initial=first)

    def _heading(self) -> Text:
        return Text(self.title, "title", id="dialog_title", role="heading")

    def _stops(self, asked: Asked) -> list[Focusable]:
        """What stands above the field at size XL: a problem alone where there is one, else title and text in parts."""
        title = Focusable("text.title", "text", self.title, self._heading(), fill=FILL, pad_y=0)
        if asked.problem:
            said = Focusable("text.problem", "notice", asked.problem, _line(asked)[0], fill=FILL, pad_y=0)
            return [said] if asked.parts else [title, said]
        parts = stops(self.text, LONGEST_STOP)
        for each in parts:
            each.fill, each.pad_y = FILL, 0
        return [title, *parts]

    @staticmethod
    def _button(choice: Choice, view: View) -> Focusable:
        made = button(f"answer.{choice.result}", choice.label, large=view.large)
        made.confirms = choice.confirms
        return made


def _line(asked: Asked) -> list[Element]:
    """The problem, with a shape beside its colour, else the hint."""
    if asked.problem:
        said = Text(asked.problem, "detail", "attention", grow=1, id="problem", role="notice")
        return [Row([Icon("warning", colour="attention", ems=1.1, style="detail"), said], gap="small")]
    return [Text(asked.hint, "detail", "explain", id="hint")] if asked.hint else []


def _keys(asked: Asked, view: View, frame: Frame) -> list[Element]:
    """The keys of the remote that do something here."""
    keys, key = list(asked.hints), frame.key_name("back")
    label = asked.back or frame.back_label
    if key and label and asked.back is not None:
        keys.append(KeyHint(key[0], label, key[1]))
    return [Fitting(keys, gap="large" if not view.large else "medium", grow=0)] if keys else []


def _carried(role: str, value: str, control: PadControl) -> Carried:
    return Carried(ENTRY, role, value, control)


def _padded(view: View, label: str, child: Element, carried: Carried, control: PadControl) -> list[Element]:
    said = {DELETE: view.words("Delete"), DONE: view.words("Done")}
    shown = Field(child, label, carried, control.cursor is None, pad_y="tight" if view.large else "medium")
    return [shown, pad(control.keys, control.cursor, carried, said)]


def pin_parts(view: View, label: str, control: PinEntry) -> list[Element]:
    """Four cells and the pad."""
    said = view.words("{n} of {count} digits", n=control.count, count=control.length)
    return _padded(view, label, Dots(control.length, control.count), _carried("pin", said, control), control)


def digits_parts(view: View, label: str, control: DigitsEntry) -> list[Element]:
    """Places for all digits in their groups, and the pad."""
    rule, groups = control.rule, list(control.groups())
    said = view.words("{n} of {count} digits", n=control.count, count=rule.most)
    if not rule.secret and not control.empty:
        said = ", ".join([" ".join(part for part in (rule.prefix, *groups) if part), said])
    elif rule.prefix:
        said = f"{rule.prefix}, {said}"
    slots = Slots(list(zip(groups, rule.groups, strict=True)), rule.prefix)
    return _padded(view, label, slots, _carried("pin" if rule.secret else "digits", said, control), control)


def amount_parts(view: View, label: str, control: AmountEntry) -> list[Element]:
    """The sum, large, and the pad."""
    value = control.value or control.rule.most.zero()
    said = view.formats.money(value, short=True)
    shown = BigSum(said, control.lower is not None, control.higher is not None, quiet=control.value is None)
    return _padded(view, label, shown, _carried("amount", said, control), control)
