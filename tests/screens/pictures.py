"""The kept pictures (``pictures/*.png``): what the screens look like, pixel by pixel. ``python -m
tests.screens.pictures [NAME ...]`` draws them anew; ``home`` stands in README.md.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pygame

from stb_app.input.keys import Key
from stb_app.navigation import Ask, Destination
from stb_app.preferences import Preferences
from stb_app.screens.dialog import Choice, Dialog
from tests.flows.places import WAYS
from tests.screens.png import png
from tools.pilot import documents
from tools.pilot.gateway import FakeGateway
from tools.pilot.pilot import STILL, Pilot

FOLDER = Path(__file__).with_suffix("")


@dataclass(frozen=True)
class Shot:
    """A picture and how the viewer came there."""

    keys: tuple[Key, ...] = ()
    look: Preferences = STILL
    gateway: Callable[[], FakeGateway] = FakeGateway
    then: Destination | None = None

    def draw(self) -> pygame.Surface:
        pilot = Pilot(self.gateway(), self.look)
        pilot.press(*self.keys)
        if self.then is not None:
            pilot.lead(self.then)
        return pilot.platform.canvas()


def _without_card() -> FakeGateway:
    return FakeGateway(documents.session("no_card", "C-01"))


def _question() -> Destination:
    choices = (Choice("yes", "Подключить", confirms=True), Choice("no", "Не надо"))
    text = "Деньги спишутся сегодня. Передумали? Пять минут можно вернуть всё."
    return Ask(Dialog("question", "Подключить пакет «Спорт» за 199\u00a0₽ в месяц?", text, choices))


SHOTS: dict[str, Shot] = {
    "home": Shot(),
    "home_xl": Shot(look=replace(STILL, text_size="XL")),
    "home_contrast": Shot(look=replace(STILL, theme="contrast")),
    "charges": Shot(WAYS["charges"]),
    "services": Shot(WAYS["services"]),
    "rooms": Shot(WAYS["rooms"]),
    "message": Shot(WAYS["message"]),
    "personal": Shot(WAYS["personal"]),
    "pay": Shot(WAYS["pay"]),
    "help": Shot(WAYS["help"]),
    "settings": Shot((Key.MENU,)),
    "state": Shot(gateway=_without_card),
    "dialog": Shot(then=_question()),
}


def path_of(name: str) -> Path:
    return FOLDER / f"{name}.png"


def main(names: list[str]) -> int:
    unknown = sorted(set(names) - SHOTS.keys())
    if unknown:
        sys.stderr.write(f"there is no picture {', '.join(unknown)}; pictures: {', '.join(SHOTS)}\n")
        return 2
    FOLDER.mkdir(exist_ok=True)
    for old in FOLDER.glob("*.png"):
        if old.stem not in SHOTS:
            old.unlink()
    for name in names or SHOTS:
        path_of(name).write_bytes(png(SHOTS[name].draw()))
        sys.stdout.write(f"{path_of(name)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
