"""A question with one to three answers over the screen that asks it, or a word to the viewer with one button."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from stb_app.navigation import Back, Destination
from stb_app.screens.base import Frame, Modal, View
from stb_app.toolkit.elements import Box, Column, Element, Focusable, Row, Space, Text
from stb_app.toolkit.many import Scroll
from stb_app.toolkit.modal import FILL, Panel
from stb_app.toolkit.reading import stops
from stb_app.toolkit.stage import Page
from stb_app.toolkit.widgets import KeyHint, button

MOST_ANSWERS = 3
BESIDE = 30
"""So many letters of all answers together stand beside each other, larger ones below each other."""


@dataclass(frozen=True)
class Choice:
    """An answer: ``result`` goes to the asker, ``label`` is the verb on the button, in the viewer's language."""

    result: str
    label: str
    confirms: bool = False
    """It spends or changes something: OK acts on the release of a press that began here."""


class Dialog(Modal):
    """The asker's ``answered`` gets ``question`` and the result of the choice, or None where BACK was pressed."""

    name = "dialog"

    def __init__(
        self, question: str, title: str, text: str, choices: Sequence[Choice], *, initial: str | None = None
    ) -> None:
        """``initial`` is the result of the choice that has the focus first, by default the first one."""
        super().__init__(question)
        if not 1 <= len(choices) <= MOST_ANSWERS:
            raise ValueError(f"a dialog has 1 to {MOST_ANSWERS} answers, not {len(choices)}")
        results = [choice.result for choice in choices]
        if len(set(results)) < len(results) or (initial is not None and initial not in results):
            raise ValueError(f"the answers of a dialog are one each: {', '.join(results)}; first {initial}")
        self.title = title
        self.text = text
        self.choices = tuple(choices)
        self.initial = initial or results[0]

    def select(self, focus: str, view: View) -> Destination:
        result = focus.removeprefix("answer.")
        # A stop of a long text has the focus too, and OK there answers nothing
        return Back(result) if result != focus else super().select(focus, view)

    def build(self, view: View, frame: Frame) -> Page:
        words = [Text(self.text, "lead", "explain", id="dialog_text")] if self.text else []
        beside = sum(len(choice.label) for choice in self.choices) <= BESIDE
        answers: Element
        if beside:
            answers = Row([self._button(choice, grow=1) for choice in self.choices], gap="medium", align="stretch")
        else:
            answers = Column([self._button(choice) for choice in self.choices], gap="medium")
        child = Column([self._heading(), *words, Space("tight"), answers, *self._hint(frame)], gap="medium")
        rows = [*self._stops(), *(self._button(choice, large=True) for choice in self.choices)]
        whole = Column([Scroll("dialog", rows, ground=FILL), *self._hint(frame)], gap="small")
        body = Box(Panel(child, whole, always_whole=view.large), pad_x="edge_x", pad_y="edge_y", grow=1)
        # Where the text has a stop of its own, it is read before the answers
        return Page(self.name, body, initial=("text.0", f"answer.{self.initial}"))

    def _stops(self) -> list[Element]:
        """The text in parts that a screen shows whole, the title with the first one."""
        first, *others = stops(self.text or self.title)
        if not self.text:
            return [Focusable(first.id, "text", self.title, self._heading())]
        head = Column([self._heading(), first.child], gap="small")
        return [Focusable(first.id, "text", self.title, head, first.label), *others]

    def _heading(self) -> Text:
        return Text(self.title, "title", id="dialog_title", role="heading")

    def _button(self, choice: Choice, *, grow: int = 0, large: bool = False) -> Focusable:
        made = button(f"answer.{choice.result}", choice.label, grow=grow, large=large)
        made.confirms = choice.confirms
        return made

    @staticmethod
    def _hint(frame: Frame) -> list[Element]:
        key = frame.key_name("back")
        return [KeyHint(key[0], frame.back_label, key[1])] if key and frame.back_label else []
