"""Where a crawl begins: accounts, states of the session, and the moments before an answer. Screens are not listed here:
``crawl.py`` finds them by the keys."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from device.api.errors import ApiError
from stb_app.navigation import Ask
from stb_app.router import LINK_GRACE_S
from stb_app.screens.dialog import Choice, Dialog
from tests.screens import stress
from tools.pilot import documents
from tools.pilot.gateway import FakeGateway
from tools.pilot.pilot import Pilot

REFUSED = ("C-02", "C-03", "C-04", "C-05", "B-01", "B-02", "B-03")
OFFLINE = ("N-01", "N-02", "N-03")
SAID = (
    "Деньги спишутся с баланса сегодня, за оставшиеся дни месяца. Передумали? Пять минут можно вернуть всё. "
    "Со следующего месяца пакет будет стоить столько же каждый месяц, первого числа."
)


def _nothing(pilot: Pilot) -> None:
    """The app stands where it is to be."""


@dataclass(frozen=True)
class Start:
    """``gateway`` makes what answers the app, ``then`` brings the app to where the crawl begins. ``inside``: the crawl
    stays on that screen.
    """

    gateway: Callable[[], FakeGateway]
    then: Callable[[Pilot], None] = _nothing
    inside: bool = False


def _session(state: str, code: str | None = None, *, reachable: bool = True) -> Start:
    def gateway() -> FakeGateway:
        made = FakeGateway(documents.session(state, code))
        made.unreachable = not reachable
        return made

    return Start(gateway)


def _halted(state: str) -> Start:
    return Start(lambda: stress.halted(state))


def _without_device(pilot: Pilot) -> None:
    if pilot.gateway.listener is not None:
        pilot.gateway.listener.disconnected(ApiError("gone", code="device_unreachable"))
    pilot.advance(LINK_GRACE_S)


def _silent(pilot: Pilot) -> None:
    pilot.gateway.unreachable = True


def _slow(pilot: Pilot) -> None:
    pilot.gateway.held = []


def _ask(pilot: Pilot, *choices: Choice, text: str = "") -> None:
    pilot.lead(Ask(Dialog("question", "Подключить пакет «Спорт» за 199\u00a0₽ в месяц?", text, choices)))


def _asked(pilot: Pilot) -> None:
    _ask(pilot, Choice("yes", "Подключить", confirms=True), Choice("no", "Не надо"))


def _asked_much(pilot: Pilot) -> None:
    choices = (Choice("yes", "Подключить пакет сейчас", confirms=True), Choice("later", "С первого числа"))
    _ask(pilot, *choices, Choice("no", "Оставить всё как есть"), text=SAID)


FAMILIES: dict[str, dict[str, Start]] = {
    "calm": {"calm": Start(stress.calm)},
    "empty": {"empty": Start(stress.empty)},
    "crowded": {"crowded": Start(stress.crowded)},
    "halted": {"stopped": _halted("stopped"), "suspended": _halted("suspended")},
    "refused": {
        "no card": _session("no_card", "C-01"),
        **{code: _session("refused", code) for code in REFUSED},
    },
    "offline": {
        **{code: _session("offline", code, reachable=False) for code in OFFLINE},
        "without the device service": Start(stress.calm, _without_device),
    },
    "waiting": {
        "starting": _session("starting"),
        "without an answer": Start(stress.calm, _silent),
        "with slow answers": Start(stress.calm, _slow),
    },
    "asked": {
        "short": Start(stress.calm, _asked, inside=True),
        "long": Start(stress.calm, _asked_much, inside=True),
    },
}
"""Starts that are gone through in one test. ``asked``: what no key leads to in the others."""
