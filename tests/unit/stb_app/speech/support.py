"""The reader of each language, made once."""

from __future__ import annotations

from functools import cache

import ui_assets
from stb_app.speech.reading import Reader
from stb_app.speech.tongue import load_tongue
from stb_app.words import languages, load_words

LANGUAGES = languages(ui_assets.ROOT / "strings")


@cache
def reader(language: str) -> Reader:
    return Reader(load_words(ui_assets.ROOT / "strings", language), load_tongue(ui_assets.ROOT / "speech", language))
