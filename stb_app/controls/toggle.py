"""On or off: OK changes it, and that is all; the arrows lead on."""

from __future__ import annotations

from stb_app.controls.port import Done, Ignored, Outcome, Phase, Press
from stb_app.input.keys import Key


class Toggle:
    """``Done`` carries the new value, a bool, with each press of OK."""

    context = ""

    def __init__(self, on: bool) -> None:
        self.on = on

    def handle(self, press: Press) -> Outcome:
        if press != Press(Key.OK, Phase.MAKE):
            return Ignored()
        self.on = not self.on
        return Done(self.on)
