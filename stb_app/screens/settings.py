"""Settings (H2): language, text size, colours, speech, keys, movement, picture edges. Each choice counts at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from stb_app.controls.choose import ChooseOne
from stb_app.controls.toggle import Toggle
from stb_app.input.repeat import RATES
from stb_app.navigation import Choose, Destination, Open, Stay, Tell
from stb_app.screens.base import Frame, Screen, View
from stb_app.screens.edges import EdgesScreen
from stb_app.screens.frame import page
from stb_app.screens.lists import listing, position
from stb_app.toolkit.elements import Element, Focusable
from stb_app.toolkit.entry_widgets import chooser, toggle
from stb_app.toolkit.stage import Page
from stb_app.toolkit.theme import TEXT_SIZES
from stb_app.toolkit.widgets import row
from stb_app.words import Words

LANGUAGES: Mapping[str, str] = {"ru": "Русский", "en": "English", "sk": "Slovenčina", "es": "Español"}
"""Each in itself: who does not read the language of the screen finds his own."""


@dataclass(frozen=True)
class Setting:
    """One line of the screen: ``name`` is the preference and the id of its row."""

    name: str
    label: str
    note: str = ""
    options: Sequence[tuple[Any, str]] = ()
    """What there is to choose from, as (value, how it is called); none for on and off."""


def settings(view: View) -> list[Setting]:
    """Everything that is chosen from a few, the most wanted first."""
    words = view.words
    sizes = dict(zip(TEXT_SIZES, _sizes(words), strict=True))
    rates = dict(zip(RATES, (words("As usual"), words("Slowly"), words("Never")), strict=True))
    themes = {"default": words("Dark"), "contrast": words("High contrast")}
    return [
        Setting(
            "language", words("Language"), "" if words.language == "en" else "Language",
            [(each, LANGUAGES.get(each, each)) for each in view.allowed.languages],
        ),
        Setting("text_size", words("Text size"), "", list(sizes.items())),
        Setting("theme", words("Colours"), "", [(each, themes.get(each, each)) for each in view.allowed.themes]),
        Setting("speech", words("Speech"), words("Says it aloud. TEXT switches it everywhere")),
        Setting("key_repeat", words("A held key repeats"), "", list(rates.items())),
        Setting("motion", words("Movement"), words("The frame glides to where it goes")),
    ]  # fmt: skip


def _sizes(words: Words) -> tuple[str, str, str, str]:
    return words("Small"), words("Normal"), words("Large"), words("Very large")


class SettingsScreen(Screen):
    """The same list from everywhere, by MENU; the picture changes with each choice, the focus stays."""

    name = "settings"

    def __init__(self) -> None:
        self._choosers: dict[str, ChooseOne] = {}
        self._toggles: dict[str, Toggle] = {}

    def called(self, words: Words) -> str:
        return words("Settings")

    def select(self, focus: str, view: View) -> Destination:
        return Open(EdgesScreen(view.preferences.edges)) if focus == "edges" else Stay()

    def finished(self, control: str, value: Any, view: View) -> Destination:
        return Choose(replace(view.preferences, **{control: value}))

    def build(self, view: View, frame: Frame) -> Page:
        words = view.words
        rows: list[Focusable] = [self._row(each, view) for each in settings(view) if len(each.options) != 1]
        moved = any(view.preferences.edges)
        rows.append(
            row(
                "edges", words("Picture edges"), words("Fitted") if moved else words("Whole picture"),
                note=words("Where the television hides a part of the picture"), tone="explain", stacked=view.large,
                role="button",
            )
        )  # fmt: skip
        listed: list[Element] = [*rows]
        return page(
            self, view, frame, listing("settings", listed), title=words("Settings"), position=position(listed, view),
            balance=False,
        )  # fmt: skip

    def _row(self, setting: Setting, view: View) -> Focusable:
        value = getattr(view.preferences, setting.name)
        if setting.options:
            return chooser(setting.name, setting.label, self._chooser(setting, value), note=setting.note)
        said = (view.words("Off"), view.words("On"))
        return toggle(setting.name, setting.label, self._toggle(setting, value), said, note=setting.note)

    def _chooser(self, setting: Setting, value: Any) -> ChooseOne:
        """The same one as long as it says what is true: a key that is held belongs to it."""
        kept = self._choosers.get(setting.name)
        if kept is None or (kept.value, kept.options) != (value, tuple(setting.options)):
            kept = self._choosers[setting.name] = ChooseOne(setting.options, value)
        return kept

    def _toggle(self, setting: Setting, on: bool) -> Toggle:
        kept = self._toggles.get(setting.name)
        if kept is None or kept.on != on:
            kept = self._toggles[setting.name] = Toggle(on)
        return kept


def speech_switched(view: View) -> Destination:
    """Speech on or off from everywhere: who cannot see the settings does not find it there."""
    words, preferences = view.words, view.preferences
    said = words("Speech is off. TEXT switches it on")
    if not preferences.speech:
        said = words("Speech is on. TEXT switches it off")
    return Choose(replace(preferences, speech=not preferences.speech), Tell(said))
