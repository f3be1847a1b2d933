"""The rules by which a script's text matches the screen (contracts.md, "Simulator scripts")."""

from __future__ import annotations

from typing import Any

import pytest

from tools.simulator.matching import focused_label, has_focus, nodes, shows, texts


def node(name: str, label: str | None, value: str | None = None, *children: dict[str, Any]) -> dict[str, Any]:
    return {"id": name, "role": "text", "label": label, "value": value, "state": [], "children": list(children)}


TREE = {
    "screen": "home",
    "focus": "pay",
    "nodes": [
        node("balance", "Баланс", "1\u202f284,50\u00a0₽"),
        node("list", None, None, node("pay", "Оплатить  сейчас"), node("month", "Cafe\u0301", "\u2009\n")),
    ],
}


@pytest.mark.parametrize(
    "text", ["Баланс", "алан", "1 284,50 ₽", "1\u2009284,50\u202f₽", "284,50  ₽", "Café", "Оплатить сейчас"]
)
def test_a_text_is_shown_whatever_its_white_space_and_composition(text: str) -> None:
    assert shows(TREE, text)


@pytest.mark.parametrize("text", ["баланс", "1284,50", "Баланс 1 284,50", "home", "pay"])
def test_another_case_a_joined_text_and_what_is_not_said_do_not_match(text: str) -> None:
    assert not shows(TREE, text)


def test_focus_compares_the_whole_label() -> None:
    assert focused_label(TREE) == "Оплатить сейчас"
    assert has_focus(TREE, "Оплатить\u00a0сейчас")
    assert not has_focus(TREE, "Оплатить")
    assert not has_focus({"focus": None, "nodes": TREE["nodes"]}, "Оплатить сейчас")


def test_texts_are_each_once_in_the_order_of_the_screen() -> None:
    assert texts(TREE) == ["Баланс", "1 284,50 ₽", "Оплатить сейчас", "Café"]
    assert [each["id"] for each in nodes(TREE)] == ["balance", "list", "pay", "month"]


@pytest.mark.parametrize("tree", [{}, {"nodes": None}, {"nodes": [None, 1, {"label": 5, "children": "x"}]}])
def test_a_tree_without_nodes_says_nothing(tree: dict[str, Any]) -> None:
    assert texts(tree) == []
    assert not shows(tree, "5")
    assert focused_label(tree) is None
