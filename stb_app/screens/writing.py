"""A text asked over a screen: a name, a message, what a room is called."""

from __future__ import annotations

from stb_app.controls.keyboard import Keyboard
from stb_app.controls.text import DELETE, DONE, LAYOUT, SHIFT, SPACE, TextEntry, TextRule
from stb_app.screens.base import View
from stb_app.screens.entering import ENTRY, Asked, EntryDialog
from stb_app.toolkit.elements import Element
from stb_app.toolkit.keycaps import Carried, Field
from stb_app.toolkit.text_widgets import Written, keyboard
from stb_app.toolkit.widgets import KeyHint

ONE_LINE = 60
"""Texts that may be longer have two lines."""


class TextDialog(EntryDialog):
    """``answered`` gets the text, or None."""

    name = "text"
    width = 1400

    def __init__(
        self, question: str, title: str, text: str, keys: Keyboard, rule: TextRule | None = None, start: str = ""
    ) -> None:
        """``keys``: the viewer's (``View.keyboard``); ``start``: what stands there first."""
        super().__init__(question, title, text)
        self.control = TextEntry(keys, rule or TextRule(), start)

    def asked(self, view: View) -> Asked:
        words, control = view.words, self.control
        problem = ""
        if control.short:
            least = control.rule.least
            problem = words.plural("Write at least {n} letter", "Write at least {n} letters", least)
        hint = words("The digits of the remote write letters too, as on a telephone")
        if control.full:
            hint = words("There is room for no more letters")
        parts = text_parts(view, self.title, control)
        return Asked(parts, hint, problem, None if control.text else "", hints=_hints(view, control))


def text_parts(view: View, label: str, control: TextEntry) -> list[Element]:
    """The field and the keys."""
    words = view.words
    said = {
        SHIFT: words("Capital letter"),
        LAYOUT: words("Other letters: {name}", name=control.next_layout.name),
        SPACE: words("Space"),
        DELETE: words("Delete"),
        DONE: words("Done"),
    }
    # A whole message after each letter is more than anybody listens to
    carried = Carried(ENTRY, "keyboard", control.text.rstrip(" ").rpartition(" ")[2], control)
    lines = 2 if control.rule.most > ONE_LINE and not view.large else 1
    style = "row" if view.large else "title" if lines == 1 else "lead"
    written = Written(control.text, control.tapping, lines, style)
    shown = Field(written, label, carried, active=False, pad_y="tight", value=control.text)
    return [shown, keyboard(control, carried, said)]


def _hints(view: View, control: TextEntry) -> list[Element]:
    words = view.words
    return [
        KeyHint(words.key("R"), words("Delete"), "key_red"),
        KeyHint(words.key("G"), words("Capital letter"), "key_green"),
        KeyHint(words.key("Y"), control.next_layout.name, "key_yellow"),
        KeyHint(words.key("B"), words("Done"), "key_blue"),
    ]
