"""Loads the operator's terms of promised payments, credit, transfers and temporary blocks (``terms.yaml``)."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from device.api.yaml_file import YamlNode, load_yaml
from tools.headend.domain.terms import CreditTerms, PromiseTerms, SuspensionTerms, Terms, TransferTerms
from tools.headend.operators.nodes import limit

CHANNELS = ("tv", "phone", "salon")
_MOST = 10**9
_DAY = 86_400


def load_terms(path: Path, regions: Iterable[str]) -> Terms:
    """The terms in ``path``; YamlError at the line where they cannot be used."""
    node = load_yaml(path).only("promise", "credit", "transfer", "suspension")
    return Terms(
        promise=_promise(node["promise"]),
        credit=_credit(node["credit"]),
        transfer=_transfer(node["transfer"]),
        suspension=_suspension(node["suspension"], tuple(regions)),
    )


def _promise(node: YamlNode) -> PromiseTerms:
    node.only("least", "monthly_fees", "fee", "days", "balance_most")
    balance = node.get("balance_most")
    return PromiseTerms(
        least=node["least"].integer(1, _MOST),
        monthly_fees=node["monthly_fees"].integer(1, 12),
        fee=node["fee"].integer(0, _MOST),
        days=node["days"].integer(1, 31),
        balance_most=balance.integer(-_MOST, _MOST) if balance else None,
    )


def _credit(node: YamlNode) -> CreditTerms:
    node.only("monthly_fees", "most", "due_day", "contract_months")
    return CreditTerms(
        monthly_fees=node["monthly_fees"].integer(1, 12),
        most=node["most"].integer(1, _MOST),
        # every month has a 28th, and the day after it
        due_day=node["due_day"].integer(1, 27),
        contract_months=node["contract_months"].integer(0, 120),
    )


def _transfer(node: YamlNode) -> TransferTerms:
    node.only("least", "most", "month_most", "quote_seconds", "guesses", "names_a_day")
    least = node["least"].integer(1, _MOST)
    most = node["most"].integer(least, _MOST)
    return TransferTerms(
        least=least,
        most=most,
        month_most=node["month_most"].integer(most, _MOST),
        quote_seconds=node["quote_seconds"].integer(1, _DAY),
        guesses=limit(node["guesses"]),
        names_a_day=node["names_a_day"].integer(1, 1000),
    )


def _suspension(node: YamlNode, regions: tuple[str, ...]) -> SuspensionTerms:
    node.only("days_most", "months_between", "ahead_days", "needs_internet", "channels", "fees")
    fees = node["fees"].only(*regions)
    channels = tuple(each.choice(*CHANNELS) for each in node["channels"].items())
    if not channels:
        raise node["channels"].error("expected at least one way to order it")
    return SuspensionTerms(
        days_most=node["days_most"].integer(1, 366),
        months_between=node["months_between"].integer(0, 120),
        ahead_days=node["ahead_days"].integer(0, 366),
        needs_internet=node["needs_internet"].boolean(),
        channels=channels,
        fees={region: fees[region].integer(0, _MOST) for region in regions},
    )
