"""Simulated homes for the end-to-end tests: real processes, started once a session and put back between tests."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from device.api.waiting import wait_until
from device.client import DeviceClient
from tools.simulator.cli import read_settings
from tools.simulator.faults import Fault
from tools.simulator.parser import parse_script, read_script
from tools.simulator.processes import Supervisor
from tools.simulator.report import Report
from tools.simulator.runner import Runner
from tools.simulator.state import StateFolder
from tools.simulator.television import TelevisionClient
from tools.simulator.world import SimulatedHome

SCRIPTS = Path(__file__).parent / "scripts"
SIGN_IN_LIMIT_S = 30.0


class StartedHome:
    """A home that runs, with its TV."""

    def __init__(self, home: SimulatedHome, television: TelevisionClient, state: StateFolder) -> None:
        self.home = home
        self.television = television
        self.state = state

    def run(self, name: str, out: Path) -> None:
        """Run ``scripts/NAME.txt``; LineFailed where a line does not hold."""
        self._runner(Report(out)).run(read_script(SCRIPTS / f"{name}.txt"))

    def do(self, text: str) -> None:
        """Run a script's text."""
        self._runner(None).run(parse_script(text.encode(), "inline"))

    def _runner(self, report: Report | None) -> Runner:
        return Runner(self.television, self.home, report, threading.Event())

    def fault(self, name: str, value: str | int | None = None) -> None:
        self.home.apply(Fault(name, value))

    def ask(self, method: str, **params: Any) -> Any:
        """A call of the box's local API, as another local program would make it."""
        with DeviceClient(self.state.device_socket, name="e2e") as client:
            return client.call(method, params, timeout=20)

    def wait_session(self, holds: Callable[[dict[str, Any]], bool], what: str) -> dict[str, Any]:
        """The session's status as soon as it is as it should be."""
        with DeviceClient(self.state.device_socket, name="e2e") as client:

            def probe() -> dict[str, Any] | None:
                status: dict[str, Any] = client.call("session.status")
                return status if holds(status) else None

            status = wait_until(probe, limit=SIGN_IN_LIMIT_S, what=what)
        if status is None:
            raise AssertionError(what)
        return status

    def put_back(self) -> None:
        """Everything as at the start: own card in, network up, all processes up, the right time, the home screen."""
        self.home.clock.reset()
        self.fault("network.up")
        self.fault("headend.start")
        self.fault("device.start")
        self.fault("card.insert")
        self.wait_session(lambda status: status["state"] == "signed_in", "the sign-in")
        self.television.press("HOME")


@contextlib.contextmanager
def started_home(*arguments: str) -> Iterator[StartedHome]:
    """A home by the simulator's own options, without a window."""
    settings = read_settings([*arguments, "--headless"], {})
    with contextlib.ExitStack() as ends:
        state = StateFolder()
        ends.callback(state.close)
        home = SimulatedHome(settings, state, Supervisor(state.logs))
        ends.callback(home.close)
        television = home.start(lambda _: None)
        ends.callback(television.close)
        yield StartedHome(home, television, state)
