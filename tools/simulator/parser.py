"""The script language of contracts.md, "Simulator scripts": text in, ``Script`` or one typed error out.

One step a line, ``#`` starts a comment outside quotes, ``\\"`` and ``\\\\`` stand for a quote and a backslash inside.
Everything is checked here, before any process starts.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from stb_app.input.keys import Key
from tools.simulator.errors import ScriptError
from tools.simulator.faults import FaultError, parse_fault
from tools.simulator.matching import fold
from tools.simulator.steps import (
    Break,
    Dump,
    Expect,
    Focus,
    Hold,
    Line,
    Press,
    Refuse,
    Screenshot,
    Script,
    Sleep,
    Step,
    Wait,
)

KEYS = tuple(key.value for key in Key)
"""The logical keys, as the app has them."""

MAX_BYTES = 1024 * 1024
MAX_LINE = 4096
MAX_SLEEP_S = 3600.0
MAX_WAIT_S = 600.0
MAX_HOLD_S = 60.0
MAX_TIMES = 10_000

_TOKEN = re.compile(r'\s*(?:"((?:[^"\\]|\\["\\])*)"|([^\s"#]+))(?=\s|\Z|#)')
_NUMBER = re.compile(r"[0-9]{1,6}(?:\.[0-9]{1,6})?")
_TIMES = re.compile(r"x([0-9]{1,5})")
_NAME = re.compile(r"\w[\w.-]{0,99}")
_RESERVED = ("steps",)
"""Files that a script's folder holds of itself."""


class _Unclear(Exception):
    """What is wrong with the line at hand; becomes a ScriptError with its place."""


@dataclass(frozen=True)
class _Word:
    text: str
    quoted: bool


def read_script(path: Path) -> Script:
    """Read and parse a file; ScriptError with FILE:LINE, line 1 where the file itself cannot be read."""
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise ScriptError(str(path), 1, f"cannot be read: {error.strerror}") from None
    return parse_script(data, str(path))


def parse_script(data: bytes, path: str) -> Script:
    """Parse what stands in a script; ``path`` only names it in messages."""
    if len(data) > MAX_BYTES:
        raise ScriptError(path, 1, f"longer than {MAX_BYTES} bytes")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ScriptError(path, data[: error.start].count(b"\n") + 1, "not UTF-8", "save the file as UTF-8") from None
    lines: list[Line] = []
    for number, written in enumerate(re.split(r"\r\n|\n|\r", text), start=1):
        try:
            words, step_text = _split(written)
            if words:
                lines.append(Line(number, step_text, _step(words)))
        except (_Unclear, FaultError) as error:
            raise ScriptError(path, number, str(error)) from None
    if not lines:
        raise ScriptError(path, 1, "holds no step")
    return Script(path, tuple(lines))


def _split(written: str) -> tuple[list[_Word], str]:
    """The words of a line, and the line without its comment."""
    if len(written) > MAX_LINE:
        raise _Unclear(f"{len(written)} characters, a line has at most {MAX_LINE}")
    words: list[_Word] = []
    at = 0
    while True:
        rest = written[at:].lstrip()
        if not rest or rest.startswith("#"):
            return words, written[:at].strip()
        match = _TOKEN.match(written, at)
        if match is None:
            raise _Unclear(f"cannot be read from here: {rest[:40]}; a text stands in one pair of quotes")
        quoted = match.group(1)
        if quoted is None:
            words.append(_Word(match.group(2), quoted=False))
        else:
            words.append(_Word(re.sub(r"\\(.)", r"\1", quoted), quoted=True))
        at = match.end()


def _step(words: list[_Word]) -> Step:
    verb, *rest = words
    reader = None if verb.quoted else _READERS.get(verb.text)
    if reader is None:
        raise _Unclear(f"'{verb.text}' is no step; there are {', '.join(_READERS)}")
    form, read = reader
    try:
        return read(rest)
    except _Unclear as error:
        raise _Unclear(f"{error}; expected: {form}") from None


def _take(words: list[_Word], least: int, most: int) -> None:
    if len(words) < least:
        raise _Unclear("too little stands here")
    if len(words) > most:
        raise _Unclear(f"'{words[most].text}' is too much")


def _quoted(word: _Word) -> str:
    if not word.quoted:
        raise _Unclear(f"a text stands in quotes, found {word.text}")
    if not fold(word.text).strip():
        raise _Unclear("the text is empty")
    return word.text


def _bare(word: _Word) -> str:
    if word.quoted:
        raise _Unclear(f'no quotes here, found "{word.text}"')
    return word.text


def _seconds(word: _Word, most: float) -> float:
    text = _bare(word)
    if not _NUMBER.fullmatch(text) or float(text) > most:
        raise _Unclear(f"seconds are 0 to {most:g}, found '{text}'")
    return float(text)


def _key(word: _Word) -> str:
    key = _bare(word)
    if key not in KEYS:
        raise _Unclear(f"'{key}' is no key; there are {' '.join(KEYS)}")
    return key


def _name(word: _Word) -> str:
    name = _bare(word)
    if not _NAME.fullmatch(name) or name in _RESERVED:
        raise _Unclear(f"'{name}' is no name for a file: letters, digits, . _ - and not {', '.join(_RESERVED)}")
    return name


def _wait(words: list[_Word]) -> Step:
    _take(words, 1, 2)
    text = _quoted(words[0])
    return Wait(text) if len(words) == 1 else Wait(text, _seconds(words[1], MAX_WAIT_S))


def _press(words: list[_Word]) -> Step:
    _take(words, 1, 2)
    key = _key(words[0])
    if len(words) == 1:
        return Press(key)
    match = _TIMES.fullmatch(_bare(words[1]))
    if match is None or not 1 <= int(match.group(1)) <= MAX_TIMES:
        raise _Unclear(f"how often is x1 to x{MAX_TIMES}, found '{words[1].text}'")
    return Press(key, int(match.group(1)))


def _hold(words: list[_Word]) -> Step:
    _take(words, 2, 2)
    return Hold(_key(words[0]), _seconds(words[1], MAX_HOLD_S))


def _single(make: Callable[[str], Step], read: Callable[[_Word], str]) -> Callable[[list[_Word]], Step]:
    def reader(words: list[_Word]) -> Step:
        _take(words, 1, 1)
        return make(read(words[0]))

    return reader


def _sleep(words: list[_Word]) -> Step:
    _take(words, 1, 1)
    return Sleep(_seconds(words[0], MAX_SLEEP_S))


def _fault(words: list[_Word]) -> Step:
    return Break(parse_fault([_bare(word) for word in words]))


_READERS: dict[str, tuple[str, Callable[[list[_Word]], Step]]] = {
    "wait": ('wait "TEXT" [SECONDS]', _wait),
    "press": ("press KEY [xN]", _press),
    "hold": ("hold KEY SECONDS", _hold),
    "expect": ('expect "TEXT"', _single(Expect, _quoted)),
    "refuse": ('refuse "TEXT"', _single(Refuse, _quoted)),
    "focus": ('focus "LABEL"', _single(Focus, _quoted)),
    "fault": ("fault NAME [VALUE]", _fault),
    "screenshot": ("screenshot NAME", _single(Screenshot, _name)),
    "dump": ("dump NAME", _single(Dump, _name)),
    "sleep": ("sleep SECONDS", _sleep),
}
