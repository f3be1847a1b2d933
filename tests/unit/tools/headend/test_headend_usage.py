"""What a user can get wrong on the command line: one clear line, exit 2, nothing made, no traceback."""

from __future__ import annotations

import socket
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tools.headend.__main__ import main
from tools.headend.bootstrap import Settings, prepare
from tools.headend.clock import SystemClock
from tools.provisioning import KeyRing


@pytest.fixture
def database(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'x.db'}"


def refused(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """The one line that these arguments are answered with."""
    assert main(arguments) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.count("\n") == 1, said.err
    return said.err


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("nonsense", "is no database URL"),
        ("mysql://x/y", "not supported"),
        ("sqlite://", "in memory"),
        ("sqlite:////no/such/folder/x.db", "No such file or directory"),
        (f"sqlite:///{Path(__file__).parent}", "unable to open database file"),
        ("postgresql+nodriver://x/y", "no driver"),
        ("postgresql+psycopg://nobody:hidden@127.0.0.1:1/x", "cannot be used"),
    ],
)
def test_a_database_that_cannot_be_used(capsys: pytest.CaptureFixture[str], url: str, why: str) -> None:
    said = refused(capsys, "--database", url, "--port", "0")
    assert why in said
    assert "hidden" not in said


def test_a_processor_that_is_not_there(capsys: pytest.CaptureFixture[str], tmp_path: Path, database: str) -> None:
    said = refused(capsys, "--database", database, "--port", "0", "--cpu", "4096")
    assert said.startswith("--cpu 4096: no such processor for this process; it has 0")
    assert not (tmp_path / "x.db").exists()


def test_a_database_of_newer_software_or_of_another_operator(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, database: str
) -> None:
    prepare(Settings(database), SystemClock()).database.close()
    arguments = ("--database", database, "--port", "0")
    assert "operator 'mts', not 'polaris'" in refused(capsys, *arguments, "--operator", "polaris")
    with closing(sqlite3.connect(tmp_path / "x.db")) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    assert "another version" in refused(capsys, *arguments)


@pytest.mark.parametrize(
    ("option", "url", "why"),
    [
        ("--smtp", "headend:hidden@mail.example.org", "mail server's URL"),
        ("--smtp", "smtp://headend:hidden@mail.example.org", "from=ADDRESS"),
        ("--sms-gateway", "sms.example.org/hidden", "SMS gateway's URL"),
    ],
)
def test_a_way_to_send_that_cannot_be_used(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, database: str, option: str, url: str, why: str
) -> None:
    said = refused(capsys, "--database", database, "--port", "0", option, url)
    assert why in said and "hidden" not in said
    assert not (tmp_path / "x.db").exists()


def test_a_port_in_use(capsys: pytest.CaptureFixture[str], database: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        said = refused(capsys, "--database", database, "--port", port)
    assert "Address already in use" in said and port in said


def test_a_host_that_is_none(capsys: pytest.CaptureFixture[str], database: str) -> None:
    assert "cannot listen on" in refused(capsys, "--database", database, "--port", "0", "--host", "192.0.2.1")


def test_tls_files_that_cannot_be_used(capsys: pytest.CaptureFixture[str], tmp_path: Path, database: str) -> None:
    base = ("--database", database, "--port", "0")
    missing = ("--tls-cert", str(tmp_path / "none.crt"), "--tls-key", str(tmp_path / "none.key"))
    assert "No such file" in refused(capsys, *base, *missing)
    certificate, _ = KeyRing(tmp_path / "a").tls()
    _, other_key = KeyRing(tmp_path / "b").tls()
    pair = ("--tls-cert", str(certificate), "--tls-key", str(other_key))
    assert "no certificate with its key" in refused(capsys, *base, *pair)


def test_a_key_folder_that_is_a_file(capsys: pytest.CaptureFixture[str], tmp_path: Path, database: str) -> None:
    (tmp_path / "keys").write_text("not a folder")
    assert "cannot be used" in refused(capsys, "--database", database, "--port", "0", "--seed", "family")


def test_keys_of_another_box_under_the_same_name(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, database: str
) -> None:
    KeyRing(tmp_path / "keys").box("new", "living-room", chip_id="1", card_number="2")
    assert "keys of another box" in refused(capsys, "--database", database, "--port", "0", "--seed", "new")


def test_an_operators_command_makes_no_database(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, database: str
) -> None:
    assert "no such file" in refused(capsys, "revoke-box", "884100270011", "--database", database)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "arguments",
    [
        ["--port", "0"],
        ["--database", "sqlite:///x.db"],
        ["--database", "sqlite:///x.db", "--port", "70000"],
        ["--database", "sqlite:///x.db", "--port", "-1"],
        ["--database", "sqlite:///x.db", "--port", "0", "--tls-cert", "x"],
        ["--database", "sqlite:///x.db", "--port", "0", "--seed", "nobody"],
        ["--database", "sqlite:///x.db", "--port", "0", "--origin", "ftp://x"],
        ["--database", "sqlite:///x.db", "--port", "0", "--origin", "https://x/path"],
        ["revoke-box", "1"],
        ["charge", "--database", "sqlite:///x.db", "--date", "2026-02-30"],
        ["frobnicate"],
    ],
)
def test_arguments_that_cannot_be(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    said = capsys.readouterr()
    assert (said.out, said.err.count("\n")) == ("", 1), said.err
    assert said.err.startswith("python -m tools.headend")
    assert list(tmp_path.iterdir()) == []
