"""The program on a box: one at a time, leftovers, exit codes, one line of complaint, readiness."""

from __future__ import annotations

import json
import os
import signal
import socket
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from tests.contract.device.world import ROOT, Box, Network, Program

MakeBox = Callable[..., Box]


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", *arguments], cwd=ROOT, capture_output=True, text=True, timeout=20)


def test_a_second_service_names_the_holder_and_exits_2(network: Network, make_box: MakeBox) -> None:
    box = make_box(network.url)
    box.start()
    assert box.program is not None
    second_card = [
        f"unix:{box.folder / 'second.sock'}" if part == box.card_address else part for part in box.arguments()
    ]
    second = run(*second_card)
    assert second.returncode == 2
    assert f"process {box.program.process.pid} " in second.stderr and second.stderr.count("\n") == 1
    assert box.status["state"] == "no_card", "the first one goes on"


def test_leftovers_of_a_killed_service_hinder_nobody(network: Network, make_box: MakeBox) -> None:
    box = make_box(network.url)
    box.start()
    box.stop(signal.SIGKILL)
    assert box.socket.exists() and box.socket.with_name("device.sock.lock").exists()
    box.start().wait_for("no_card", "C-01")
    assert stat.S_IMODE(box.socket.stat().st_mode) == 0o660
    assert stat.S_IMODE(box.socket.parent.stat().st_mode) == 0o750


def test_systemd_is_told_when_it_is_ready(network: Network, make_box: MakeBox, tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(str(tmp_path / "notify"))
        manager.settimeout(10)
        box = make_box(network.url)
        box.start({"NOTIFY_SOCKET": str(tmp_path / "notify")})
        assert manager.recv(100) == b"READY=1"
        assert box.stop() == 0
        assert manager.recv(100) == b"STOPPING=1"


def test_roles_are_those_of_the_configuration(network: Network, make_box: MakeBox) -> None:
    box = make_box(network.url)
    box.config["roles"] = {os.getuid() + 1: "operator"}
    box.program = None
    with pytest.raises(Exception, match="has no role here"):
        box.start()
    box.stop()


def _configuration(box: Box, **changes: object) -> str:
    path = box.folder / "changed.yaml"
    path.write_text(yaml.safe_dump({**box.config, **changes}))
    return str(path)


def test_unusable_configurations_are_one_line_and_exit_2(make_box: MakeBox, tmp_path: Path) -> None:
    box = make_box("https://localhost:1")
    not_a_ca = tmp_path / "not.crt"
    not_a_ca.write_text("hello")
    broken = tmp_path / "broken.yaml"
    broken.write_text("service: https://localhost\nca: [\n")
    cases = {
        str(tmp_path / "none.yaml"): "no such file",
        str(broken): "broken.yaml:",
        _configuration(box, service="http://account.example.net"): "loopback only",
    }
    for path, said in cases.items():
        ended = run("device", "--config", path)
        assert (ended.returncode, ended.stdout) == (2, "")
        assert said in ended.stderr and ended.stderr.count("\n") == 1, ended.stderr
    unknown_reader = run("device", "--config", _configuration(box, reader="usb:1"))
    assert unknown_reader.returncode == 2 and "reader: 'usb:1' names no reader" in unknown_reader.stderr
    for changes, said in (
        ({"ca": str(not_a_ca)}, "holds no certificate"),
        ({"ca": str(tmp_path / "none.crt")}, "No such file"),
        (
            {
                "ca": str(
                    box.ring.box(
                        "family", box.box.id, chip_id=box.box.chip_id, card_number=box.box.card_number
                    ).card_certificate
                )
            },
            "CA's",
        ),
        ({"socket": "/proc/nowhere/device.sock"}, "/proc/nowhere"),
    ):
        box.config.update(changes)
        ended = run(*box.arguments())
        assert (ended.returncode, ended.stdout) == (2, "")
        assert said in ended.stderr and ended.stderr.count("\n") == 1, ended.stderr
        box.config["ca"] = str(box.ring.ca_certificate)


def test_the_program_itself_serves_without_reader_and_network(make_box: MakeBox) -> None:
    box = make_box("https://localhost:1")
    config = _configuration(box, reader="pcsc:no such reader")
    program = Program(["device", "--config", config], box.folder / "stderr.log")
    box.connect()
    status = box.wait_for("refused", "C-05")
    assert status["reason"] in ("reader_unavailable", "reader_gone")
    assert box.call("smartcard.status")["status"] == "Error"
    assert box.client is not None
    box.client.close()
    box.client = None
    assert program.end() == 0
    assert box.log.read_text().count("the card reader fails") == 1


def test_help_tells_everything_and_bad_usage_exits_2() -> None:
    told = run("device", "--help")
    assert told.returncode == 0
    for word in ("--config", "service:", "roles:", "SIGTERM", "exit code 2", "listening"):
        assert word in told.stdout
    assert run("device").returncode == 2
    assert run("device", "--config").returncode == 2


def test_discover_tells_the_whole_table(network: Network, make_box: MakeBox) -> None:
    box = make_box(network.url)
    box.start()
    document = box.call("rpc.discover")
    assert json.dumps(document["openrpc"]) == '"1.3.2"'
    assert {each["name"] for each in document["methods"]} >= {"session.status", "account.request", "account.pending"}
