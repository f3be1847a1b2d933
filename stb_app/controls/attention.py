"""Which control saw which key go down: a held key never leaks into the next one (enigma2, ``action.cpp``)."""

from __future__ import annotations

from stb_app.controls.port import Control, Ignored, Outcome, Phase, Press, Timed
from stb_app.input.keys import Key


class Attention:
    """Gives presses to the focused control, those after the make only where it saw the make."""

    def __init__(self) -> None:
        self._seen: dict[Key, Control] = {}

    def give(self, press: Press, control: Control | None) -> Outcome:
        """What ``control``, the focused one, makes of the press; Ignored where it is none of its business."""
        if press.phase is Phase.MAKE:
            self._seen.pop(press.key, None)
            if control is not None:
                self._seen[press.key] = control
        elif control is None or self._seen.get(press.key) is not control:
            if press.phase is Phase.BREAK:
                self._seen.pop(press.key, None)
            return Ignored()
        if press.phase is Phase.BREAK:
            self._seen.pop(press.key, None)
        return control.handle(press) if control is not None else Ignored()

    def drop(self) -> None:
        """The screen changed: nobody saw anything."""
        self._seen.clear()


def tick(control: Control | None, now: float) -> bool:
    """Tell ``control`` the time where it counts for it; True where it looks otherwise now."""
    return control is not None and isinstance(control, Timed) and control.tick(now)


def deadline(control: Control | None) -> float | None:
    """When ``control`` wants to be told; None where it waits for nothing."""
    return control.deadline if control is not None and isinstance(control, Timed) else None
