"""The configuration: what is taken, and the one line that each mistake gets."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from device.api.errors import ConfigError
from device.api.methods import Role
from device.config import EXAMPLE, load_config

GOOD = {
    "service": "https://account.example.net",
    "ca": "ca.crt",
    "socket": "run/device.sock",
    "state": "/var/lib/stb",
    "device_key": "device.pem",
    "reader": "pcsc:",
    "roles": {0: "operator", 990: "viewer"},
    "model": "M",
    "manufacturer": "X",
}


def load(folder: Path, **changes: object) -> object:
    path = folder / "device.yaml"
    kept = {key: value for key, value in {**GOOD, **changes}.items() if value is not ...}
    path.write_text(yaml.safe_dump(kept, allow_unicode=True), encoding="utf-8")
    return load_config(path)


def test_the_example_of_the_help_is_a_configuration(tmp_path: Path) -> None:
    (tmp_path / "device.yaml").write_text(EXAMPLE)
    config = load_config(tmp_path / "device.yaml")
    assert config.service == "https://account.example.net"
    assert config.roles == {0: Role.operator, 990: Role.viewer}
    assert config.log is not None and config.log.max_bytes == 262144
    assert config.identity_root == Path("/")


def test_relative_paths_begin_at_the_files_folder(tmp_path: Path) -> None:
    load(tmp_path)
    config = load_config(tmp_path / "device.yaml")
    assert (config.ca, config.socket) == (tmp_path / "ca.crt", tmp_path / "run/device.sock")
    assert (config.state, config.log) == (Path("/var/lib/stb"), None)


@pytest.mark.parametrize(
    ("service", "origin"),
    [
        ("https://account.example.net/", "https://account.example.net"),
        ("https://ACCOUNT.example.net:8443", "https://account.example.net:8443"),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000"),
        ("http://localhost:8000", "http://localhost:8000"),
        ("http://[::1]:8000", "http://[::1]:8000"),
    ],
)
def test_an_origin_has_one_spelling(tmp_path: Path, service: str, origin: str) -> None:
    load(tmp_path, service=service)
    assert load_config(tmp_path / "device.yaml").service == origin


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"service": "http://account.example.net"}, "loopback only"),
        ({"service": "http://127.0.0.1.example.net"}, "loopback only"),
        ({"service": "http://192.168.0.1"}, "loopback only"),
        ({"service": "https://user@account.example.net"}, "not an origin"),
        ({"service": "https://account.example.net/v1"}, "no path"),
        ({"service": "https://account.example.net?x=1"}, "no path"),
        ({"service": "https://счёт.example"}, "plain ASCII"),
        ({"service": "https://a|b"}, "plain ASCII"),
        ({"service": "https://a:99999"}, "not an origin"),
        ({"service": "ftp://a"}, "not an origin"),
        ({"service": "account.example.net"}, "not an origin"),
        ({"service": ...}, "'service' is missing"),
        ({"ca": ...}, "'ca' is missing"),
        ({"state": ""}, "expected a text"),
        ({"roles": {"root": "operator"}}, "no uid"),
        ({"roles": {0: "king"}}, "one of viewer, installer, operator"),
        ({"roles": ["operator"]}, "expected a mapping"),
        ({"log": {"file": "l", "max_bytes": 5}}, "4096 or more"),
        ({"log": {"file": "l", "backups": 99}}, "at most 9"),
        ({"log": {"max_bytes": 5000}}, "'file' is missing"),
        ({"socket": "s" * 200}, "107 bytes"),
        ({"sokcet": "x"}, "'sokcet' is not known"),
    ],
)
def test_mistakes_name_file_line_and_what_was_expected(tmp_path: Path, changes: dict[str, object], said: str) -> None:
    with pytest.raises(ConfigError) as raised:
        load(tmp_path, **changes)
    text = str(raised.value)
    assert said in text and text.startswith(f"{tmp_path / 'device.yaml'}:") and "\n" not in text
