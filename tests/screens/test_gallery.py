"""Every exhibit of the gallery is as sound as a screen: what quality.md asks of a picture holds for each widget."""

from __future__ import annotations

import pytest

from stb_app.preferences import Preferences
from tests.screens.checks import CHECKS, Sight
from tools.gallery.exhibit import Exhibit
from tools.gallery.exhibits import families
from tools.gallery.hall import Hall

OF_A_SCREEN = ("says_something",)
"""A widget alone may be without a word."""
UNFRAMED = ("footer",)
"""What lies over a page has no header and no footer of its own."""
NAMES = {check.__name__ for check in CHECKS}


@pytest.mark.parametrize("size", ["M", "XL"])
@pytest.mark.parametrize("family", families())
def test_every_exhibit_is_sound(family: str, size: str) -> None:
    hall = Hall(Preferences("ru", size, motion=False))
    found = [finding for exhibit in families()[family] for finding in _findings(hall, exhibit)]
    assert not found, "\n".join(["", *found])


def _findings(hall: Hall, exhibit: Exhibit) -> list[str]:
    unknown = set(exhibit.waives) - NAMES
    assert not unknown, f"{exhibit.name} waives {unknown}: checks are {NAMES}"
    hall.show(exhibit)
    sight = Sight(hall.pilot)
    waived = {*OF_A_SCREEN, *exhibit.waives, *(UNFRAMED if exhibit.room == "canvas" else ())}
    checks = [check for check in CHECKS if check.__name__ not in waived]
    return [f"{exhibit.name}: {check.__name__}: {finding}" for check in checks for finding in check(sight)]
