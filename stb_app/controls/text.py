"""A text, written with the keys of a page on the screen, or with the digit keys of the remote as on a telephone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from stb_app.controls.keyboard import FEWEST_KEYS, Keyboard, Layout
from stb_app.controls.pad import DIGITS
from stb_app.controls.port import Cancelled, Changed, Done, Ignored, Outcome, Phase, Press
from stb_app.input.keys import Key

TAP_S = 1.0
"""So long the same digit key goes on to its next letter; after that it begins another one."""

SHIFT, LAYOUT, SPACE, DELETE, DONE = "shift", "layout", "space", "delete", "done"
FUNCTIONS = (SHIFT, LAYOUT, SPACE, DELETE, DONE)
"""The keys below every page."""

_COLOURS = {Key.RED: DELETE, Key.GREEN: SHIFT, Key.YELLOW: LAYOUT, Key.BLUE: DONE}
_ARROWS = {Key.UP: (-1, 0), Key.DOWN: (1, 0), Key.LEFT: (0, -1), Key.RIGHT: (0, 1)}
_SENTENCE_ENDS = ".?…"

Capitals = Literal["words", "sentences", "none"]


@dataclass(frozen=True)
class TextRule:
    """``least`` to ``most`` characters; ``capitals``: where one is typed unless the viewer says otherwise."""

    least: int = 1
    most: int = 40
    capitals: Capitals = "sentences"


@dataclass
class _Tapped:
    """The letter that a digit key still goes on from."""

    digit: str
    letters: str
    capital: bool
    until: float
    index: int = 0

    @property
    def letter(self) -> str:
        return _cased(self.letters[self.index], self.capital)


class TextEntry:
    """``Done`` carries the text without spaces at its ends. The colour keys are those of the last row: red takes back,
    green is the capital, yellow the next page, blue is done. BACK takes back too, and gives up where nothing is left.
    """

    context = "text"

    def __init__(self, keyboard: Keyboard, rule: TextRule, text: str = "") -> None:
        self.rule = rule
        self.short = False
        """Done was pressed before there was enough."""
        self.cursor = (0, 0)
        """Row and place in the row, the keys below the page being the last row."""
        self._keyboard = keyboard
        self._page = 0
        self._written = text[: rule.most]
        self._tapped: _Tapped | None = None
        self._shift: bool | None = None
        self._now = 0.0
        self._column = 0

    # What is seen

    @property
    def layout(self) -> Layout:
        return self._keyboard[self._page]

    @property
    def next_layout(self) -> Layout:
        return self._keyboard[(self._page + 1) % len(self._keyboard)]

    @property
    def rows(self) -> tuple[tuple[str, ...], ...]:
        """The keys as they are written now, and ``FUNCTIONS`` below."""
        capital = self.capital
        return (*(tuple(_cased(key, capital) for key in row) for row in self.layout.rows), FUNCTIONS)

    def spans(self, row: int) -> tuple[int, ...]:
        """How many columns each key of a row is wide."""
        if row < len(self.layout.rows):
            return (1,) * len(self.layout.rows[row])
        # What is left of the widths of the outer keys is the space's
        outer = 2 if self.layout.columns > FEWEST_KEYS else 1
        return (outer, outer, self.layout.columns - 4 * outer, outer, outer)

    @property
    def text(self) -> str:
        """All of it, with the letter that may still change."""
        return self._written + (self._tapped.letter if self._tapped else "")

    @property
    def tapping(self) -> bool:
        """Whether the last letter may still change."""
        return self._tapped is not None

    @property
    def full(self) -> bool:
        return len(self.text) >= self.rule.most

    @property
    def capital(self) -> bool:
        """Whether the next letter is one."""
        if self._shift is not None:
            return self._shift
        before = self.text.rstrip(" ")
        if self.rule.capitals == "none" or (before and before == self.text):
            return False
        return self.rule.capitals == "words" or not before or before[-1] in _SENTENCE_ENDS

    # What comes

    @property
    def deadline(self) -> float | None:
        return self._tapped.until if self._tapped else None

    def tick(self, now: float) -> bool:
        """The letter that was tapped last stays when its time is over."""
        self._now = now
        if self._tapped is None or now < self._tapped.until:
            return False
        self._settle()
        return True

    def handle(self, press: Press) -> Outcome:
        key, fresh = press.key, press.phase is Phase.MAKE
        if key in DIGITS and press.phase in (Phase.MAKE, Phase.LONG):
            return self._tap(DIGITS[key]) if fresh else self._held(DIGITS[key])
        if press.phase not in (Phase.MAKE, Phase.REPEAT):
            return Ignored()
        if key is Key.BACK or (key is Key.RED and self.text):
            if not self.text:
                return Cancelled() if fresh else Changed()
            return self._press(DELETE)
        if key in _ARROWS:
            return self._arrow(*_ARROWS[key])
        if not fresh:
            return Ignored()
        if key is Key.OK:
            row, place = self.cursor
            return self._press(self.rows[row][place])
        return self._press(_COLOURS[key]) if key in _COLOURS else Ignored()

    def _press(self, key: str) -> Outcome:
        if key == DELETE and self._tapped is not None:
            self._tapped = None
            return Changed()
        capital = self.capital
        self._settle()
        self.short = False
        if key == DELETE:
            self._written, self._shift = self._written[:-1], None
        elif key == SHIFT:
            self._shift = not capital
        elif key == LAYOUT:
            self._turn()
        elif key == DONE:
            return self._finish()
        else:
            self._write(" " if key == SPACE else key)
        return Changed()

    def _finish(self) -> Outcome:
        text = self._written.strip(" ")
        self.short = len(text) < self.rule.least
        return Changed() if self.short else Done(text)

    def _write(self, char: str) -> None:
        if len(self._written) < self.rule.most:
            self._written += char
            self._shift = None

    # Digit keys

    def _tap(self, digit: str) -> Outcome:
        tapped = self._tapped
        if tapped is not None and tapped.digit == digit:
            tapped.index = (tapped.index + 1) % len(tapped.letters)
            tapped.until = self._now + TAP_S
            return Changed()
        self._settle()
        self.short = False
        letters = (" " if digit == "0" and self.layout.taps else self.layout.taps.get(digit, "")) + digit
        if self.full:
            return Changed()
        if len(letters) == 1:
            self._write(letters)
        else:
            self._tapped = _Tapped(digit, letters, self.capital, self._now + TAP_S)
            self._shift = None
        return Changed()

    def _held(self, digit: str) -> Outcome:
        """A digit key held long is the digit."""
        if self._tapped is not None and self._tapped.digit == digit:
            self._tapped = None
            self._write(digit)
        return Changed()

    def _settle(self) -> None:
        if self._tapped is not None:
            letter, self._tapped = self._tapped.letter, None
            self._write(letter)

    # The cursor

    def _arrow(self, down: int, right: int) -> Outcome:
        row, place = self.cursor
        if down and not 0 <= row + down <= len(self.layout.rows):
            return Ignored()
        self._settle()
        if right:
            self._stand(row, (place + right) % len(self.rows[row]))
        else:
            self.cursor = (row + down, self._at(row + down))
        return Changed()

    def _stand(self, row: int, place: int) -> None:
        self.cursor = (row, place)
        spans = self.spans(row)
        self._column = sum(spans[:place]) + (spans[place] - 1) // 2

    def _at(self, row: int) -> int:
        """The key of ``row`` in the column that one goes up and down in."""
        edge = 0
        for place, span in enumerate(self.spans(row)):
            edge += span
            if self._column < edge:
                return place
        return len(self.spans(row)) - 1

    def _turn(self) -> None:
        """To the next page, which may have fewer keys; who is on the keys below it stays there."""
        row, place = self.cursor
        below = row == len(self.layout.rows)
        self._page = (self._page + 1) % len(self._keyboard)
        row = len(self.layout.rows) if below else min(row, len(self.layout.rows) - 1)
        self._stand(row, min(place, len(self.rows[row]) - 1))


def _cased(letter: str, capital: bool) -> str:
    return letter.upper() if capital and len(letter) == 1 and len(letter.upper()) == 1 else letter
