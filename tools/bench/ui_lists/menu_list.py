"""The list in pygame-menu, on a surface in memory: rows as high, as wide and as dark as the app's."""

from __future__ import annotations

import json
import os
import sys
import time

os.environ.update(SDL_VIDEODRIVER="dummy", SDL_AUDIODRIVER="dummy", PYGAME_HIDE_SUPPORT_PROMPT="1")

import pygame
import pygame_menu

ROWS, PASSES = 12, 3
DARK, SURFACE, GREY, RING = (18, 21, 27), (34, 39, 50), (235, 235, 235), (235, 77, 68)


def main() -> None:
    pygame.init()
    surface = pygame.display.set_mode((1920, 1080))
    theme = pygame_menu.Theme(
        background_color=DARK,
        title=False,
        widget_font_size=36,
        widget_font_color=GREY,
        widget_background_color=SURFACE,
        widget_padding=(32, 480),
        widget_margin=(0, 16),
        widget_selection_effect=pygame_menu.widgets.HighlightSelection(border_width=6, margin_x=6, margin_y=6),
        selection_color=RING,
    )
    menu = pygame_menu.Menu("", 1920, 1080, theme=theme)
    for number in range(ROWS):
        menu.add.button(f"Работы на спутнике {number + 1}, {28 - number} ноября, 13:00")
    keys = ([pygame.K_DOWN] * (ROWS - 1) + [pygame.K_UP] * (ROWS - 1)) * PASSES
    for _ in sys.stdin:
        taken = []
        for key in keys:
            began = time.perf_counter()
            pygame.event.post(pygame.event.Event(pygame.KEYDOWN, key=key, mod=0, unicode="", test=True))
            menu.update(pygame.event.get())
            menu.draw(surface)
            pygame.display.flip()
            taken.append(time.perf_counter() - began)
        assert menu.get_index() == 0, "the keys did not lead back to the first row"  # noqa: S101
        sys.stdout.write(json.dumps(taken) + "\n")
        sys.stdout.flush()


main()
