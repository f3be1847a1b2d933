"""The one YAML loader: every complaint names file and line, what was expected and what stands there.

A document is walked, not dumped into a dict: each step asks for what it expects, so a typo is found at load and
not when a viewer presses a key::

    node = load_yaml(path)
    name = node["name"].text()
    for row in node["rows"].items():
        row.only("id", "price")
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeVar

import yaml

from device.api.errors import ConfigError

T = TypeVar("T")

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
MAX_BYTES = 4 * 1024 * 1024


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
            found = f"'{self._node.value}'" if self._node.value else "nothing"
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
                raise YamlError(self._path, key.start_mark.line + 1, f"'{key.value}' stands here twice")
            seen.add(key.value)
            pairs.append((key, value))
        return pairs

    def _child(self, node: yaml.Node, step: str) -> YamlNode:
        dot = "." if self.name and not step.startswith("[") else ""
        return YamlNode(node, self._path, f"{self.name}{dot}{step}")

    def get(self, key: str) -> YamlNode | None:
        """The value of ``key``, or None where it is missing or null."""
        for each, value in self._pairs():
            if each.value == key:
                return None if value.tag == "tag:yaml.org,2002:null" else self._child(value, key)
        return None

    def __getitem__(self, key: str) -> YamlNode:
        child = self.get(key)
        if child is None:
            raise self.error(f"'{key}' is missing", f"add '{key}:'")
        return child

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
                    f"'{key.value}' is not known here",
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
            raise self.error(f"{number} is outside: {' and '.join(part for part in (low, high) if part)}")
        return number

    def number(self) -> float:
        if isinstance(self._node, yaml.ScalarNode) and self._node.tag in (
            "tag:yaml.org,2002:int",
            "tag:yaml.org,2002:float",
        ):
            try:
                return float(self._node.value.replace("_", ""))
            except ValueError:
                pass
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
        data = path.read_bytes()
    except FileNotFoundError:
        raise ConfigError(f"{path}: no such file") from None
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}") from None
    return parse_yaml(data, str(path))


def parse_yaml(data: bytes, path: str) -> YamlNode:
    """The same for bytes that are at hand; ``path`` only names them in errors."""
    if len(data) > MAX_BYTES:
        raise ConfigError(f"{path}: {len(data)} bytes, at most {MAX_BYTES} are read")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise YamlError(path, line, "not UTF-8", "save the file as UTF-8") from None
    try:
        node = yaml.compose(text, Loader=_LOADER)
        _refuse_aliases(text, path)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        raise YamlError(path, line, f"not YAML: {error.problem or error.context}") from None
    except yaml.YAMLError as error:
        raise YamlError(path, 1, f"not YAML: {str(error).splitlines()[0]}") from None
    except RecursionError:
        raise YamlError(path, 1, "nested too deep") from None
    if node is None:
        raise YamlError(path, 1, "the file is empty")
    return YamlNode(node, path, "")


def _refuse_aliases(text: str, path: str) -> None:
    """Aliases make documents that grow without bound when walked; no file of ours needs them."""
    for event in yaml.parse(text, Loader=_LOADER):
        if isinstance(event, yaml.AliasEvent):
            line = event.start_mark.line + 1 if event.start_mark else 1
            raise YamlError(path, line, f"alias *{event.anchor} is not taken", "write it out")
