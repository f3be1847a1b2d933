"""Maps of remotes: which file serves which device, what it changes, and complaints by file and line."""

from __future__ import annotations

from pathlib import Path

import pytest

from device.api.errors import ConfigError
from stb_app.bootstrap import remote_keys
from stb_app.input.devices import Devices, load_devices
from stb_app.input.kernel import BUS_CEC, CODES, Identity
from stb_app.input.keys import Key


@pytest.fixture(scope="module")
def shipped() -> Devices:
    return remote_keys()


def test_every_key_comes_from_some_remote(shipped: Devices) -> None:
    assert shipped.sent == set(Key)


def test_both_digit_ranges_and_all_ways_to_say_ok(shipped: Devices) -> None:
    keys = shipped.map_for(Identity("anything")).keys
    for digit in range(10):
        for prefix in ("KEY_", "KEY_NUMERIC_", "KEY_KP"):
            assert keys[CODES[f"{prefix}{digit}"]] == Key(str(digit))
    assert {keys[CODES[name]] for name in ("KEY_OK", "KEY_SELECT", "KEY_ENTER", "KEY_KPENTER")} == {Key.OK}


def test_the_tvs_own_return_button_goes_back(shipped: Devices) -> None:
    cec = shipped.map_for(Identity("vc4-hdmi-0", BUS_CEC, 0x2708, 1))
    assert cec.name == "cec"
    assert cec.keys[CODES["KEY_EXIT"]] is Key.BACK
    assert cec.keys[CODES["KEY_RED"]] is Key.RED, "inherited"
    assert shipped.map_for(Identity("ir")).keys[CODES["KEY_EXIT"]] is Key.EXIT


def test_a_device_is_a_remote_by_the_keys_that_it_can_send(shipped: Devices) -> None:
    keys = shipped.map_for(Identity())
    mouse, lid, power, headset = {0x110, 0x111, 0x112}, set[int](), {116}, {113, 114, 115}
    for other in (mouse, lid, power, headset):
        assert not keys.serves(other)
    assert keys.serves({CODES["KEY_OK"]}) and keys.serves({CODES["KEY_MUTE"], CODES["KEY_1"]})


def folder(path: Path, **files: str) -> Path:
    for name, text in files.items():
        (path / f"{name}.yaml").write_text(text, encoding="utf-8")
    return path


def test_the_map_that_asks_for_most_is_taken(tmp_path: Path) -> None:
    maps = load_devices(folder(
        tmp_path,
        default="keys: {KEY_OK: OK, KEY_UP: UP}",
        acme="match: {vendor: 0x1234}\nextends: default\nkeys: {KEY_UP: DOWN}",
        acme_two="match: {vendor: 0x1234, name: 'acme *2'}\nextends: acme\nkeys: {KEY_OK: nothing, 0x1d0: RED}",
    ))  # fmt: skip
    assert maps.map_for(Identity("Other", 3, 1, 1)).keys == {352: Key.OK, 103: Key.UP}
    assert maps.map_for(Identity("ACME remote", 3, 0x1234, 1)).keys == {352: Key.OK, 103: Key.DOWN}
    assert maps.map_for(Identity("ACME Remote 2", 3, 0x1234, 1)).keys == {103: Key.DOWN, 0x1D0: Key.RED}


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("keys:\n  KEY_WARP: OK\n", 2, "there is no key code 'KEY_WARP'"),
        ("keys:\n  0x400: OK\n", 2, "is outside 1 to 0x2ff"),
        ("keys:\n  KEY_OK: SIDEWAYS\n", 2, "there is no key 'SIDEWAYS'"),
        ("keys:\n  KEY_OK: OK\n  352: UP\n", 3, "is the code of 'KEY_OK'"),
        ("keys:\n  KEY_OK: OK\n  KEY_OK: UP\n", 3, "stands here twice"),
        ("keys:\n  KEY_OK: nothing\n", 2, "no key was inherited"),
        ("extends: nobody\nkeys: {}\n", 1, "expected one of"),
        ("extends: bad\nkeys: {}\n", 1, "leads back to bad.yaml"),
        ("match: {bus: -1}\nkeys: {}\n", 1, "outside"),
        ("match: {colour: red}\nkeys: {}\n", 1, "'colour' is not known here"),
        ("keys: {KEY_OK: OK}\n", 1, "must say for which devices it is"),
        ("match: {bus: 3}\n", 1, "'keys' is missing"),
    ],
)
def test_a_bad_map_is_told_by_file_and_line(tmp_path: Path, text: str, line: int, says: str) -> None:
    folder(tmp_path, default="keys: {KEY_UP: UP}", bad=text)
    with pytest.raises(ConfigError) as caught:
        load_devices(tmp_path)
    told = str(caught.value)
    assert says in told and told.startswith(f"{tmp_path}/bad.yaml:{line}: "), told


def test_two_maps_for_the_same_devices_are_told(tmp_path: Path) -> None:
    twin = "match: {bus: 3}\nkeys: {KEY_OK: OK}"
    folder(tmp_path, default="keys: {KEY_UP: UP}", one=twin, other=twin)
    with pytest.raises(ConfigError, match=r"other\.yaml:1: .*is for the same devices as one\.yaml"):
        load_devices(tmp_path)


def test_without_a_default_there_is_one_clear_line(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"default\.yaml: no such file"):
        load_devices(tmp_path)
