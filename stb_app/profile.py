"""The operator's profile: name, colour, telephone numbers, ways to pay. All of a brand that the app shows is data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from device.api.yaml_file import YamlNode, load_yaml
from stb_app.account.models import LocalText
from stb_app.toolkit.theme import BRAND
from stb_app.toolkit.theme_file import parse_colour

LANGUAGES = ("ru", "en", "sk", "es")


@dataclass(frozen=True)
class HelpLine:
    """A telephone number and from where it is free."""

    number: str
    note: LocalText


@dataclass(frozen=True)
class PaymentWay:
    """A way to pay elsewhere: what to do, in the operator's words."""

    id: str
    icon: str
    title: LocalText
    text: LocalText


@dataclass(frozen=True)
class Profile:
    """One operator."""

    id: str
    name: LocalText
    colours: Mapping[str, YamlNode]
    """Token of the theme -> colour; still a node, since only the theme can tell whether it goes with the others."""
    time_zone: str
    help_lines: tuple[HelpLine, ...]
    at_hand: LocalText
    """What the help line will ask for."""
    payment_ways: tuple[PaymentWay, ...]


def load_profile(folder: Path, operator: str) -> Profile:
    """``FOLDER/OPERATOR/profile.yaml``; YamlError with file and line for what is wrong in it."""
    root = load_yaml(folder / operator / "profile.yaml")
    root.only("name", "colours", "time_zone", "help_lines", "at_hand", "payment_ways")
    colours = dict(root["colours"].only(*BRAND).entries())
    parse_colour(root["colours"]["accent"])
    for node in colours.values():
        parse_colour(node)
    return Profile(
        id=operator,
        name=_local(root["name"]),
        colours=colours,
        time_zone=root["time_zone"].text(),
        help_lines=tuple(
            HelpLine(each.only("number", "note")["number"].text(), _local(each["note"]))
            for each in root["help_lines"].items()
        ),
        at_hand=_local(root["at_hand"]),
        payment_ways=tuple(
            PaymentWay(
                each.only("id", "icon", "title", "text")["id"].text(),
                each["icon"].text(),
                _local(each["title"]),
                _local(each["text"]),
            )
            for each in root["payment_ways"].items()
        ),
    )


def _local(node: YamlNode) -> LocalText:
    texts = {language: child.text() for language, child in node.only(*LANGUAGES).entries()}
    missing = [language for language in LANGUAGES if language not in texts]
    if missing:
        raise node.error(f"no text in {', '.join(missing)}")
    return texts
