"""What is painted bit by bit is what would be painted whole: nothing old stays, nothing new is missed."""

from __future__ import annotations

import random

import pygame
import pytest

from stb_app.input.keys import Key, KeyEvent
from stb_app.preferences import Preferences
from stb_app.toolkit.scene import Scene
from tools.bench.ui_app import gateway_with_messages
from tools.pilot.pilot import Pilot

OPENING = (Key.BLUE, Key.GREEN, Key.RED, Key.INFO, Key.MENU, Key.OK, Key.BACK)
MOVING = (Key.DOWN, Key.DOWN, Key.DOWN, Key.UP, Key.LEFT, Key.RIGHT, Key.PAGE_DOWN, Key.PAGE_UP)
HEIGHT = 360
"""The picture is small so that many of them are looked at."""


@pytest.mark.parametrize("text_size", ["M", "XL"])
@pytest.mark.parametrize("motion", [False, True])
@pytest.mark.parametrize("seed", range(3))
def test_a_walk_leaves_nothing_stale(seed: int, motion: bool, text_size: str) -> None:
    pilot = Pilot(gateway_with_messages(12), Preferences("ru", text_size, motion=motion), HEIGHT)
    chance = random.Random(seed)
    pressed: list[str] = []
    for _ in range(90):
        key = chance.choice(OPENING if chance.random() < 0.2 else MOVING)
        pressed.append(key)
        for down in (True, False):
            pilot.platform.feed(KeyEvent(key, down))
            pilot.app.step()
            _look(pilot, pressed)
        pilot.clock.now += 0.06
        pilot.app.step()
        _look(pilot, pressed)


def test_a_list_leaves_nothing_stale_from_end_to_end() -> None:
    pilot = Pilot(gateway_with_messages(12), height=HEIGHT)
    pilot.press(Key.BLUE)
    pressed: list[str] = []
    for key in [Key.DOWN] * 12 + [Key.UP] * 12 + [Key.PAGE_DOWN] * 3 + [Key.PAGE_UP] * 3:
        pressed.append(key)
        pilot.press(key)
        _look(pilot, pressed)


def _look(pilot: Pilot, pressed: list[str]) -> None:
    canvas, stage = pilot.platform.canvas(), pilot.app._stage
    where = f"on {pilot.screen} with the focus on {pilot.focus} after {', '.join(pressed[-6:])}"
    painted = pygame.image.tobytes(canvas, "RGB")
    dirty = list(stage._dirty)
    stage.expose()
    stage.paint()
    whole = pygame.image.tobytes(canvas, "RGB")
    stage._dirty = dirty
    assert (painted == whole) is True, where
    assert stage.page is not None
    anew = stage._layout(stage.page, stage.focus, stage.offsets())
    assert _said(stage._scene) == _said(anew), where


def _said(scene: Scene) -> dict[str, object]:
    """All that a scene is to those who look at it, move in it, or speak of it."""
    known = {name: known for name, known in vars(scene).items() if not name.startswith("_")}
    for name in ("stretches", "followers", "controls"):
        known[name] = len(known[name])
    known["map"] = {**vars(scene.map), "lists": list(scene.map.lists), "order": list(scene.map.places)}
    known["ops"] = [op.signature() for op in scene.ops]
    known["scrolls"] = [(area.id, area.first) for area in scene.scrolls]
    return {**known, "tree": scene.visible_tree().to_json(None), "offsets": None, "focus": None}
