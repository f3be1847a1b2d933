"""Keymaps from YAML: physical name -> logical key, and logical key -> action for each screen."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from device.api.yaml_file import YamlNode, load_yaml
from stb_app.input.keys import Key


@dataclass(frozen=True)
class Keymap:
    """Logical key -> action, for every screen and for single ones."""

    everywhere: dict[Key, str]
    screens: dict[str, dict[Key, str]]

    def action(self, screen: str, key: Key) -> str | None:
        return self.screens.get(screen, {}).get(key) or self.everywhere.get(key)

    def key_for(self, screen: str, action: str) -> Key | None:
        """The key that does ``action`` here, for the footer; a key that a screen took over does not count."""
        own = self.screens.get(screen, {})
        for key, each in {**self.everywhere, **own}.items():
            if each == action:
                return key
        return None


def load_keymap(path: Path, screens: Collection[str], actions: Collection[str]) -> Keymap:
    """The keymap of ``path``; YamlError for a key, a screen or an action that does not exist."""
    root = load_yaml(path).only("global", "screens")
    own = {}
    for screen, node in root["screens"].entries():
        if screen not in screens:
            raise node.error(f"there is no screen '{screen}'", f"screens: {', '.join(sorted(screens))}")
        own[screen] = _bindings(node, actions)
    return Keymap(_bindings(root["global"], actions), own)


def _bindings(node: YamlNode, actions: Collection[str]) -> dict[Key, str]:
    return {_key(name, child): child.choice(*sorted(actions)) for name, child in node.entries()}


def _key(name: str, node: YamlNode) -> Key:
    try:
        return Key(name)
    except ValueError:
        raise node.error(f"there is no key '{name}'", f"keys: {', '.join(Key)}") from None


def load_physical(path: Path) -> dict[str, Key]:
    """Physical key name -> logical key, for an input device (``desktop.yaml``: SDL's key names)."""
    return {name: _key(node.text(), node) for name, node in load_yaml(path).entries()}
