"""Help (H1): telephone numbers, from where they are free, and what to have at hand. Works from every state."""

from __future__ import annotations

from stb_app.screens.base import Frame, Offer, Screen, View
from stb_app.screens.frame import page
from stb_app.screens.lists import listing
from stb_app.toolkit.elements import Column, Element, Focusable, Text
from stb_app.toolkit.stage import Page
from stb_app.words import Words


class HelpScreen(Screen):
    """The numbers in the largest type; below them the code to name, where there is one."""

    name = "help"

    def called(self, words: Words) -> str:
        return words("Help")

    def __init__(self, code: str = "") -> None:
        self._code = code

    def offers(self, view: View) -> list[Offer]:
        return [Offer("pay", view.words("Pay")), Offer("speech", view.words("Speech"))]

    def build(self, view: View, frame: Frame) -> Page:
        words = view.words
        rows: list[Element] = []
        for line in view.profile.help_lines:
            note = words.local(line.note)
            child = Column([Text(line.number, "title", tabular=True), Text(note, "body", "explain")], gap=4)
            rows.append(
                Focusable(f"line.{line.number.replace(' ', '')}", "row", line.number, child, note, min_height=168)
            )
        at_hand = words.local(view.profile.at_hand)
        code = words("Name this code: **{code}**", code=self._code) if self._code else ""
        notes: list[Element] = [Text(at_hand, "body", "explain", id="at_hand")]
        if code:
            notes.append(Text(code, "lead", id="code"))
        if view.large:
            said = Focusable("at_hand", "text", at_hand, Column(notes), code.replace("**", ""))
            return page(self, view, frame, listing("lines", [*rows, said]), title=words("Help"))
        heading = Text(words("Call us"), "title", id="heading", role="heading")
        body = Column([heading, *notes, listing("lines", rows)], gap="medium")
        return page(self, view, frame, body, title=words("Help"))
