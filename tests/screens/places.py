"""The ways to every screen: a viewer's steps from a fresh start."""

from __future__ import annotations

from collections.abc import Iterator

from device.api.errors import ApiError
from stb_app.bootstrap import OPERATOR
from stb_app.input.keys import Key
from stb_app.preferences import Preferences
from stb_app.router import LINK_GRACE_S
from tests.screens import stress
from tools.pilot import documents
from tools.pilot.gateway import FakeGateway
from tools.pilot.pilot import Pilot

CARD_AND_BOX = ("C-02", "C-03", "C-04", "C-05", "B-01", "B-02", "B-03")
NETWORK = ("N-01", "N-02", "N-03")
FROM_HOME = ("charges", "services", "rooms", "messages", "personal", "pay", "help")
DEEPER = {"charges": "month", "messages": "message"}
"""Screens that OK on a list opens."""

Visit = tuple[str, Pilot]
"""Where the viewer is, for a message (``crowded: charges > month``), and the app as it stands there."""


def visits(look: Preferences, height: int = 1080, operator: str = OPERATOR) -> Iterator[Visit]:
    """Go through the whole app in one look; the caller looks at the pilot, and may move the focus, in between."""
    for household in (stress.calm, stress.empty):
        yield from _account(household.__name__, unpainted(Pilot(household(), look, height, operator)))
    yield "crowded: home", unpainted(Pilot(stress.crowded(), look, height, operator))
    yield from _stopped(look, height, operator)
    yield from _refused(look, height, operator)
    yield from _offline(look, height, operator)
    yield from _starting(look, height, operator)


def unpainted(pilot: Pilot) -> Pilot:
    """The walk looks at what would be painted; painting it costs more than everything else."""
    pilot.app._stage.paint = list  # type: ignore[method-assign]
    return pilot


def focus_on(pilot: Pilot, name: str) -> None:
    """Put the focus on ``name`` and let the page follow; that the arrows lead there is a check of its own."""
    stage = pilot.app._stage
    stage.set_focus(name)
    if stage.page is not None and stage.page.follows_focus:
        pilot.app._invalidate()
        pilot.app.step()
    assert pilot.focus == name, f"{name} cannot have the focus on {pilot.screen}"


def _opened(pilot: Pilot, name: str) -> None:
    focus_on(pilot, name)
    pilot.press(Key.OK)


def _home(pilot: Pilot) -> None:
    for _ in range(4):
        pilot.press(Key.BACK)


def _account(household: str, pilot: Pilot, before: str = "") -> Iterator[Visit]:
    """Home and all that opens from it."""
    yield f"{household}: {before}home", pilot
    for name in FROM_HOME:
        _opened(pilot, name)
        yield f"{household}: {before}home > {name}", pilot
        if name in DEEPER and pilot.focus is not None:
            pilot.press(Key.OK)
            yield f"{household}: {before}home > {name} > {DEEPER[name]}", pilot
            pilot.press(Key.BACK)
        pilot.press(Key.BACK)
    pilot.press(Key.EXIT)
    yield f"{household}: {before}tv", pilot
    pilot.press(Key.BACK)


def _stopped(look: Preferences, height: int, operator: str) -> Iterator[Visit]:
    for state in ("stopped", "suspended"):
        pilot = unpainted(Pilot(stress.halted(state), look, height, operator))
        yield f"{state}: state", pilot
        if state == "stopped":
            _opened(pilot, "account")
            yield from _account(state, pilot, "state > ")


def _refused(look: Preferences, height: int, operator: str) -> Iterator[Visit]:
    pilot = unpainted(Pilot(FakeGateway(documents.session("no_card", "C-01")), look, height, operator))
    for code in ("C-01", *CARD_AND_BOX):
        pilot.gateway.sign(documents.session("no_card" if code == "C-01" else "refused", code))
        pilot.settle()
        yield f"refused: state {code}", pilot
    for name in ("help", "pay"):
        _opened(pilot, name)
        yield f"refused: state > {name}", pilot
        _home(pilot)


def _offline(look: Preferences, height: int, operator: str) -> Iterator[Visit]:
    gateway = FakeGateway(documents.session("offline", "N-01"))
    gateway.unreachable = True
    pilot = unpainted(Pilot(gateway, look, height, operator))
    for code in NETWORK:
        gateway.sign(documents.session("offline", code))
        pilot.settle()
        yield f"offline: state {code}", pilot
    if gateway.listener is not None:
        gateway.listener.disconnected(ApiError("gone", code="device_unreachable"))
    pilot.advance(LINK_GRACE_S)
    yield "offline: state B-04", pilot


def _starting(look: Preferences, height: int, operator: str) -> Iterator[Visit]:
    """The moments before an answer, and the answers that do not come."""
    pilot = unpainted(Pilot(FakeGateway(documents.session("starting")), look, height, operator))
    yield "starting: start", pilot
    gateway = stress.calm()
    waiting = unpainted(Pilot(gateway, look, height, operator))
    gateway.unreachable = True
    for name in ("charges", "messages"):
        _opened(waiting, name)
        yield f"starting: home > {name} without an answer", waiting
        waiting.press(Key.BACK)
