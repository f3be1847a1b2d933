"""Which keys a run reads: the box's devices where no desktop does it already."""

from __future__ import annotations

from pathlib import Path

import pytest

from device.api.errors import ConfigError
from stb_app.bootstrap import remote_keys
from stb_app.input.keys import KeyEvent
from stb_app.input.remotes import FOLDER
from stb_app.input.sources import Sources, remote_of


@pytest.mark.parametrize(
    ("option", "environment", "read"),
    [
        ("auto", {}, FOLDER),
        ("auto", {"DISPLAY": ":0"}, None),
        ("auto", {"WAYLAND_DISPLAY": "wayland-0"}, None),
        ("auto", {"DISPLAY": ""}, FOLDER),
        ("none", {}, None),
        ("/dev/input/event3", {"DISPLAY": ":0"}, Path("/dev/input/event3")),
    ],
)
def test_the_remote_that_is_read(option: str, environment: dict[str, str], read: Path | None) -> None:
    assert remote_of(option, environment) == read


def test_a_recording_that_cannot_be_played_leaves_nothing_running(tmp_path: Path) -> None:
    got: list[KeyEvent] = []
    made, folder = tmp_path / "new.rec", tmp_path / "input"
    folder.mkdir()
    with pytest.raises(ConfigError, match="cannot be read"):
        Sources(folder, tmp_path / "none.rec", made).open(remote_keys(), got.append)
    assert got == []


def test_no_sources_are_fine() -> None:
    with Sources().open(remote_keys(), print):
        pass
