"""The pictures of README.md: ``python -m tests.screens.pictures`` draws them anew."""

from __future__ import annotations

import sys
from pathlib import Path

import pygame

from tools.pilot.pilot import Pilot

FOLDER = Path(__file__).with_suffix("")
HOME = FOLDER / "home.png"


def draw_home() -> pygame.Surface:
    """Home of the household ``family`` at 1920x1080, in Russian, at size M."""
    return Pilot().platform.canvas()


def main() -> int:
    FOLDER.mkdir(exist_ok=True)
    pygame.image.save(draw_home(), str(HOME))
    sys.stdout.write(f"{HOME}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
