"""The one YAML loader: every complaint names file and line, what was expected and what stands there.

A document is walked, not dumped into a dict: each step asks for what it expects, so a typo is found at load and
not when a viewer presses a key::

    node = load_yaml(path)
    name = node["name"].text()
    for row in node["rows"].items():
        row.only("id", "price")
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeVar

import yaml

from device.api.errors import ConfigError

T = TypeVar("T")

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
MAX_BYTES = 1024 * 1024
MAX_VALUES = 100_000
MAX_DEPTH = 64
"""Bounds of time, memory and stack: libyaml's composer ends the process at some thousand levels."""

_UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What YAML 1.1 (5.1) does not take, and its line breaks that no editor counts as such (U+0085, U+2028, U+2029)."""


class YamlError(ConfigError):
    """``FILE:LINE: what is wrong``; ``path`` and ``line`` (from 1) are kept as data."""

    def __init__(self, path: str, line: int, message: str, remedy: str = "") -> None:
        super().__init__(f"{path}:{line}: {message}", remedy=remedy)
        self.path = path
        self.line = line


class YamlNode:
    """One value of a YAML document together with its place and its name."""

    def __init__(self, node: yaml.Node, path: str, name: str) -> None:
        self._node = node
        self._path = path
        self.name = name
        """Where in the document, dotted: ``boxes[0].card.number``."""

    @property
    def line(self) -> int:
        return self._node.start_mark.line + 1

    def error(self, message: str, remedy: str = "") -> YamlError:
        """An error at this place, for checks that only the caller can make."""
        return YamlError(self._path, self.line, f"{self.name or 'the document'}: {message}", remedy)

    def _expected(self, what: str) -> YamlError:
        if isinstance(self._node, yaml.ScalarNode):
            found = f"'{_shown(self._node.value)}'" if self._node.value else "nothing"
        else:
            found = "a mapping" if isinstance(self._node, yaml.MappingNode) else "a list"
        return self.error(f"expected {what}, found {found}")

    def _pairs(self) -> list[tuple[yaml.ScalarNode, yaml.Node]]:
        if not isinstance(self._node, yaml.MappingNode):
            raise self._expected("a mapping")
        pairs: list[tuple[yaml.ScalarNode, yaml.Node]] = []
        seen: set[str] = set()
        for key, value in self._node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise YamlError(self._path, key.start_mark.line + 1, "a key must be plain text")
            if key.value in seen:
                raise YamlError(self._path, key.start_mark.line + 1, f"'{_shown(key.value)}' stands here twice")
            seen.add(key.value)
            pairs.append((key, value))
        return pairs

    def _child(self, node: yaml.Node, step: str) -> YamlNode:
        dot = "." if self.name and not step.startswith("[") else ""
        return YamlNode(node, self._path, f"{self.name}{dot}{_shown(step)}")

    @property
    def is_mapping(self) -> bool:
        """Whether keys and values stand here, for what may be short or written out."""
        return isinstance(self._node, yaml.MappingNode)

    def get(self, key: str) -> YamlNode | None:
        """The value of ``key``, or None where it is missing or null."""
        for each, value in self._pairs():
            if each.value == key:
                return None if value.tag == "tag:yaml.org,2002:null" else self._child(value, key)
        return None

    def __getitem__(self, key: str) -> YamlNode:
        for each, value in self._pairs():
            if each.value == key:
                child = self._child(value, key)
                if value.tag == "tag:yaml.org,2002:null":
                    raise child._expected("a value")
                return child
        raise self.error(f"'{key}' is missing", f"add '{key}:'")

    def entries(self) -> Iterator[tuple[str, YamlNode]]:
        """Key and value of a mapping, in the file's order."""
        for key, value in self._pairs():
            yield key.value, self._child(value, key.value)

    def items(self) -> Iterator[YamlNode]:
        """The members of a list."""
        if not isinstance(self._node, yaml.SequenceNode):
            raise self._expected("a list")
        for index, each in enumerate(self._node.value):
            yield self._child(each, f"[{index}]")

    def only(self, *known: str) -> YamlNode:
        """Refuse any other key, so that a typo is an error and not a default; returns itself."""
        for key, _ in self._pairs():
            if key.value not in known:
                raise YamlError(
                    self._path,
                    key.start_mark.line + 1,
                    f"'{_shown(key.value)}' is not known here",
                    f"known: {', '.join(known)}",
                )
        return self

    def _scalar(self, tag: str, what: str) -> str:
        if not isinstance(self._node, yaml.ScalarNode) or self._node.tag != f"tag:yaml.org,2002:{tag}":
            raise self._expected(what)
        return str(self._node.value)

    def text(self) -> str:
        """A text that is not empty; a bare number is taken as it is written (card numbers, telephone numbers)."""
        if not isinstance(self._node, yaml.ScalarNode) or self._node.tag == "tag:yaml.org,2002:null":
            raise self._expected("a text")
        if not self._node.value.strip():
            raise self._expected("a text")
        return str(self._node.value)

    def integer(self, minimum: int | None = None, maximum: int | None = None) -> int:
        value = self._scalar("int", "a whole number")
        try:
            number = int(value.replace("_", ""), 0)
        except ValueError:
            raise self._expected("a whole number (decimal, or 0x…)") from None
        if (minimum is not None and number < minimum) or (maximum is not None and number > maximum):
            low = "" if minimum is None else f"{minimum} or more"
            high = "" if maximum is None else f"at most {maximum}"
            raise self.error(f"{_shown(value)} is outside: {' and '.join(part for part in (low, high) if part)}")
        return number

    def number(self) -> float:
        if isinstance(self._node, yaml.ScalarNode) and self._node.tag in (
            "tag:yaml.org,2002:int",
            "tag:yaml.org,2002:float",
        ):
            try:
                value = float(self._node.value.replace("_", ""))
            except ValueError:
                value = math.nan
            if math.isfinite(value):
                return value
        raise self._expected("a number")

    def boolean(self) -> bool:
        return self._scalar("bool", "true or false").lower() in ("true", "yes", "on")

    def choice(self, *allowed: str) -> str:
        value = self.text()
        if value not in allowed:
            raise self._expected(f"one of {', '.join(allowed)}")
        return value

    def texts(self) -> list[str]:
        return [each.text() for each in self.items()]


