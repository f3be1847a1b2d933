"""Themes, keymaps, strings, icons and operator profiles: what a brand changes without a line of code."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).parent
"""The folder of all assets; readers take it as an argument, so that an operator can keep a copy elsewhere."""
