"""The picture that is kept without a window, and the line for people."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.unit.tools.simulator.fakes import FakeTelevision
from tools.simulator.viewing import PictureKeeper, headline_of


def home(balance: str) -> dict[str, Any]:
    node = {"id": "balance", "label": "Баланс", "value": balance, "children": []}
    return {"screen": "home", "nodes": [{"id": "list", "label": None, "children": [node]}]}


STATE = {
    "screen": "state",
    "code": "C-01",
    "nodes": [{"id": "brand", "label": "МТС"}, {"id": "state_title", "label": "Нет карты"}],
}


def test_a_picture_is_taken_only_when_the_screen_says_something_new(tmp_path: Path) -> None:
    television, told, path = FakeTelevision({"screen": "start", "nodes": []}), list[str](), tmp_path / "screen.png"
    keeper = PictureKeeper(television, path, told.append)
    keeper.look()
    assert path.read_bytes() == b"picture"
    assert told == []
    path.unlink()
    keeper.look()
    assert not path.exists(), "nothing new was said"
    television.tree = home("1\u202f284,50\u00a0₽")
    keeper.look()
    television.tree = home("1\u202f284,50\u00a0₽") | {"focus": "x"}
    keeper.look()
    television.tree = STATE
    keeper.look()
    assert told == [f"Баланс 1 284,50 ₽ · {path}", f"C-01 · Нет карты · {path}"]
    assert [each.name for each in tmp_path.iterdir()] == ["screen.png"]


def test_no_headline_before_the_balance() -> None:
    assert headline_of({"screen": "start", "nodes": [{"id": "logo", "label": "МТС"}]}) is None
