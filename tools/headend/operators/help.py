"""Loads an operator's help and news (``help.yaml``, ``news.yaml``; product.md H1, A6)."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import date, time
from pathlib import Path
from typing import Protocol, TypeVar
from urllib.parse import urlsplit

from device.api.yaml_file import YamlNode, load_yaml
from tools.headend.domain.help import (
    Answered,
    ApplicationKind,
    ApplicationState,
    Chat,
    HelpRules,
    Line,
    Salon,
    Span,
    Subject,
    Visits,
    Wait,
)
from tools.headend.domain.news import News
from tools.headend.operators.nodes import local_text

_TICKET = "{ticket}"


class _Named(Protocol):
    @property
    def id(self) -> str: ...


T = TypeVar("T", bound=_Named)


def load_help(path: Path, regions: Collection[str]) -> HelpRules:
    """The rules of H1 in ``path``; ``regions``: the ids that a salon may name."""
    node = load_yaml(path).only(
        "lines",
        "at_hand",
        "answers",
        "salons",
        "coverage_url",
        "subjects",
        "dispute",
        "ready",
        "chat",
        "call_back",
        "call_backs",
        "open_most",
        "visits",
        "applications",
        "states",
    )
    kinds = node["applications"].only(*ApplicationKind)
    states = node["states"].only(*ApplicationState)
    return HelpRules(
        lines=tuple(_line(each) for each in node["lines"].items()),
        at_hand=local_text(node["at_hand"]),
        answers=_each(node["answers"], _answered),
        salons=_each(node["salons"], lambda each: _salon(each, regions)),
        coverage_url=_url(node["coverage_url"]),
        subjects=_each(node["subjects"], _subject),
        ready=_each(node["ready"], _answered),
        chat=_chat(node["chat"]),
        call_backs=_each(node["call_backs"], _span),
        open_most=node["open_most"].integer(1, 100),
        visits=_visits(node["visits"]),
        kinds={kind: local_text(kinds[kind.value]) for kind in ApplicationKind},
        states={state: local_text(states[state.value]) for state in ApplicationState},
        dispute=local_text(node["dispute"]),
        call_back_subject=local_text(node["call_back"]),
    )


def load_news(path: Path, regions: Collection[str], items: Collection[str]) -> tuple[News, ...]:
    """News and offers in ``path``; what names a region or an item that is not there is refused."""
    return _each(load_yaml(path).only("news")["news"], lambda each: _news(each, regions, items))


def _each(nodes: YamlNode, read: Callable[[YamlNode], T]) -> tuple[T, ...]:
    """The members of a list, whose ids differ."""
    found: dict[str, T] = {}
    for node in nodes.items():
        each = read(node)
        if each.id in found:
            raise node["id"].error(f"'{each.id}' stands here twice")
        found[each.id] = each
    if not found:
        raise nodes.error("expected at least one")
    return tuple(found.values())


def _line(node: YamlNode) -> Line:
    node.only("number", "where", "free", "hours")
    return Line(node["number"].text(), local_text(node["where"]), node["free"].boolean(), local_text(node["hours"]))


def _answered(node: YamlNode) -> Answered:
    node.only("id", "question", "answer")
    return Answered(node["id"].text(), local_text(node["question"]), local_text(node["answer"]))


def _salon(node: YamlNode, regions: Collection[str]) -> Salon:
    node.only("id", "region", "name", "address", "hours")
    return Salon(
        node["id"].text(),
        node["region"].choice(*regions),
        local_text(node["name"]),
        node["address"].text(),
        local_text(node["hours"]),
    )


def _subject(node: YamlNode) -> Subject:
    node.only("id", "title")
    return Subject(node["id"].text(), local_text(node["title"]))


def _span(node: YamlNode) -> Span:
    node.only("id", "from", "to")
    span = Span(node["id"].text(), _time(node["from"]), _time(node["to"]))
    if span.first >= span.last:
        raise node.error("expected 'from' before 'to'")
    return span


def _chat(node: YamlNode) -> Chat:
    node.only("phone_url", "waits")
    url = node["phone_url"]
    if _TICKET not in url.text():
        raise url.error(f"expected {_TICKET}, which stands for the request")
    waits = [Wait(_time(each.only("from", "minutes")["from"]), each["minutes"].integer(0)) for each in _waits(node)]
    if [each.since for each in waits] != sorted({each.since for each in waits}):
        raise node["waits"].error("expected times that grow")
    return Chat(_url(url), tuple(waits))


def _waits(node: YamlNode) -> list[YamlNode]:
    found = list(node["waits"].items())
    if not found:
        raise node["waits"].error("expected at least one")
    return found


def _visits(node: YamlNode) -> Visits:
    node.only("earliest", "latest", "weekdays", "slots", "open_most")
    earliest = node["earliest"].integer(0, 60)
    weekdays = frozenset(each.integer(1, 7) for each in node["weekdays"].items())
    if not weekdays:
        raise node["weekdays"].error("expected at least one day, 1 is Monday")
    return Visits(
        earliest,
        node["latest"].integer(earliest, 90),
        weekdays,
        _each(node["slots"], _span),
        node["open_most"].integer(1, 20),
    )


def _news(node: YamlNode, regions: Collection[str], items: Collection[str]) -> News:
    node.only("id", "kind", "from", "until", "regions", "item", "title", "text")
    first, until, item = _day(node["from"]), node.get("until"), node.get("item")
    last = _day(until) if until else None
    if until and last is not None and last < first:
        raise until.error("expected a day that is not before 'from'")
    limited = node.get("regions")
    return News(
        id=node["id"].text(),
        kind=node["kind"].choice("news", "offer"),
        first=first,
        last=last,
        regions=frozenset(each.choice(*regions) for each in limited.items()) if limited else frozenset(),
        item=item.choice(*items) if item else None,
        title=local_text(node["title"]),
        text=local_text(node["text"]),
    )


def _time(node: YamlNode) -> time:
    try:
        return time.fromisoformat(node.text())
    except ValueError:
        raise node.error(f"expected a time as \"09:00\", found '{node.text()}'") from None


def _day(node: YamlNode) -> date:
    try:
        return date.fromisoformat(node.text())
    except ValueError:
        raise node.error(f"expected a day as 2026-11-21, found '{node.text()}'") from None


def _url(node: YamlNode) -> str:
    url = node.text()
    if urlsplit(url).scheme != "https" or not urlsplit(url).hostname:
        raise node.error(f"expected an https URL, found '{url}'")
    return url
