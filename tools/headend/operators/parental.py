"""Loads the rules of parental control (``parental.yaml``, product.md C1)."""

from __future__ import annotations

from pathlib import Path

from device.api.yaml_file import load_yaml
from tools.headend.domain.parental import ParentalRules
from tools.headend.operators.nodes import SUM_MOST


def load_parental(path: Path) -> ParentalRules:
    node = load_yaml(path).only("order_limit", "order_limit_max", "ages")
    most = node["order_limit_max"].integer(0, SUM_MOST)
    ages = tuple(each.integer(0, 21) for each in node["ages"].items())
    if not ages or list(ages) != sorted(set(ages)):
        raise node["ages"].error("expected ages in rising order, each once")
    return ParentalRules(node["order_limit"].integer(0, most), most, ages)
