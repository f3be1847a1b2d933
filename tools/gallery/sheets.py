"""Sheets of a family: its exhibits as cut out of the canvas, each under its name, on pages of the canvas's size."""

from __future__ import annotations

from dataclasses import dataclass

import pygame

from stb_app.toolkit.backdrop import slope
from stb_app.toolkit.scene import Kit

EDGE, GAP, LABEL_GAP = 48, 40, 8
"""Design pixels."""


@dataclass(frozen=True)
class Shown:
    """An exhibit and its picture."""

    name: str
    picture: pygame.Surface


def fits(kit: Kit, picture: pygame.Surface) -> bool:
    """Whether a sheet has room for it."""
    wide, high = picture.get_size()
    room = kit.size[1] - 2 * kit.px(EDGE) - _head(kit) - _label(kit)
    return wide <= kit.size[0] - 2 * kit.px(EDGE) and high <= room


def _head(kit: Kit) -> int:
    return kit.text.line_height("header") + kit.px(GAP)


def _label(kit: Kit) -> int:
    return kit.text.font("footer").get_height() + kit.px(LABEL_GAP)


def sheets(kit: Kit, title: str, exhibits: list[Shown]) -> list[pygame.Surface]:
    """One under the other and side by side, in their order; each of them fits."""
    edge, gap = kit.px(EDGE), kit.px(GAP)
    right, bottom = kit.size[0] - edge, kit.size[1] - edge
    pages: list[pygame.Surface] = []
    x, y, high = edge, bottom, 0
    for shown in exhibits:
        label = kit.text.render(shown.name, "footer", kit.theme.colour("explain"))
        wide = max(label.get_width(), shown.picture.get_width())
        tall = _label(kit) + shown.picture.get_height()
        if x > edge and x + wide > right:
            x, y, high = edge, y + high + gap, 0
        if y + tall > bottom:
            pages.append(_page(kit, title if not pages else f"{title} {len(pages) + 1}"))
            x, y, high = edge, edge + _head(kit), 0
        pages[-1].blit(label, (x, y))
        pages[-1].blit(shown.picture, (x, y + _label(kit)))
        x, high = x + wide + gap, max(high, tall)
    return pages


def _page(kit: Kit, title: str) -> pygame.Surface:
    theme = kit.theme
    page = slope(kit.size, theme.colour("background_top"), theme.colour("background_bottom"))
    page.blit(kit.text.render(title, "header", theme.colour("text")), (kit.px(EDGE), kit.px(EDGE)))
    return page
