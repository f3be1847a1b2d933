"""The Chip ID from the kernel's files below a root, in the order of facts/device.md."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from device.ports.chip_identity import ChipId, ChipIdentity, ChipIdMissing

_MAX_BYTES = 4096
_CPUINFO_BYTES = 256 * 1024
_CPUINFO_SERIAL = re.compile(r"^Serial\s*:\s*(\S+)\s*$", re.MULTILINE)
_SHAPE = re.compile(r"[A-Za-z0-9._:-]{4,64}")


class ChipIdFiles(ChipIdentity):
    """Vendor nvmem cell, SoC serial, SoC id, device tree, CPU info; the first that holds an identity counts.

    An nvmem cell counts where its name says so (``chip-id@…``, ``serial-number@…``); its bytes are taken as text
    where they are printable, else as upper-case hexadecimal.
    """

    def __init__(self, root: Path) -> None:
        self._root = root

    def read(self) -> ChipId:
        for path, value in self._candidates():
            if is_identity(value):
                return ChipId(value, str(path))
        raise ChipIdMissing(
            f"no Chip ID below {self._root}",
            remedy="looked in nvmem cells, sys/devices/soc0, the device tree, proc/cpuinfo: return the box",
        )

    def _candidates(self) -> Iterator[tuple[Path, str]]:
        for folder in sorted(self._root.glob("sys/bus/nvmem/devices/*/cells")):
            for pattern in ("chip-id@*", "chip_id@*", "serial-number@*"):
                for cell in sorted(folder.glob(pattern)):
                    yield cell, _text_or_hex(_read(cell))
        for name in (
            "sys/devices/soc0/serial_number",
            "sys/devices/soc0/soc_id",
            "sys/firmware/devicetree/base/serial-number",
        ):
            path = self._root / name
            yield path, _text_or_hex(_read(path))
        path = self._root / "proc/cpuinfo"
        match = _CPUINFO_SERIAL.search(_read(path, _CPUINFO_BYTES).decode("ascii", "replace"))
        yield path, match.group(1) if match else ""


def is_identity(value: str) -> bool:
    """All zeros or all ones (any width, with or without 0x) is no identity, nor is anything but a plain word."""
    digits = value.lower().removeprefix("0x").replace("-", "").replace(":", "")
    return _SHAPE.fullmatch(value) is not None and len(set(digits)) > 1


def _read(path: Path, limit: int = _MAX_BYTES) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(limit)
    except OSError:
        return b""  # a source this box does not have


def _text_or_hex(raw: bytes) -> str:
    text = raw.rstrip(b"\0\n\r \t")
    try:
        shown = text.decode("ascii")
    except UnicodeDecodeError:
        return raw.hex().upper()
    return shown if shown.isprintable() else raw.hex().upper()
