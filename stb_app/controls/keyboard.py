"""Pages of keys that a viewer writes with, from ``ui_assets/keyboards``: one for each language, one for signs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from device.api.yaml_file import YamlNode, load_yaml

TAP_KEYS = frozenset("123456789")
"""The 0 is the space in every language."""
MOST_ROWS = 4
FEWEST_KEYS, MOST_KEYS = 9, 12
"""Of the widest row: below it stand five keys for what is no letter, above it no size of text has room."""


@dataclass(frozen=True)
class Layout:
    """One page. ``rows`` are the keys, a character each; ``taps``: digit key -> what it goes through."""

    name: str
    """On the key that leads here."""
    rows: tuple[str, ...]
    taps: Mapping[str, str]

    @property
    def columns(self) -> int:
        return max(len(row) for row in self.rows)


Keyboard = tuple[Layout, ...]
"""The pages of one language in the order that the layout key goes through."""


def load_keyboard(folder: Path, language: str) -> Keyboard:
    """The pages for a viewer of ``language``. YamlError, with the line, for a letter that is missing or there twice, or
    a page that is not there.
    """
    root = _open(folder, language)
    pages = [_page(root)]
    others = sorted({path.stem for path in folder.glob("*.yaml")} - {language})
    for node in root["then"].items():
        pages.append(_page(_open(folder, node.choice(*others))))
    return tuple(pages)


def _open(folder: Path, name: str) -> YamlNode:
    return load_yaml(folder / f"{name}.yaml").only("name", "alphabet", "rows", "taps", "then")


def _page(root: YamlNode) -> Layout:
    rows = root["rows"]
    page = Layout(root["name"].text(), tuple(rows.texts()), _taps(root))
    if not 1 <= len(page.rows) <= MOST_ROWS or not FEWEST_KEYS <= page.columns <= MOST_KEYS:
        raise rows.error(f"a page has 1 to {MOST_ROWS} rows, the widest of {FEWEST_KEYS} to {MOST_KEYS} keys")
    _check(rows, "".join(page.rows), root)
    if page.taps:
        _check(root["taps"], "".join(page.taps.values()), root)
    return page


def _taps(root: YamlNode) -> dict[str, str]:
    node = root.get("taps")
    if node is None:
        if root.get("alphabet") is not None:
            raise root.error("'taps' is missing: what the digit keys go through", "add 'taps:'")
        return {}
    taps = {}
    for digit, letters in node.entries():
        if digit not in TAP_KEYS:
            raise letters.error(f"'{digit}' is no digit key from 1 to 9")
        taps[digit] = letters.text()
    return taps


def _check(node: YamlNode, keys: str, root: YamlNode) -> None:
    """Each letter once; those of the alphabet all there."""
    twice = next((key for place, key in enumerate(keys) if key in keys[:place]), None)
    if twice is not None:
        raise node.error(f"'{twice}' is here twice")
    alphabet = root.get("alphabet")
    missing = [] if alphabet is None else [letter for letter in alphabet.text() if letter not in keys]
    if missing:
        raise node.error(f"'{missing[0]}' of the alphabet is missing")
