"""The command line: what is taken, and one clear line with exit 2 for what is not, before any process starts."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from device.api.errors import ApiError
from tools.simulator.cli import build_parser, read_settings
from tools.simulator.faults import FAULTS
from tools.simulator.processes import ROOT


def test_defaults_are_those_of_the_contract() -> None:
    settings = read_settings([], {})
    assert (settings.household.name, settings.box.id, settings.operator) == ("family", "living-room", "mts")
    assert (settings.language, settings.text_size, settings.resolution) == ("ru", "M", "1920x1080")
    assert (settings.script, settings.out, settings.state) == (None, None, None)


@pytest.mark.parametrize(
    ("arguments", "environment", "window"),
    [([], {}, False), ([], {"DISPLAY": ":0"}, True), (["--headless"], {"DISPLAY": ":0"}, False)],
)
def test_a_window_needs_a_display(arguments: list[str], environment: dict[str, str], window: bool) -> None:
    assert read_settings(arguments, environment).window is window


def test_a_box_is_counted_from_one() -> None:
    assert read_settings(["--box", "2"], {}).box.id == "kitchen"
    with pytest.raises(ApiError, match="--box 3: household 'family' has no such box; there are 1 Гостиная, 2 Кухня"):
        read_settings(["--box", "3"], {})
    with pytest.raises(ApiError, match="--box 0"):
        read_settings(["--box", "0"], {})


def test_an_unknown_household_is_named_with_those_that_exist() -> None:
    with pytest.raises(ApiError, match=r"'nobody'.*family"):
        read_settings(["--household", "nobody"], {})


@pytest.mark.parametrize(
    "arguments",
    [
        ["--reader", "usb:x"],
        ["--browser"],
        ["--record", "x"],
        ["--language", "de"],
        ["--text-size", "XXL"],
        ["--operator", "other"],
        ["--resolution", "big"],
        ["--resolution", "100x100"],
        ["--resolution", "9999x9999"],
        ["--box", "first"],
        ["--head"],
        ["extra"],
    ],
)
def test_what_does_not_exist_is_bad_usage(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        read_settings(arguments, {})
    assert caught.value.code == 2
    [line] = capsys.readouterr().err.splitlines()
    assert line.startswith("python -m tools.simulator: ")


def test_a_script_is_read_before_anything_starts(tmp_path: Path) -> None:
    script = tmp_path / "demo.txt"
    script.write_text("sleep 0\nscreenshot home\n")
    settings = read_settings(["--script", str(script), "--out", str(tmp_path / "out")], {})
    assert settings.script is not None
    assert len(settings.script.lines) == 2
    with pytest.raises(ApiError, match=r"demo\.txt:2: screenshot home writes a file; say --out DIR$"):
        read_settings(["--script", str(script)], {})
    script.write_text("fault payment.refund\n")
    with pytest.raises(ApiError, match=r"demo\.txt:1: 'payment.refund' does not exist; there are card\.remove"):
        read_settings(["--script", str(script)], {})


def test_help_tells_every_option_and_fault_and_nothing_that_is_not_built() -> None:
    text = build_parser().format_help()
    options = ("household", "language", "text-size", "resolution", "box", "operator", "headless", "script", "out")
    for name in (*options, "state", "reader"):
        assert f"--{name}" in text
    for fault in FAULTS:
        assert fault in text
    for later in ("--browser", "--record", "signal CN"):
        assert later not in text


@pytest.mark.parametrize(
    ("script", "line"),
    [
        ("jump", "demo.txt:1: 'jump' is no step"),
        ("fault card.swap family/attic", "demo.txt:1: household 'family' has no box 'attic'"),
        ("sleep 0\nfault card.insert profile:gold", "demo.txt:2: no card profile 'gold'"),
    ],
)
def test_a_script_that_cannot_run_exits_2_with_one_line(script: str, line: str, tmp_path: Path) -> None:
    (tmp_path / "demo.txt").write_text(script)
    done = subprocess.run(
        [sys.executable, "-m", "tools.simulator", "--script", str(tmp_path / "demo.txt")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 2
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1
    assert line in done.stderr
