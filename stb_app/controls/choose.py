"""One of a few: LEFT and RIGHT step through the options in place, so that each is seen before the next is tried."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from stb_app.controls.port import Changed, Done, Ignored, Outcome, Phase, Press
from stb_app.input.keys import Key

_STEPS = {Key.LEFT: -1, Key.RIGHT: 1}


class ChooseOne:
    """``Done`` carries the chosen value with each step; there is no list to open and nothing to confirm.

    The arrows stop at the first and the last option and stay with the control there; OK steps on and begins anew after
    the last, so OK alone reaches every option.
    """

    context = "choose"

    def __init__(self, options: Sequence[tuple[Any, str]], value: Any) -> None:
        """``options``: each value with its words in the viewer's language; ValueError where ``value`` is none of them,
        or one is there twice."""
        values = [each for each, _ in options]
        if value not in values:
            raise ValueError(f"{value!r} is none of the options {values}")
        if any(values.index(each) != place for place, each in enumerate(values)):
            raise ValueError(f"an option is there twice: {values}")
        self.options = tuple(options)
        self.index = values.index(value)

    @property
    def value(self) -> Any:
        return self.options[self.index][0]

    @property
    def label(self) -> str:
        return self.options[self.index][1]

    def handle(self, press: Press) -> Outcome:
        if press.key in _STEPS and press.phase in (Phase.MAKE, Phase.REPEAT):
            return self._to(min(len(self.options) - 1, max(0, self.index + _STEPS[press.key])))
        if press == Press(Key.OK):
            return self._to((self.index + 1) % len(self.options))
        return Ignored()

    def _to(self, index: int) -> Outcome:
        if index == self.index:
            return Changed()
        self.index = index
        return Done(self.value)
