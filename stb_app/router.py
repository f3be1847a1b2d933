"""Which screen is the root: the session decides, never the history."""

from __future__ import annotations

from stb_app.account.queries import ACCOUNT
from stb_app.account.store import SHOWING, Store
from stb_app.screens.base import Screen
from stb_app.screens.charges import ChargesScreen
from stb_app.screens.edges import EdgesScreen
from stb_app.screens.help import HelpScreen
from stb_app.screens.home import HomeScreen
from stb_app.screens.messages import MessageScreen, MessagesScreen
from stb_app.screens.month import MonthScreen
from stb_app.screens.pay import PayScreen
from stb_app.screens.personal import PersonalScreen
from stb_app.screens.rooms import RoomsScreen
from stb_app.screens.services import ServicesScreen
from stb_app.screens.settings import SettingsScreen
from stb_app.screens.start import StartScreen
from stb_app.screens.state import StateScreen
from stb_app.screens.tv import TvScreen

SCREENS: tuple[type[Screen], ...] = (
    StartScreen,
    HomeScreen,
    StateScreen,
    TvScreen,
    ChargesScreen,
    MonthScreen,
    PersonalScreen,
    ServicesScreen,
    RoomsScreen,
    MessagesScreen,
    MessageScreen,
    PayScreen,
    HelpScreen,
    SettingsScreen,
    EdgesScreen,
)
"""Every screen that there is; keymaps may speak of these."""

LINK_GRACE_S = 3.0
"""A device service that restarts is not a fault yet: so long the start screen stays."""


def root_key(store: Store, unlinked_for: float) -> tuple[str, str]:
    """Name and code of the screen that must be the root now. ``unlinked_for``: seconds without the device service."""
    session = store.session
    if not store.linked:
        return ("state", "B-04") if unlinked_for >= LINK_GRACE_S else ("start", "")
    if session.state in SHOWING:
        account = store.get(ACCOUNT)
        if account.value is not None:
            code = {"stopped": "A-01", "suspended": "A-02"}.get(account.value.service_state)
            return ("state", code) if code else ("home", "")
        if session.state == "offline" and not account.loading:
            return ("state", session.code or "N-01")
        if account.error is not None:
            return ("state", "N-02")
        return ("start", "")
    if session.state == "starting":
        return ("start", "")
    return ("state", session.code or "N-02")


def make_root(key: tuple[str, str]) -> Screen:
    match key[0]:
        case "home":
            return HomeScreen()
        case "state":
            return StateScreen(key[1])
        case _:
            return StartScreen()
