"""Families of type: which files they are, and which of those that a theme wants can be used on this box."""

from __future__ import annotations

import importlib.util
import logging
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pygame
import pygame.font

from device.api.errors import ConfigError
from device.api.yaml_file import YamlNode, load_yaml
from stb_app.toolkit.theme import WEIGHTS

logger = logging.getLogger(__name__)

TRIED_AT = 28
"""Pixels: a file is opened once at the smallest size that there is, to see whether it is a font."""
_HEADER, _TABLE = struct.Struct(">4xH6x"), struct.Struct(">8xII")
"""OpenType 1.9, "Table Directory": the number of tables; offset and length of each."""


@dataclass(frozen=True)
class Family:
    """``files`` by weight; ``instead``: what is drawn for a character that the family lacks (``str.translate``)."""

    name: str
    files: Mapping[str, Path]
    instead: Mapping[int, str]


class Unusable(Exception):
    """Why a family cannot be used here."""


def find_family(path: Path, wanted: Sequence[str]) -> Family:
    """The first of ``wanted`` (names of families in the file ``path``) that is here whole; ConfigError where none is.

    The log says which one it is, and why it is not the one that is wanted first.
    """
    root = load_yaml(path)
    pygame.font.init()
    reasons: list[str] = []
    for name in wanted:
        node = root.get(name)
        if node is None:
            known = ", ".join(sorted(each for each, _ in root.entries()))
            raise ConfigError(
                f"{path}: the theme wants the font '{name}', which is not in this file", remedy=f"there are: {known}"
            )
        try:
            family = _family(name, node)
        except Unusable as reason:
            reasons.append(str(reason))
            continue
        if reasons:
            logger.warning("%s; the font is %s instead", "; ".join(reasons), name)
        else:
            logger.info("the font is %s", name)
        return family
    packages = " or ".join(root[name]["package"].text() for name in wanted)
    raise ConfigError(f"no font can be used: {'; '.join(reasons)}", remedy=f"install {packages} again")


def _family(name: str, node: YamlNode) -> Family:
    node.only("package", "module", "licence", "instead", *WEIGHTS)
    package = node["package"].text()
    try:
        spec = importlib.util.find_spec(node["module"].text())
    except (ImportError, ValueError):
        spec = None
    if spec is None or not spec.submodule_search_locations:
        raise Unusable(f"the package {package} is not installed")
    folder = Path(spec.submodule_search_locations[0])
    files = {weight: folder / node[weight].text() for weight in WEIGHTS}
    for file in dict.fromkeys(files.values()):
        _try(file, package)
    instead = node.get("instead")
    pairs = {} if instead is None else {ord(char): other.text() for char, other in instead.entries()}
    return Family(name, files, pairs)


def _try(file: Path, package: str) -> None:
    try:
        with file.open("rb") as opened:
            data = opened.read()
    except FileNotFoundError:
        raise Unusable(f"the package {package} lacks {file.name}") from None
    except OSError as error:
        raise Unusable(f"{file} cannot be read: {error.strerror}") from None
    try:
        # FreeType opens a file whose end is missing, and draws boxes from it
        tables = [_TABLE.unpack_from(data, _HEADER.size + 16 * n) for n in range(_HEADER.unpack_from(data)[0])]
        whole = all(offset + length <= len(data) for offset, length in tables)
        if not whole or not tables:
            raise ValueError
        pygame.font.Font(str(file), TRIED_AT).size("0")
    except (struct.error, ValueError, pygame.error):
        raise Unusable(f"{file} is not a whole font file") from None
