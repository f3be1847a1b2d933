"""Where a crawl begins: accounts, states of the session, and the moments before an answer. Screens are not listed here:
``crawl.py`` finds them by the keys."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from device.api.errors import ApiError
from device.api.money import Money
from stb_app.controls.amount import AmountRule
from stb_app.controls.digits import ACCOUNT_NUMBER
from stb_app.controls.range import RangeRule
from stb_app.controls.text import TextRule
from stb_app.navigation import Ask
from stb_app.router import LINK_GRACE_S
from stb_app.screens.base import Modal, View
from stb_app.screens.calendar import RangeDialog
from stb_app.screens.dialog import Choice, Dialog
from stb_app.screens.numbers import AmountDialog, DigitsDialog
from stb_app.screens.pin import PinDialog
from stb_app.screens.writing import TextDialog
from tests.screens import stress
from tools.pilot import documents
from tools.pilot.gateway import FakeGateway
from tools.pilot.pilot import Pilot

REFUSED = ("C-02", "C-03", "C-04", "C-05", "B-01", "B-02", "B-03")
OFFLINE = ("N-01", "N-02", "N-03")
FIRST_DAY, LAST_DAY = date(2026, 11, 22), date(2027, 11, 21)
QUESTION = "Подключить пакет «Спорт» за 199\u00a0₽ в месяц?"
WHY = "Чтобы показать договор и адрес целиком."
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


def _rub(amount: int) -> Money:
    return Money(amount * 100, "RUB")


ASKED: dict[str, Callable[[View], Modal]] = {
    "a question": lambda _: Dialog(
        "question", QUESTION, "", (Choice("yes", "Подключить", confirms=True), Choice("no", "Не надо"))
    ),
    "a long question": lambda _: Dialog(
        "question",
        QUESTION,
        SAID,
        (
            Choice("yes", "Подключить пакет сейчас", confirms=True),
            Choice("later", "С первого числа"),
            Choice("no", "Оставить всё как есть"),
        ),
    ),
    "PIN": lambda _: PinDialog("pin", "Введите ПИН-код", WHY, other=Choice("forgot", "Не помню ПИН-код")),
    "digits": lambda _: DigitsDialog("number", "Номер счёта", WHY, ACCOUNT_NUMBER),
    "a sum": lambda _: AmountDialog("sum", "Сколько внести", WHY, AmountRule(_rub(1), _rub(15000), (_rub(500),))),
    "a text": lambda view: TextDialog("name", "Имя, как в договоре", "Без отчества.", view.keyboard, TextRule(1, 30)),
    "days": lambda _: RangeDialog("block", "Временная блокировка", WHY, RangeRule(FIRST_DAY, LAST_DAY, 30)),
}
"""What is asked over a screen: of these some have no screen yet that asks."""


def _asking(modal: Callable[[View], Modal]) -> Start:
    return Start(stress.calm, lambda pilot: pilot.lead(Ask(modal(pilot.app._view()))), inside=True)


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
    "asked": {name: _asking(modal) for name, modal in ASKED.items()},
}
"""Starts that are gone through in one test."""
