"""Texts that the operator wrote: one wording a language (product.md, Languages)."""

from __future__ import annotations

from collections.abc import Mapping

LANGUAGES = ("ru", "en", "sk", "es")
"""Every text of the operator exists in all of these."""

LocalText = Mapping[str, str]
"""Language code -> wording, e.g. ``{"ru": "Спорт", "en": "Sport", "sk": "Šport", "es": "Deportes"}``."""
