"""``python -m tools.simulator``: see ``--help``."""

from __future__ import annotations

import contextlib
import json
import logging
import os
import sys
import threading
from collections.abc import Sequence
from typing import TextIO

from device.api.errors import ApiError
from device.config import LogConfig
from device.log_setup import set_up_logging
from stb_app.stopping import block_signals, stop_on_signals
from tools.simulator.cli import read_settings
from tools.simulator.errors import SimulatorError, StartError, Stopped, TelevisionGone
from tools.simulator.processes import Supervisor
from tools.simulator.report import Report, StepResult
from tools.simulator.runner import LineFailed, Runner
from tools.simulator.settings import Settings
from tools.simulator.state import StateFolder
from tools.simulator.television import TelevisionClient
from tools.simulator.viewing import PictureKeeper
from tools.simulator.world import SimulatedHome

HELD, FAILED, NOT_STARTED = 0, 1, 2
LOOK_EVERY_S = 0.5
LOG_BYTES = 16 * 1024 * 1024

logger = logging.getLogger("tools.simulator")


def main(argv: Sequence[str] | None = None) -> int:
    """Exit status as ``--help`` says."""
    block_signals()
    try:
        settings = read_settings(argv)
        report = Report(settings.out) if settings.out is not None else None
        state = StateFolder(settings.state)
    except ApiError as error:
        return _complain(error, NOT_STARTED)
    supervisor = Supervisor(state.logs)
    stop = threading.Event()

    def end() -> None:
        stop.set()
        supervisor.close()

    stop_on_signals(end)
    log = report.folder / "log.txt" if report is not None else state.logs / "simulator.log"
    set_up_logging(LogConfig(log, LOG_BYTES, backups=0))
    try:
        return Simulator(settings, report, state, supervisor, stop).run()
    finally:
        if report is not None:
            report.keep_logs(state.logs)
        state.close()


class Simulator:
    """One run, from the first process to the last."""

    def __init__(
        self,
        settings: Settings,
        report: Report | None,
        state: StateFolder,
        supervisor: Supervisor,
        stop: threading.Event,
    ) -> None:
        self._settings = settings
        self._report = report
        self._state = state
        self._supervisor = supervisor
        self._stop = stop

    def run(self) -> int:
        with contextlib.ExitStack() as ends:
            try:
                home = SimulatedHome(self._settings, self._state, self._supervisor)
                ends.callback(home.close)
                if self._settings.script is not None:
                    home.check(self._settings.script)
                television = home.start(_progress)
            except ApiError as error:
                return self._stopped() if self._stop.is_set() else _complain(error, NOT_STARTED)
            ends.callback(television.close)
            _say(json.dumps(self._first_line(home), ensure_ascii=False))
            return self._act(home, television)

    def _first_line(self, home: SimulatedHome) -> dict[str, object]:
        device_socket = str(self._state.device_socket)
        return {
            "listening": [home.service, device_socket],
            "device_socket": device_socket,
            "service": home.service,
            "page": None,
            "state": str(self._state.path),
        }

    def _act(self, home: SimulatedHome, television: TelevisionClient) -> int:
        try:
            if self._settings.script is not None:
                Runner(television, home, self._report, self._stop, _tell_step).run(self._settings.script)
                return HELD
            self._watch(home, television)
        except LineFailed as error:
            return _complain(error, FAILED)
        except SimulatorError as error:
            return self._stopped() if self._stop.is_set() else _complain(error, FAILED)
        return HELD

    def _watch(self, home: SimulatedHome, television: TelevisionClient) -> None:
        """Until it is told to stop, or the window is closed; StartError where a process ends by itself."""
        folder = self._report.folder if self._report is not None else self._state.path
        keeper = None if self._settings.window else PictureKeeper(television, folder / "screen.png", _say)
        while not self._stop.wait(LOOK_EVERY_S):
            if home.window_closed:
                return
            lost = self._supervisor.lost()
            if lost is not None:
                raise StartError(lost.obituary())
            if keeper is not None:
                try:
                    keeper.look()
                except TelevisionGone as error:
                    logger.info("%s", error)  # the next round says how it ended

    def _stopped(self) -> int:
        return HELD if self._settings.script is None else _complain(Stopped("stopped before the script ended"), FAILED)


def _say(text: str, stream: TextIO | None = None) -> None:
    """A line for people; where nobody reads any more (``| head -1``), the simulator goes on in silence."""
    target = stream or sys.stdout
    try:
        print(text, file=target, flush=True)
    except BrokenPipeError:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, target.fileno())
        os.close(nowhere)


def _progress(text: str) -> None:
    logger.info("%s", text)
    _say(f"simulator: {text} …", sys.stderr)


def _tell_step(result: StepResult) -> None:
    _say(f"{'ok  ' if result.ok else 'FAIL'} {result.line:4d}  {result.text}  ({result.seconds:.2f} s)")


def _complain(error: ApiError, status: int) -> int:
    _say(f"simulator: {error}" if status == NOT_STARTED else str(error), sys.stderr)
    return status


if __name__ == "__main__":
    sys.exit(main())
