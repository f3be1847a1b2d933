"""Physical maps, a file for a kind of remote (``ui_assets/keymaps/devices``): the kernel's key code -> logical key.

A file says whom it is for (``match``: name with ``*``, bus, vendor, product; all that stand there must agree), which
other file it changes (``extends``), and its ``keys``; ``nothing`` takes an inherited key away. ``default.yaml`` serves
everybody else.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from device.api.errors import ConfigError
from device.api.yaml_file import YamlNode, load_yaml
from stb_app.input.kernel import CODES, KEY_MAX, NAMES, Identity
from stb_app.input.keymap import key_called
from stb_app.input.keys import Key

DEFAULT = "default"
NOTHING = "nothing"
_AMONG_OTHERS = frozenset({Key.MUTE})
"""Headsets and loudspeakers have it too: alone it makes no remote."""


@dataclass(frozen=True)
class Match:
    """None and '' match everybody."""

    name: str = ""
    bus: int | None = None
    vendor: int | None = None
    product: int | None = None

    def fits(self, identity: Identity) -> bool:
        numbers = ((self.bus, identity.bus), (self.vendor, identity.vendor), (self.product, identity.product))
        if any(wanted is not None and wanted != found for wanted, found in numbers):
            return False
        return not self.name or fnmatchcase(identity.name.lower(), self.name.lower())

    @property
    def exactness(self) -> int:
        """How much it asks for; the map that asks for most is taken."""
        return bool(self.name) + sum(each is not None for each in (self.bus, self.vendor, self.product))


@dataclass(frozen=True)
class DeviceMap:
    """What one kind of remote sends."""

    name: str
    match: Match
    keys: dict[int, Key]

    def serves(self, codes: Iterable[int]) -> bool:
        """Whether a device that can send ``codes`` is a remote, and not a mouse, a lid or a power button."""
        return bool({self.keys[code] for code in codes if code in self.keys} - _AMONG_OTHERS)


class Devices:
    """All maps that there are."""

    def __init__(self, maps: dict[str, DeviceMap]) -> None:
        self._maps = maps

    def map_for(self, identity: Identity) -> DeviceMap:
        fitting = [each for each in self._maps.values() if each.name != DEFAULT and each.match.fits(identity)]
        return max(fitting, key=lambda each: each.match.exactness, default=self._maps[DEFAULT])

    @property
    def sent(self) -> frozenset[Key]:
        """Every key that some remote sends."""
        return frozenset(key for each in self._maps.values() for key in each.keys.values())


def load_devices(folder: Path) -> Devices:
    """Every ``*.yaml`` of ``folder``; ConfigError with file and line for what is wrong in one."""
    paths = {path.stem: path for path in sorted(folder.glob("*.yaml"))}
    if DEFAULT not in paths:
        raise ConfigError(f"{folder / DEFAULT}.yaml: no such file")
    nodes = {name: load_yaml(path).only("match", "extends", "keys") for name, path in paths.items()}
    maps: dict[str, DeviceMap] = {}
    for name, node in nodes.items():
        map_ = DeviceMap(name, _match(node), _keys(name, nodes, ()))
        if (name == DEFAULT) is not (map_.match == Match()):
            raise node.error(
                "must say for which devices it is" if name != DEFAULT else "is for all devices", "see 'match'"
            )
        twin = next((each for each in maps.values() if each.match == map_.match), None)
        if twin is not None:
            raise node.error(f"is for the same devices as {twin.name}.yaml", "say more under 'match'")
        maps[name] = map_
    return Devices(maps)


def _match(root: YamlNode) -> Match:
    node = root.get("match")
    if node is None:
        return Match()
    node.only("name", "bus", "vendor", "product")
    name = node.get("name")
    numbers = {each: node.get(each) for each in ("bus", "vendor", "product")}
    found = {each: None if child is None else child.integer(0, 0xFFFF) for each, child in numbers.items()}
    return Match("" if name is None else name.text(), **found)


def _keys(name: str, nodes: dict[str, YamlNode], below: tuple[str, ...]) -> dict[int, Key]:
    """The keys of file ``name`` with those that it inherits; ``below``: the files that extend it."""
    root = nodes[name]
    parent = root.get("extends")
    keys = {}
    if parent is not None:
        inherited = parent.choice(*sorted(nodes))
        if inherited in (*below, name):
            raise parent.error(f"leads back to {name}.yaml")
        keys = _keys(inherited, nodes, (*below, name))
    own: dict[int, str] = {}
    for called, node in root["keys"].entries():
        code = _code(called, node)
        if code in own:
            raise node.error(f"is the code of '{own[code]}', which stands here too")
        own[code] = called
        if node.text() == NOTHING:
            if keys.pop(code, None) is None:
                raise node.error("takes nothing away: no key was inherited")
        else:
            keys[code] = key_called(node.text(), node)
    return keys


def _code(name: str, node: YamlNode) -> int:
    if name in CODES:
        return CODES[name]
    try:
        code = int(name, 0)
    except ValueError:
        raise node.error(f"there is no key code '{name}'", "write its number: 0x1d0") from None
    if not 0 < code <= KEY_MAX:
        raise node.error(f"is outside 1 to {KEY_MAX:#x}")
    return code


def code_name(code: int) -> str:
    """For people: the kernel's name, or the number as maps take it."""
    return NAMES.get(code, f"{code:#x}")
