"""The Chip ID out of a folder that stands for the kernel's trees, in the order of facts/device.md."""

from __future__ import annotations

from pathlib import Path

import pytest

from device.adapters.chip_id_files import ChipIdFiles
from device.ports.chip_identity import ChipIdMissing

NVMEM = "sys/bus/nvmem/devices/efuse0/cells/chip-id@10,0"
SERIAL = "sys/devices/soc0/serial_number"
SOC_ID = "sys/devices/soc0/soc_id"
TREE = "sys/firmware/devicetree/base/serial-number"
CPUINFO = "proc/cpuinfo"
ORDER = (NVMEM, SERIAL, SOC_ID, TREE, CPUINFO)


def write(root: Path, name: str, content: bytes) -> None:
    (root / name).parent.mkdir(parents=True, exist_ok=True)
    (root / name).write_bytes(content)


def test_the_first_source_that_holds_one_counts(tmp_path: Path) -> None:
    for number, name in reversed(list(enumerate(ORDER))):
        content = f"Serial\t\t: 88410027000{number}\n" if name == CPUINFO else f"88410027000{number}\n"
        write(tmp_path, name, content.encode())
        chip = ChipIdFiles(tmp_path).read()
        assert (chip.value, chip.source) == (f"88410027000{number}", str(tmp_path / name))


@pytest.mark.parametrize(
    "nothing",
    [b"", b"\n", b"00000000", b"ffffffff", b"FFFF", b"0x0000", b"1111", b"00:00:00:00", b"\0" * 8, b"a b c", b"x" * 65],
)
def test_zeros_ones_and_rubbish_are_no_identity(tmp_path: Path, nothing: bytes) -> None:
    write(tmp_path, SERIAL, nothing)
    with pytest.raises(ChipIdMissing):
        ChipIdFiles(tmp_path).read()
    write(tmp_path, TREE, b"884100270011\0")
    assert ChipIdFiles(tmp_path).read().value == "884100270011", "the device tree's text ends with a zero"


def test_raw_cells_are_hexadecimal(tmp_path: Path) -> None:
    write(tmp_path, NVMEM, bytes((0x88, 0x41, 0xFE, 0x07)))
    assert ChipIdFiles(tmp_path).read().value == "8841FE07"


def test_a_folder_in_a_files_place_and_an_empty_root(tmp_path: Path) -> None:
    (tmp_path / SERIAL).mkdir(parents=True)
    with pytest.raises(ChipIdMissing, match="no Chip ID below"):
        ChipIdFiles(tmp_path).read()
