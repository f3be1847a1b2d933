"""The remote's keymap from YAML: what a key does, everywhere, in a context, on a screen, and at which of its phases.

A line is ``KEY: action`` (on the press) or ``KEY: {make: a, repeat: b}``, ``KEY: {break: a, long: b}``. An inner line
takes its key over whole: context of the focused control, then screen, then global. What could never work is an error
at load, with file and line: unknown names, two things on one press, a line that nothing reaches.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from device.api.yaml_file import YamlNode, load_yaml
from stb_app.input.keys import Key
from stb_app.input.press import Phase

CONTEXTS = frozenset({"list", "grid", "tabs", "choose", "pin", "digits", "amount", "text", "range", "dialog"})
"""What a control may say that it is (``Control.context``); a keymap may have lines for each."""

Line = Mapping[Phase, str]
"""What one key does, by its phase."""

_CLASHES = (
    (Phase.MAKE, Phase.LONG, "a long press would do both; put the short one on 'break'"),
    (Phase.MAKE, Phase.BREAK, "every press would do both"),
    (Phase.REPEAT, Phase.LONG, "a held key would do both"),
)


@dataclass(frozen=True)
class Keymap:
    """Logical key -> what it does, for every screen, for single ones, and for what is edited."""

    everywhere: Mapping[Key, Line]
    screens: Mapping[str, Mapping[Key, Line]]
    contexts: Mapping[str, Mapping[Key, Line]] = field(default_factory=dict)

    def action(
        self, screen: str, key: Key, phase: Phase = Phase.MAKE, context: str = "", *, was_long: bool = False
    ) -> str | None:
        """What ``key`` does now. ``was_long``: this press was a long one, whose release is not a short press."""
        line = self._line(screen, key, context)
        if phase is Phase.BREAK and was_long and Phase.LONG in line:
            return None
        return line.get(phase)

    def short(self, screen: str, key: Key, context: str = "") -> str | None:
        """What a short press of ``key`` does here, at its make or at its break."""
        line = self._line(screen, key, context)
        return line.get(Phase.MAKE) or line.get(Phase.BREAK)

    def key_for(self, screen: str, action: str, context: str = "") -> Key | None:
        """The key whose short press does ``action`` here, for footer, help and speech; what an inner line took over
        does not count."""
        for key in dict.fromkeys(key for lines in (self.everywhere, *self._inner(screen, context)) for key in lines):
            if self.short(screen, key, context) == action:
                return key
        return None

    def _line(self, screen: str, key: Key, context: str) -> Line:
        for lines in (*reversed(self._inner(screen, context)), self.everywhere):
            if key in lines:
                return lines[key]
        return {}

    def _inner(self, screen: str, context: str) -> tuple[Mapping[Key, Line], ...]:
        return self.screens.get(screen, {}), self.contexts.get(context, {})


def load_keymap(
    path: Path,
    screens: Collection[str],
    actions: Collection[str],
    contexts: Collection[str] = CONTEXTS,
    sent: Collection[Key] = tuple(Key),
) -> Keymap:
    """The keymap of ``path``; YamlError for what is unknown, clashes or can never happen. ``sent``: the keys that
    some device sends (``devices.py``)."""
    reader = _Reader(actions, sent)
    root = load_yaml(path).only("global", "contexts", "screens")
    everywhere = reader.lines(root["global"])
    by_screen = reader.groups(root["screens"], screens, "screen")
    node = root.get("contexts")
    by_context = reader.groups(node, contexts, "context") if node is not None else {}
    if screens:
        reader.refuse_shadowed(everywhere, [by_screen.get(screen, {}) for screen in screens])
    return Keymap(_plain(everywhere), _plain_groups(by_screen), _plain_groups(by_context))


@dataclass(frozen=True)
class _Bound:
    """A line with the place where it stands, as long as the file is checked."""

    line: Line
    node: YamlNode


class _Reader:
    def __init__(self, actions: Collection[str], sent: Collection[Key]) -> None:
        self._actions = sorted(actions)
        self._sent = sent

    def groups(self, root: YamlNode, known: Collection[str], what: str) -> dict[str, dict[Key, _Bound]]:
        found = {}
        for name, node in root.entries():
            if name not in known:
                raise node.error(f"there is no {what} '{name}'", f"{what}s: {', '.join(sorted(known))}")
            found[name] = self.lines(node)
        return found

    def lines(self, root: YamlNode) -> dict[Key, _Bound]:
        return {key: _Bound(self._line(node), node) for key, node in self._keys(root)}

    def _keys(self, root: YamlNode) -> Iterator[tuple[Key, YamlNode]]:
        for name, node in root.entries():
            key = key_called(name, node)
            if key not in self._sent:
                raise node.error("no device sends this key", "see keymaps/devices")
            yield key, node

    def _line(self, node: YamlNode) -> Line:
        if not node.is_mapping:
            return {Phase.MAKE: node.choice(*self._actions)}
        node.only(*Phase)
        line = {Phase(name): child.choice(*self._actions) for name, child in node.entries()}
        if not line:
            raise node.error("does nothing", f"say what it does at {', '.join(Phase)}")
        for one, other, why in _CLASHES:
            if one in line and other in line:
                raise node[other.value].error(f"clashes with '{one}': {why}")
        return line

    def refuse_shadowed(self, outer: Mapping[Key, _Bound], inner: Iterable[Mapping[Key, _Bound]]) -> None:
        taken = set.intersection(*(set(lines) for lines in inner))
        for key in taken & outer.keys():
            raise outer[key].node.error("is never reached: every screen has a line of its own for this key")


def _plain(lines: Mapping[Key, _Bound]) -> dict[Key, Line]:
    return {key: bound.line for key, bound in lines.items()}


def _plain_groups(groups: Mapping[str, Mapping[Key, _Bound]]) -> dict[str, dict[Key, Line]]:
    return {name: _plain(lines) for name, lines in groups.items()}


def key_called(name: str, node: YamlNode) -> Key:
    """The logical key ``name``, which stands at ``node``."""
    try:
        return Key(name)
    except ValueError:
        raise node.error(f"there is no key '{name}'", f"keys: {', '.join(Key)}") from None


def load_physical(path: Path) -> dict[str, Key]:
    """Physical key name -> logical key, for SDL's keyboard (``desktop.yaml``)."""
    return {name: key_called(node.text(), node) for name, node in load_yaml(path).entries()}
