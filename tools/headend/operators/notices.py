"""Loads what an operator tells its accounts and how (``notices.yaml``, product.md N1)."""

from __future__ import annotations

from pathlib import Path
from string import Formatter

from device.api.yaml_file import YamlNode, load_yaml
from tools.headend.domain.ledger import EntryKind
from tools.headend.domain.notices import (
    LETTERS,
    PARAMETERS,
    TV_SECONDS_MAX,
    Channels,
    Event,
    Letters,
    NoticeRules,
    Topic,
)
from tools.headend.domain.texts import LANGUAGES, LocalText
from tools.headend.operators.nodes import SUM_MOST

_YEAR_HOURS = 366 * 24


def load_notices(path: Path) -> NoticeRules:
    """The rules of N1 in ``path``; every topic and every event must be there."""
    node = load_yaml(path).only("language", "balance_low", "tv_seconds", "tv_hours", "topics", "texts", "letters")
    low = node["balance_low"].only("default", "least", "most")
    least = low["least"].integer(-SUM_MOST, SUM_MOST)
    most = low["most"].integer(least, SUM_MOST)
    topics = {topic: node["topics"].only(*Topic)[topic.value] for topic in Topic}
    for topic in topics.values():
        topic.only("title", "channels", "fixed")
    return NoticeRules(
        defaults={topic: _channels(each["channels"]) for topic, each in topics.items()},
        fixed=frozenset(topic for topic, each in topics.items() if (fixed := each.get("fixed")) and fixed.boolean()),
        balance_low=low["default"].integer(least, most),
        low_range=(least, most),
        language=node["language"].choice(*LANGUAGES),
        tv_seconds=node["tv_seconds"].integer(1, TV_SECONDS_MAX),
        tv_hours=node["tv_hours"].integer(1, _YEAR_HOURS),
        titles={topic: _wording(each["title"], frozenset()) for topic, each in topics.items()},
        texts={event: _wording(node["texts"].only(*Event)[event.value], PARAMETERS[event]) for event in Event},
        letters=_letters(node["letters"]),
    )


def _letters(node: YamlNode) -> Letters:
    wordings = {name: _wording(node[name], frozenset(known)) for name, known in LETTERS.items()}
    kinds = node.only(*LETTERS, "kinds")["kinds"].only(*EntryKind)
    return Letters(wordings, {kind: _wording(kinds[kind.value], frozenset()) for kind in EntryKind})


def _channels(node: YamlNode) -> Channels:
    chosen = {each.choice("sms", "email", "tv") for each in node.items()}
    return Channels(sms="sms" in chosen, email="email" in chosen, tv="tv" in chosen)


def _wording(node: YamlNode, known: frozenset[str]) -> LocalText:
    """A text in all languages whose ``{placeholders}`` are among the event's parameters."""
    node.only(*LANGUAGES)
    for language in LANGUAGES:
        try:
            names = {name for _, name, _, _ in Formatter().parse(node[language].text()) if name is not None}
        except ValueError as error:
            raise node[language].error(f"a brace is left alone: {error}") from None
        if unknown := sorted(names - known):
            allowed = ", ".join(f"{{{name}}}" for name in sorted(known)) or "none"
            raise node[language].error(f"'{{{unknown[0]}}}' is not told with this event", f"known: {allowed}")
    return {language: node[language].text() for language in LANGUAGES}
