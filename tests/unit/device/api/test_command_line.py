"""Bad usage of a program of the box is one line that names it, and exit code 2; ``--help`` tells everything."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

import device.__main__
import stb_app.command
from device.api.command_line import INTERRUPTED, until_interrupted

MAINS: dict[str, Callable[[Sequence[str]], int]] = {
    "stb-app": stb_app.command.main,
    "stb-device": device.__main__.main,
}


@pytest.mark.parametrize("options", [["--no-such-option"], ["--resolution", "3\nx 3"], ["--config"], ["stray"]])
@pytest.mark.parametrize("program", MAINS)
def test_bad_usage_is_one_line(program: str, options: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        MAINS[program](options)
    said = capsys.readouterr()
    assert ended.value.code == 2
    assert said.out == ""
    assert said.err.count("\n") == 1 and said.err.startswith(f"{program}: ")


@pytest.mark.parametrize("program", MAINS)
def test_help_tells_everything_on_stdout(program: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        MAINS[program](["--help"])
    assert ended.value.code == 0
    assert f"usage: {program}" in capsys.readouterr().out


def test_ctrl_c_is_no_traceback_and_an_end_of_its_own() -> None:
    def interrupted() -> int:
        raise KeyboardInterrupt

    assert until_interrupted(interrupted) == INTERRUPTED == 130
    assert until_interrupted(lambda: 1) == 1
