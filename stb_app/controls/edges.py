"""The edges of the picture, set corner by corner: what a badly set television hides is given up (Kodi's two movers)."""

from __future__ import annotations

from typing import Literal

from stb_app.controls.port import Cancelled, Changed, Done, Ignored, Outcome, Phase, Press
from stb_app.input.keys import Key

Edges = tuple[int, int, int, int]
Corner = Literal["first", "last"]
LONGEST_EDGE = 160
"""Design pixels (of 1920x1080) that a side of the picture may give up: what a badly set television hides, and more."""
STEP = 4
"""Design pixels a press."""

# Which edge an arrow moves (index of left, top, right, bottom), and whether it gives up more or less of the picture
_MOVES: dict[Corner, dict[Key, tuple[int, int]]] = {
    "first": {Key.LEFT: (0, -STEP), Key.RIGHT: (0, STEP), Key.UP: (1, -STEP), Key.DOWN: (1, STEP)},
    "last": {Key.LEFT: (2, STEP), Key.RIGHT: (2, -STEP), Key.UP: (3, STEP), Key.DOWN: (3, -STEP)},
}
_OWN: dict[Corner, tuple[int, int]] = {"first": (0, 1), "last": (2, 3)}


class EdgeMover:
    """The arrows move the upper left corner, after OK the lower right one; the next OK is ``Done`` with all four edges.

    0 gives up nothing at this corner; BACK goes one corner back, from the first it is ``Cancelled``.
    """

    context = ""

    def __init__(self, edges: Edges) -> None:
        """Left, top, right and bottom in design pixels, 0 to ``LONGEST_EDGE`` each."""
        self.edges = edges
        self.corner: Corner = "first"

    def handle(self, press: Press) -> Outcome:
        if press.phase is Phase.REPEAT or press.phase is Phase.MAKE:
            move = _MOVES[self.corner].get(press.key)
            if move is not None:
                index, by = move
                self._put(index, min(LONGEST_EDGE, max(0, self.edges[index] + by)))
                return Changed()
        if press.phase is not Phase.MAKE:
            return Ignored()
        if press.key is Key.DIGIT_0:
            for index in _OWN[self.corner]:
                self._put(index, 0)
            return Changed()
        if press.key is Key.OK:
            if self.corner == "last":
                return Done(self.edges)
            self.corner = "last"
            return Changed()
        if press.key is Key.BACK:
            if self.corner == "first":
                return Cancelled()
            self.corner = "first"
            return Changed()
        return Ignored()

    def _put(self, index: int, value: int) -> None:
        left, top, right, bottom = (value if place == index else old for place, old in enumerate(self.edges))
        self.edges = (left, top, right, bottom)