def load_yaml(path: Path) -> YamlNode:
    """Read and parse ``path``; YamlError or ConfigError in one line where that cannot be."""
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise ConfigError(f"{path}: no such file") from None
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}") from None
    return parse_yaml(data, str(path))


def parse_yaml(data: bytes, path: str) -> YamlNode:
    """The same for bytes that are at hand; ``path`` only names them in errors."""
    if len(data) > MAX_BYTES:
        raise ConfigError(f"{path}: longer than {MAX_BYTES} bytes")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise YamlError(path, line, "not UTF-8", "save the file as UTF-8") from None
    if unprintable := _UNPRINTABLE.search(text):
        line = text.count("\n", 0, unprintable.start()) + 1
        raise YamlError(path, line, f"a character that is not taken: U+{ord(unprintable[0]):04X}")
    try:
        _refuse_excess(text, path)
        node = yaml.compose(text, Loader=_LOADER)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        raise YamlError(
            path, line, f"not YAML: {_shown(', '.join(filter(None, (error.context, error.problem))), 200)}"
        ) from None
    if node is None:
        raise YamlError(path, 1, "the file is empty")
    return YamlNode(node, path, "")


def _refuse_excess(text: str, path: str) -> None:
    """What no file of ours needs: aliases (documents that grow when walked), tags (types of a program's own), and
    more depth or values than a person writes. Looks at events, which cost no stack, before anything is built."""
    depth = 0
    for count, event in enumerate(yaml.parse(text, Loader=_LOADER)):
        line = event.start_mark.line + 1 if event.start_mark else 1
        if isinstance(event, yaml.AliasEvent):
            raise YamlError(path, line, f"alias *{_shown(str(event.anchor))} is not taken", "write it out")
        if isinstance(event, yaml.ScalarEvent | yaml.CollectionStartEvent) and event.tag is not None:
            raise YamlError(path, line, f"tag {_shown(event.tag)} is not taken", "leave it out")
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > MAX_DEPTH:
            raise YamlError(path, line, f"nested deeper than {MAX_DEPTH}")
        if count > MAX_VALUES:
            raise YamlError(path, line, f"more than {MAX_VALUES} values")


def _shown(text: str, most: int = 60) -> str:
    """``text`` for a complaint of one line."""
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[: most - 1]}…"
