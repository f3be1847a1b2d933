"""What a viewer changes in its place: switches and choosers."""

from __future__ import annotations

from functools import partial

from stb_app.controls.choose import ChooseOne
from stb_app.controls.toggle import Toggle
from stb_app.input.keys import Key
from stb_app.screens.base import View
from stb_app.toolkit.elements import Column, Element, Row
from stb_app.toolkit.entry_widgets import Stepper, Switch, chooser, toggle
from tools.gallery.exhibit import AWAY, Exhibit

OPTIONS = (("S", "small"), ("M", "usual"), ("XL", "very large"))


def _switches(view: View) -> Element:  # noqa: ARG001 - every exhibit is made from a view
    return Row([Switch(True), Switch(False)], gap="large")


def _toggle(view: View, control: Toggle, note: str = "") -> Element:
    return toggle("toggle", view.words("Television"), control, ("off", "on"), note=note)


def _steppers(view: View) -> Element:  # noqa: ARG001
    texts = tuple(text for _, text in OPTIONS)
    return Column([Stepper(texts, index) for index in range(len(texts))])


def _chooser(view: View, control: ChooseOne, note: str = "") -> Element:
    return chooser("chooser", view.words("Television"), control, note=note)


EXHIBITS = (
    Exhibit("toggle.off", _toggle, partial(Toggle, False), focus=AWAY),
    Exhibit("toggle.on", _toggle, partial(Toggle, True), focus=AWAY),
    Exhibit("toggle.off_focused", _toggle, partial(Toggle, False)),
    Exhibit("toggle.on_focused", partial(_toggle, note="in every room"), partial(Toggle, True)),
    Exhibit("switch.both", _switches),
    Exhibit("chooser.plain", _chooser, partial(ChooseOne, OPTIONS, "M"), focus=AWAY),
    Exhibit("chooser.first_focused", _chooser, partial(ChooseOne, OPTIONS, "S")),
    Exhibit("chooser.middle_focused", partial(_chooser, note="of the text"), partial(ChooseOne, OPTIONS, "M")),
    Exhibit("chooser.stepped", _chooser, partial(ChooseOne, OPTIONS, "M"), keys=(Key.RIGHT,)),
    Exhibit("stepper.each", _steppers),
)
