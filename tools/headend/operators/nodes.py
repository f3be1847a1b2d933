"""What every file of an operator has: texts in all languages, limits. The loaders of its parts share it."""

from __future__ import annotations

from device.api.yaml_file import YamlNode
from tools.headend.domain.limits import Limit
from tools.headend.domain.texts import LANGUAGES, LocalText

SUM_MOST = 10**9
"""Minor units: what no price and no limit reaches; what is reckoned from it still fits into a database's 64 bits."""
_FAILURES_MOST, _SECONDS_MOST = 10_000, 31 * 86_400


def local_text(node: YamlNode) -> LocalText:
    """A text in all languages; a missing one is an error at its line."""
    node.only(*LANGUAGES)
    return {language: node[language].text() for language in LANGUAGES}


def limit(node: YamlNode) -> Limit:
    """``{failures: …, seconds: …}``."""
    node.only("failures", "seconds")
    return Limit(node["failures"].integer(1, _FAILURES_MOST), node["seconds"].integer(1, _SECONDS_MOST))
