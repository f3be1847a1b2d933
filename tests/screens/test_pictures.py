"""The kept pictures are what the app draws, pixel by pixel; a difference is a report to look at."""

from __future__ import annotations

from pathlib import Path

import pygame
import pytest

from tests.screens import report
from tests.screens.pictures import FOLDER, SHOTS, main, path_of
from tests.screens.png import png
from tools.pilot.pilot import Pilot

LARGEST_FILE = 160_000


@pytest.fixture
def reports(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """Where reports are written: ``--report DIR``, else a folder of pytest's own."""
    chosen: str | None = request.config.getoption("--report")
    return Path(chosen) if chosen else tmp_path


@pytest.mark.parametrize("name", SHOTS)
def test_a_screen_looks_as_it_was_kept(name: str, reports: Path) -> None:
    kept, drawn = pygame.image.load(str(path_of(name))), SHOTS[name].draw()
    found = report.difference(kept, drawn)
    if found is not None:
        page = report.write_report(reports, name, kept, drawn, found)
        pytest.fail(
            f"{name}: {found.pixels} pixels differ, look at {page}; if they should: make pictures", pytrace=False
        )


def test_every_kept_picture_is_drawn_and_small() -> None:
    files = {path.stem: path.stat().st_size for path in FOLDER.glob("*.png")}
    assert files.keys() == SHOTS.keys()
    assert max(files.values()) < LARGEST_FILE, files


def test_the_same_picture_gives_the_same_file() -> None:
    one, other = SHOTS["home"].draw(), SHOTS["home"].draw()
    assert png(one) == png(other)


def test_a_picture_comes_back_from_its_file_as_it_was(tmp_path: Path) -> None:
    drawn, path = SHOTS["home"].draw(), tmp_path / "home.png"
    path.write_bytes(png(drawn))
    assert report.difference(pygame.image.load(str(path)), drawn) is None


def test_an_unknown_picture_is_refused_in_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["hone"]) == 2
    assert capsys.readouterr().err.startswith("there is no picture hone; pictures: home, ")


def test_levels_are_those_of_television() -> None:
    """16 to 235 in each channel, over the whole picture (ITU-R BT.709)."""
    for name in SHOTS:
        levels = set(pygame.image.tobytes(SHOTS[name].draw(), "RGB"))
        assert min(levels) >= 16 and max(levels) <= 235, (name, min(levels), max(levels))
    levels = set(pygame.image.tobytes(Pilot(height=720).platform.canvas(), "RGB"))
    assert min(levels) >= 16 and max(levels) <= 235, (min(levels), max(levels))
