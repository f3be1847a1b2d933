"""Loads the rules of paying in and of autopayment (``payments.yaml``, product.md P1-P5)."""

from __future__ import annotations

from pathlib import Path

from device.api.yaml_file import YamlNode, load_yaml
from tools.headend.domain.payments import AutopayRules, PaymentRules, Way

METHODS = ("sbp", "card", "mobile")
_MOST = 10**9
_DAY = 86_400


def load_payments(path: Path) -> PaymentRules:
    node = load_yaml(path).only("ways", "confirm_seconds", "open_most", "methods_most", "autopay")
    ways = node["ways"].only(*METHODS)
    found = {name: _way(each) for name in METHODS if (each := ways.get(name)) is not None}
    if "card" not in found:
        raise ways.error("expected at least the way 'card', which cards are saved by")
    return PaymentRules(
        ways=found,
        confirm_seconds=node["confirm_seconds"].integer(60, _DAY),
        open_most=node["open_most"].integer(1, 100),
        methods_most=node["methods_most"].integer(1, 20),
        autopay=_autopay(node["autopay"]),
    )


def _way(node: YamlNode) -> Way:
    node.only("least", "most", "confirmation")
    least = node["least"].integer(1, _MOST)
    most = node["most"].integer(least, _MOST)
    return Way(least, most, node["confirmation"].choice("qr", "page", "sms"))


def _autopay(node: YamlNode) -> AutopayRules:
    node.only("threshold", "monthly_fees", "month_most", "least", "retry_days")
    least = node["least"].integer(1, _MOST)
    return AutopayRules(
        threshold=node["threshold"].integer(1, _MOST),
        monthly_fees=node["monthly_fees"].integer(1, 12),
        month_most=node["month_most"].integer(least, _MOST),
        least=least,
        retry_days=tuple(each.integer(1, 31) for each in node["retry_days"].items()),
    )
