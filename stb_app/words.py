"""The words on the screen: gettext catalogues, English in the code, other languages as .po files."""

from __future__ import annotations

import gettext
import io
from collections.abc import Sequence
from pathlib import Path
from string import Formatter

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po

from device.api.errors import ConfigError
from stb_app.account.models import LocalText

SOURCE = "en"


class Words:
    """``words("Pay")`` in the viewer's language. The name is what the extraction of texts looks for."""

    def __init__(self, language: str, catalogue: gettext.NullTranslations) -> None:
        self.language = language
        self._catalogue = catalogue

    def __call__(self, message: str, **values: object) -> str:
        text = self._catalogue.gettext(message)
        return text.format(**values) if values else text

    def key(self, name: str) -> str:
        """What is written on a key of the remote: ``R`` is ``К`` on a Russian one."""
        return self._catalogue.pgettext("key", name)

    def plural(self, one: str, many: str, n: int, **values: object) -> str:
        """The form for ``n`` by the language's plural rule; ``{n}`` stands for the number."""
        return self._catalogue.ngettext(one, many, n).format(n=n, **values)

    def local(self, text: LocalText) -> str:
        """What the operator wrote, in the viewer's language, else in what there is."""
        return text.get(self.language) or text.get("ru") or next(iter(text.values()))


def load_words(folder: Path, language: str) -> Words:
    """The catalogue ``LANGUAGE.po`` of ``folder``; English needs none. ConfigError for a missing or broken one."""
    if language == SOURCE:
        return Words(language, gettext.NullTranslations())
    if language not in languages(folder):
        known = ", ".join(sorted(languages(folder)))
        raise ConfigError(f"there is no language '{language}'", remedy=f"languages: {known}")
    path = folder / f"{language}.po"
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
        _refuse_open_texts(lines, path)
        catalogue = read_po(lines, locale=language, abort_invalid=True)
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}") from None
    except (PoFileError, ValueError) as error:
        raise ConfigError(f"{path}: {error}") from None
    _refuse_other_places(catalogue, path)
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return Words(language, gettext.GNUTranslations(compiled))


def languages(folder: Path) -> list[str]:
    """The languages that there are catalogues for, the source first."""
    return [SOURCE, *sorted(each.stem for each in folder.glob("*.po"))]


def _refuse_open_texts(lines: list[str], path: Path) -> None:
    """A quote that is not closed would cost the text its last letter: Babel does not mind."""
    for number, line in enumerate(lines, 1):
        if not line.startswith("#") and '"' in line and not line.rstrip().endswith('"'):
            raise ConfigError(f"{path}:{number}: a text is not closed with a quote")


def _refuse_other_places(catalogue: Catalog, path: Path) -> None:
    """``{sum}`` that became ``{summa}`` is found here, and not when a viewer presses a key."""
    for message in catalogue:
        if message.id:
            at = f"{path}:{message.lineno}"
            wrong = _places(message.string, at) - _places(message.id, at)
            if wrong:
                raise ConfigError(f"{at}: {{{min(wrong)}}} stands for nothing here")


def _places(texts: str | Sequence[str] | None, at: str) -> set[str]:
    try:
        given = [texts] if isinstance(texts, str) else texts or ()
        return {name for text in given for _, name, _, _ in Formatter().parse(text) if name is not None}
    except ValueError as error:
        raise ConfigError(f"{at}: {error}") from None
