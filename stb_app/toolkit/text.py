"""Text as surfaces, from the cache; digits that line up although the font's do not.

Manrope's digits are proportional ("1111" is 236 px wide, "0000" 348 at 132) and SDL_ttf has no feature switch: where a
text is ``tabular`` each digit is drawn in a cell of the widest one.
"""

from __future__ import annotations

from typing import NamedTuple

import pygame
import pygame.font

from stb_app.toolkit.cache import Cache
from stb_app.toolkit.fonts import Family
from stb_app.toolkit.theme import STRONG, Colour, Theme

DIGITS = frozenset("0123456789")
MAX_KEPT = 8192


class Span(NamedTuple):
    """A piece of text in one style."""

    text: str
    style: str


def parse_strong(text: str, style: str) -> list[Span]:
    """``"Enough until **14 December**"`` as spans: what stands between ``**`` is strong."""
    return [Span(part, style + STRONG if index % 2 else style) for index, part in enumerate(text.split("**")) if part]


class TextRenderer:
    """Measures, wraps and draws text in a theme's styles. Sizes are canvas pixels."""

    def __init__(self, theme: Theme, family: Family, cache: Cache) -> None:
        pygame.font.init()
        self._theme = theme
        self._family = family
        self._fonts: dict[tuple[str, int], pygame.font.Font] = {}
        self._by_style: dict[str, pygame.font.Font] = {}
        self._heights: dict[str, int] = {}
        self._lifts: dict[str, int] = {}
        self._cells: dict[str, int] = {}
        self._widths: dict[tuple[str, str, bool], int] = {}
        self._lines: dict[tuple[str, str, int, bool], list[list[Span]]] = {}
        self._cache = cache

    def font(self, style: str) -> pygame.font.Font:
        found = self._by_style.get(style)
        if found is None:
            found = self._by_style[style] = self._loaded(style)
        return found

    def _loaded(self, style: str) -> pygame.font.Font:
        weight = self._theme.styles[style].weight
        key = (weight, self._theme.font_px(style))
        found = self._fonts.get(key)
        if found is None:
            found = self._fonts[key] = pygame.font.Font(str(self._family.files[weight]), key[1])
        return found

    def line_height(self, style: str) -> int:
        found = self._heights.get(style)
        if found is None:
            leading = self._theme.styles[style].leading
            found = self._heights[style] = round(self._theme.font_px(style) * leading / 100)
        return found

    def lift(self, style: str) -> int:
        """How far above its line a surface begins: the font's own height is more than the line's."""
        found = self._lifts.get(style)
        if found is None:
            found = self._lifts[style] = (self.font(style).get_height() - self.line_height(style)) // 2
        return found

    def baseline(self, style: str) -> int:
        """From the top of a line to its baseline."""
        return self.font(style).get_ascent() - self.lift(style)

    def width(self, text: str, style: str, tabular: bool = False) -> int:
        key = (text, style, tabular)
        width = self._widths.get(key)
        if width is None:
            if len(self._widths) > MAX_KEPT:
                self._widths.clear()
            font, glyphs = self.font(style), text.translate(self._family.instead)
            if tabular:
                width = sum(
                    self._cell(style) * len(part) if digits else font.size(part)[0] for part, digits in _runs(glyphs)
                )
            else:
                width = font.size(glyphs)[0]
            self._widths[key] = width
        return width

    def _cell(self, style: str) -> int:
        cell = self._cells.get(style)
        if cell is None:
            font = self.font(style)
            cell = self._cells[style] = max(font.size(digit)[0] for digit in "0123456789")
        return cell

    def lines(self, text: str, style: str, width: int, tabular: bool = False) -> list[list[Span]]:
        """``text`` with its strong parts, flowed into ``width``; kept, since layout asks again and again."""
        key = (text, style, width, tabular)
        lines = self._lines.get(key)
        if lines is None:
            if len(self._lines) > MAX_KEPT:
                self._lines.clear()
            lines = self._lines[key] = self.flow(parse_strong(text, style), width, tabular)
        return lines

    def flow(self, spans: list[Span], width: int, tabular: bool = False) -> list[list[Span]]:
        """Lines of spans no wider than ``width``; a word that is wider alone is broken between letters.

        Neighbours of one style come back as one span, so that a line costs one surface a style.
        """
        lines: list[list[Span]] = [[]]
        for word in _words(spans):
            if word.text == "\n":
                lines.append([])
                continue
            for piece in self._broken(word, width, tabular):
                # Measured as it will be drawn: the parts of a line alone are wider than the line, by their kerning
                line = _joined([*lines[-1], piece])
                if lines[-1] and sum(self.width(span.text, span.style, tabular) for span in line) > width:
                    lines.append([piece])
                else:
                    lines[-1].append(piece)
        return [_joined(line) for line in lines]

    def _broken(self, word: Span, width: int, tabular: bool) -> list[Span]:
        text, pieces = word.text, []
        while len(text) > 1 and self.width(text.rstrip(" "), word.style, tabular) > width:
            cut = self._fitting(text, word.style, width, tabular)
            pieces.append(Span(text[:cut], word.style))
            text = text[cut:]
        return [*pieces, Span(text, word.style)]

    def _fitting(self, text: str, style: str, width: int, tabular: bool) -> int:
        """How many letters of a word that is too wide fit into ``width``, one at least."""
        fits, over = 1, min(len(text), 2)
        while over < len(text) and self.width(text[:over], style, tabular) <= width:
            fits, over = over, min(2 * over, len(text))
        while over - fits > 1:
            middle = (fits + over) // 2
            if self.width(text[:middle], style, tabular) <= width:
                fits = middle
            else:
                over = middle
        return fits

    def render(self, text: str, style: str, colour: Colour, tabular: bool = False) -> pygame.Surface:
        key = ("text", text, style, colour, tabular)
        found = self._cache.get(key)
        if found is not None:
            return found
        glyphs = text.translate(self._family.instead)
        surface = self._draw_cells(glyphs, style, colour) if tabular else self.font(style).render(glyphs, True, colour)
        # run lengths: most of a text is nothing, which is then passed over instead of mixed in
        surface.set_alpha(255, pygame.RLEACCEL)
        return self._cache.keep(key, surface)

    def _draw_cells(self, text: str, style: str, colour: Colour) -> pygame.Surface:
        font, cell = self.font(style), self._cell(style)
        surface = pygame.Surface((max(1, self.width(text, style, True)), font.get_height()), pygame.SRCALPHA, 32)
        x = 0
        for part, digits in _runs(text):
            if not digits:
                surface.blit(font.render(part, True, colour), (x, 0))
                x += font.size(part)[0]
                continue
            for digit in part:
                glyph = font.render(digit, True, colour)
                surface.blit(glyph, (x + (cell - glyph.get_width()) // 2, 0))
                x += cell
        return surface


def _runs(text: str) -> list[tuple[str, bool]]:
    """``text`` cut into runs of digits and of anything else."""
    runs: list[tuple[str, bool]] = []
    for char in text:
        digit = char in DIGITS
        if runs and runs[-1][1] == digit:
            runs[-1] = (runs[-1][0] + char, digit)
        else:
            runs.append((char, digit))
    return runs


def _words(spans: list[Span]) -> list[Span]:
    """Words with the spaces behind them; a line break as a word of its own."""
    words = []
    for span in spans:
        for index, line in enumerate(span.text.split("\n")):
            if index:
                words.append(Span("\n", span.style))
            parts = line.split(" ")
            for place, part in enumerate(parts):
                text = part + " " if place < len(parts) - 1 else part
                if text:
                    words.append(Span(text, span.style))
    return words


def _joined(line: list[Span]) -> list[Span]:
    joined: list[Span] = []
    for span in line:
        if joined and joined[-1].style == span.style:
            joined[-1] = Span(joined[-1].text + span.text, span.style)
        else:
            joined.append(span)
    if joined:
        joined[-1] = Span(joined[-1].text.rstrip(" "), joined[-1].style)
    return joined
