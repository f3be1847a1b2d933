"""Loads the rules of linked numbers (``numbers.yaml``, product.md A7)."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from device.api.yaml_file import YamlNode, load_yaml
from tools.headend.domain.numbers import NumberRules, Reason
from tools.headend.operators.nodes import limit, local_text

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def load_numbers(path: Path) -> NumberRules:
    node = load_yaml(path).only("most", "working_days", "weekdays", "holidays", "refused", "guesses")
    weekdays = frozenset(_DAYS.index(each.choice(*_DAYS)) for each in node["weekdays"].items())
    if not weekdays:
        raise node["weekdays"].error("nobody works on any day")
    refused = node["refused"].only(*Reason)
    return NumberRules(
        most=node["most"].integer(1, 100),
        working_days=node["working_days"].integer(1, 30),
        weekdays=weekdays,
        holidays=frozenset(_month_and_day(each) for each in node["holidays"].items()),
        refused={reason: local_text(refused[reason.value]) for reason in Reason},
        guesses=limit(node["guesses"]),
    )


def _month_and_day(node: YamlNode) -> tuple[int, int]:
    try:
        # a leap year: 29 February is a day too
        day = date.fromisoformat(f"2024-{node.text()}")
    except ValueError:
        raise node.error(f"expected a month and a day as \"05-09\", found '{node.text()}'") from None
    return day.month, day.day
