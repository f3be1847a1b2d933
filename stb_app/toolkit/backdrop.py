"""The slow slope behind everything, dithered: on a dark picture the eye sees steps of one level as bands."""

from __future__ import annotations

import math

import pygame

from stb_app.toolkit.theme import BRIGHTEST, Colour

ORDER = ((0, 8, 2, 10), (12, 4, 14, 6), (3, 11, 1, 9), (15, 7, 13, 5))
"""Bayer's threshold matrix: in which order the cells of a tile take the next level."""
SIDE = len(ORDER)
CELLS = SIDE * SIDE
MOST_TILES = 512
FULL_COLOUR, RGB565 = (1, 1, 1), (8, 4, 8)
"""How far the levels of red, green and blue are apart on a screen of so many bits."""


def slope(
    size: tuple[int, int], top: Colour, bottom: Colour, steps: tuple[int, int, int] = FULL_COLOUR
) -> pygame.Surface:
    """From ``top`` in the upper left corner to ``bottom`` in the lower right one, a third of the way across, two down.

    ``steps``: how far apart the levels are that the screen can show.
    """
    levels = max(abs(b - a) / step for a, b, step in zip(top, bottom, steps, strict=True))
    count = min(MOST_TILES, max(2, math.ceil(levels * CELLS)))
    across, down = -(-size[0] // SIDE), -(-size[1] // SIDE)
    strip = _strip(_tiles(count, top, bottom, steps), count, max(2, 3 * across - 2))
    result = pygame.Surface(size, 0, 32)
    for row in range(down):
        # A row is the one above it, two thirds of the way further on by the time the last one comes
        begin = round(2 * row * (across - 1) / max(1, down - 1))
        result.blit(strip, (0, row * SIDE), (begin * SIDE, 0, size[0], SIDE))
    return result


def _strip(tiles: pygame.Surface, count: int, length: int) -> pygame.Surface:
    """``length`` tiles beside each other, all of the way from the first to the last."""
    strip = pygame.Surface((length * SIDE, SIDE), 0, 32)
    places = ((n, n * (count - 1) // (length - 1)) for n in range(length))
    strip.blits([(tiles, (n * SIDE, 0), (0, tile * SIDE, SIDE, SIDE)) for n, tile in places], False)
    return strip


def _tiles(count: int, top: Colour, bottom: Colour, steps: tuple[int, int, int]) -> pygame.Surface:
    """``count`` tiles below each other, each of one colour between ``top`` and ``bottom``."""
    order = [cell for row in ORDER for cell in row]
    higher = [bytes(cell < part for cell in order) for part in range(CELLS + 1)]
    """By sixteenths of a step: which cells are a step higher than the others."""
    size = CELLS * 4
    pixels = bytearray(b"\xff") * (count * size)
    for tile in range(count):
        for channel, (first, last, step) in enumerate(zip(top, bottom, steps, strict=True)):
            value = (first + (last - first) * tile / (count - 1)) / step
            level, part = divmod(round(value * CELLS), CELLS)
            two = bytes((level * step, min(BRIGHTEST, (level + 1) * step)))
            at = tile * size
            pixels[at + 2 - channel : at + size : 4] = higher[part].translate(two.ljust(256))
    return pygame.image.frombuffer(pixels, (SIDE, count * SIDE), "BGRA")
