"""What the viewer chose for this box (H2): language, text size, theme, speech, keys, movement, picture edges."""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any

from device.api.state_file import StateFile
from stb_app.controls.edges import LONGEST_EDGE
from stb_app.input.repeat import RATES
from stb_app.toolkit.theme import TEXT_SIZES

logger = logging.getLogger(__name__)

VERSION = 1


@dataclass(frozen=True)
class Preferences:
    """One viewer's choice; every default is what a box shows that nobody has set."""

    language: str = "ru"
    text_size: str = "M"
    theme: str = "default"
    speech: bool = False
    key_repeat: str = "normal"
    motion: bool = True
    edges: tuple[int, int, int, int] = (0, 0, 0, 0)
    """Left, top, right, bottom: design pixels that the television hides."""


@dataclass(frozen=True)
class Allowed:
    """What there is to choose from; it is data, and may be less tomorrow."""

    languages: Collection[str]
    themes: Collection[str]

    def accepts(self, name: str, value: Any) -> bool:
        """Whether the preference ``name`` may be ``value``."""
        match name:
            case "language":
                return isinstance(value, str) and value in self.languages
            case "theme":
                return isinstance(value, str) and value in self.themes
            case "text_size":
                return value in TEXT_SIZES
            case "key_repeat":
                return isinstance(value, str) and value in RATES
            case "speech" | "motion":
                return isinstance(value, bool)
            case _:
                return (
                    isinstance(value, list | tuple)
                    and len(value) == 4
                    and all(type(each) is int and 0 <= each <= LONGEST_EDGE for each in value)
                )


def preferences_of(kept: Mapping[str, Any], allowed: Allowed, default: Preferences) -> Preferences:
    """What was kept, each value that cannot be used replaced by the default: a bad file never keeps the app from
    starting.
    """
    usable: dict[str, Any] = {}
    for name in (field.name for field in fields(Preferences)):
        if name not in kept:
            continue
        if allowed.accepts(name, kept[name]):
            usable[name] = tuple(kept[name]) if name == "edges" else kept[name]
        else:
            logger.warning("preference %s cannot be used as it was kept; the usual one counts", name)
    return replace(default, **usable)


class PreferenceFile:
    """The preferences on flash, written on a thread of its own: the UI loop waits for no disk."""

    def __init__(self, path: Path) -> None:
        self._file = StateFile(path, VERSION)
        self._writer = ThreadPoolExecutor(1, "preferences")

    def read(self) -> dict[str, Any]:
        """What was kept last; empty where there is nothing that can be read."""
        return self._file.read() or {}

    def keep(self, preferences: Preferences) -> None:
        """Write them soon; a disk that refuses is logged, and the choice counts until the box is switched off."""
        self._writer.submit(self._write, asdict(preferences))

    def _write(self, data: dict[str, Any]) -> None:
        try:
            self._file.write({**data, "edges": list(data["edges"])})
        except OSError as error:
            logger.error("%s cannot be written: %s; settings are kept until the box is off", self._file.path, error)

    def close(self) -> None:
        """Wait until what was chosen is written."""
        self._writer.shutdown()
