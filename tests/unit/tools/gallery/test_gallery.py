"""The command: what it draws, and what it refuses."""

from __future__ import annotations

from pathlib import Path

import pygame
import pytest

from tools.gallery.__main__ import main
from tools.gallery.exhibits import families

Capture = pytest.CaptureFixture[str]


def test_it_draws_a_family_and_an_index(tmp_path: Path, capsys: Capture) -> None:
    assert main(["--family", "basics", "--out", str(tmp_path / "new"), "--resolution", "1280x720"]) == 0
    captured = capsys.readouterr()
    *pictures, index = map(Path, captured.out.splitlines())
    assert {each.name for each in pictures} == {each.name for each in (tmp_path / "new").glob("*.png")}
    assert all(pygame.image.load(str(each)).get_width() <= 1280 for each in pictures)
    page = index.read_text("utf-8")
    assert all(each.name in page for each in pictures)
    assert captured.err == f"basics: {len(families()['basics'])} exhibits...\n"


def test_every_exhibit_has_a_name_of_its_own(capsys: Capture) -> None:
    assert main(["--list"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == len(set(lines)) == sum(map(len, families().values()))
    assert "basics: button.focused" in lines


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["--family", "chairs"], "no family 'chairs'; known: basics,"),
        (["--text-size", "XS"], "argument --text-size: invalid choice: 'XS'"),
        (["--resolution", "1920"], "argument --resolution: expected WIDTHxHEIGHT, found '1920'"),
        (["--resolution", "1920x1200"], "argument --resolution: 1920x1200 is not 16:9"),
        (["--loud"], "unrecognized arguments: --loud"),
    ],
)
def test_bad_usage_is_one_line_and_exit_2(arguments: list[str], complaint: str, capsys: Capture) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    error = capsys.readouterr().err
    assert complaint in error and error.count("\n") == 1


def test_a_folder_that_cannot_be_made_is_one_line(tmp_path: Path, capsys: Capture) -> None:
    file = tmp_path / "file"
    file.touch()
    assert main(["--family", "looks", "--out", str(file)]) == 1
    error = capsys.readouterr().err
    assert str(file) in error and error.count("\n") == 1
