"""``stb-card``: the card tool of a box. ``main`` is the program; everything else is private to it."""

from __future__ import annotations

from smartcard.command.program import main

__all__ = ["main"]
