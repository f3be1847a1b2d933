"""One of a few, on a screen of the real app: the arrows step, the screen is told, nothing moves but the value."""

from __future__ import annotations

from typing import Any, ClassVar

import pytest

from stb_app.controls.choose import ChooseOne
from stb_app.navigation import Destination, Open, Stay
from stb_app.preferences import Preferences
from stb_app.screens.base import Frame, Screen, View
from stb_app.screens.frame import page
from stb_app.toolkit.elements import Column
from stb_app.toolkit.entry_widgets import chooser
from stb_app.toolkit.stage import Page
from stb_app.toolkit.theme import TEXT_SIZES
from tests.flows.places import OK, D, L, R
from tests.screens.checks import findings
from tools.pilot.pilot import Pilot

SIZES = [("S", "Мелкий"), ("M", "Обычный"), ("XL", "Очень крупный, одна колонка")]


class Choosing(Screen):
    """Two choosers, as a settings screen has them."""

    name: ClassVar[str] = "choosing"

    def __init__(self) -> None:
        self.language = ChooseOne([("ru", "Русский"), ("en", "English")], "ru")
        self.size = ChooseOne(SIZES, "M")
        self.told: list[tuple[str, Any]] = []

    def build(self, view: View, frame: Frame) -> Page:
        rows = [
            chooser("language", "Язык", self.language),
            chooser("size", "Размер текста", self.size, note="С трёх метров"),
        ]
        return page(self, view, frame, Column(rows, gap="medium"), title="Настройки")

    def finished(self, control: str, value: Any, view: View) -> Destination:
        self.told.append((control, value))
        return Stay()


def choosing(size: str = "M") -> tuple[Pilot, Choosing]:
    pilot, screen = Pilot(preferences=Preferences("ru", size, motion=False)), Choosing()
    pilot.app._go(Open(screen))
    pilot.settle()
    return pilot, screen


def test_each_step_is_told_and_said() -> None:
    pilot, screen = choosing()
    pilot.press(R, D, L, OK, OK)
    assert screen.told == [("language", "en"), ("size", "S"), ("size", "M"), ("size", "XL")]
    node = next(each for each in pilot.nodes() if each["id"] == "size")
    assert (node["role"], node["label"]) == ("chooser", "Размер текста")
    assert node["value"] == "Очень крупный, одна колонка, С трёх метров"


def test_the_value_alone_changes_on_the_picture() -> None:
    pilot, _ = choosing()
    before = {op.signature() for op in pilot.app._stage._scene.ops}
    pilot.press(R)
    changed = {op.signature() for op in pilot.app._stage._scene.ops} - before
    assert {signature[0] for signature in changed} == {"TextOp", "IconOp"} and len(changed) == 2


@pytest.mark.parametrize("size", TEXT_SIZES)
def test_choosers_are_sound_at_every_option(size: str) -> None:
    pilot, _ = choosing(size)
    found = list(findings(pilot))
    for key in (R, D, L, R, R):
        pilot.press(key)
        found += findings(pilot)
    assert not found, "\n".join(found)
