"""What every file of an operator has: texts in all languages, limits. The loaders of its parts share it."""

from __future__ import annotations

from device.api.yaml_file import YamlNode
from tools.headend.domain.limits import Limit
from tools.headend.domain.texts import LANGUAGES, LocalText


def local_text(node: YamlNode) -> LocalText:
    """A text in all languages; a missing one is an error at its line."""
    node.only(*LANGUAGES)
    return {language: node[language].text() for language in LANGUAGES}


def limit(node: YamlNode) -> Limit:
    """``{failures: …, seconds: …}``."""
    node.only("failures", "seconds")
    return Limit(node["failures"].integer(1), node["seconds"].integer(1))
