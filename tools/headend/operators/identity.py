"""Loads ``operators/NAME/identity.yaml``: PIN, codes, contacts, look-up (product.md S2-S4, A2)."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from string import Formatter

from device.api.yaml_file import YamlNode, load_yaml
from tools.headend.domain.identity import CodeRules, HelpLine, IdentityRules
from tools.headend.domain.texts import LANGUAGES, LocalText
from tools.headend.operators.nodes import limit, local_text

TEXTS = {
    "pin_code": {"code", "minutes"},
    "contact_code": {"code", "minutes"},
    "account_number": {"number"},
}
"""What is sent, and what stands in braces in it."""


def load_identity(path: Path) -> IdentityRules:
    """The rules in ``path``; ConfigError with file and line for what cannot be used."""
    node = load_yaml(path).only(
        "pin",
        "names_wrong",
        "step_up_s",
        "code",
        "lookup",
        "phone_prefixes",
        "contacts_max",
        "language",
        "help_lines",
        "salon",
        "subject",
        "texts",
    )
    pin, lookup = node["pin"].only("digits", "wrong"), node["lookup"].only("refused", "deliveries")
    return IdentityRules(
        pin_digits=pin["digits"].integer(4, 8),
        pin_wrong=limit(pin["wrong"]),
        names_wrong=limit(node["names_wrong"]),
        step_up_life=timedelta(seconds=node["step_up_s"].integer(1, 3600)),
        code=_code(node["code"]),
        lookup_limit=limit(lookup["refused"]),
        lookup_deliveries=limit(lookup["deliveries"]),
        phone_prefixes=tuple(node["phone_prefixes"].texts()),
        contacts_max=node["contacts_max"].integer(0, 20),
        language=node["language"].choice(*LANGUAGES),
        help_lines=tuple(_help_line(each) for each in node["help_lines"].items()),
        salon=local_text(node["salon"]),
        subject=local_text(node["subject"]),
        texts=_texts(node["texts"]),
    )


def _code(node: YamlNode) -> CodeRules:
    node.only("digits", "life_s", "again_s", "wrong")
    return CodeRules(
        digits=node["digits"].integer(4, 10),
        life=timedelta(seconds=node["life_s"].integer(60, 3600)),
        again=timedelta(seconds=node["again_s"].integer(1, 3600)),
        wrong=limit(node["wrong"]),
    )


def _help_line(node: YamlNode) -> HelpLine:
    node.only("number", "where")
    return HelpLine(node["number"].text(), local_text(node["where"]))


def _texts(node: YamlNode) -> dict[str, LocalText]:
    node.only(*TEXTS)
    return {name: _filled(node[name], wanted) for name, wanted in TEXTS.items()}


def _filled(node: YamlNode, wanted: set[str]) -> LocalText:
    """A text that has exactly ``wanted`` in braces in every language."""
    text = local_text(node)
    for language, wording in text.items():
        try:
            found = {name for _, name, spec, conversion in Formatter().parse(wording) if name is not None}
        except ValueError:
            found = set()
        if found != wanted:
            shown = ", ".join(f"{{{each}}}" for each in sorted(wanted))
            raise node[language].error(f"expected exactly {shown} in the text")
    return text
