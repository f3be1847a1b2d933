"""Where a viewer of the household ``family`` can be, by the keys alone."""

from __future__ import annotations

from stb_app.input.keys import Key
from tools.pilot.gateway import FakeGateway
from tools.pilot.pilot import Pilot

D, U, L, R, OK = Key.DOWN, Key.UP, Key.LEFT, Key.RIGHT, Key.OK

WAYS: dict[str, tuple[Key, ...]] = {
    "home": (),
    "pay": (Key.RED,),
    "charges": (Key.GREEN,),
    "month": (Key.GREEN, OK),
    "services": (Key.YELLOW,),
    "messages": (Key.BLUE,),
    "message": (Key.BLUE, OK),
    "help": (Key.INFO,),
    "rooms": (R, U, R, OK),
    "personal": (R, R, OK),
    "settings": (Key.MENU,),
    "edges": (Key.MENU, *6 * (D,), OK),
    "tv": (Key.EXIT,),
}
"""Screen -> the keys from home."""

PRIVATE = (
    "1 284,50", "1027 3345 8021", "102733458021", "Гостиная", "Кухня", "Базовый", "Спорт", "Детский", "Познавательный",
    "4417", "И•••", "Работы на спутнике", "31 декабря", "747", "859,70", "Карта на месте",
)  # fmt: skip
"""What only this account's screens may say."""


def at(screen: str, gateway: FakeGateway | None = None) -> Pilot:
    """The app with the viewer on ``screen``."""
    pilot = Pilot(gateway)
    pilot.press(*WAYS[screen])
    assert pilot.screen == screen
    return pilot
