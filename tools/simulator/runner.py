"""Runs a script against a TV and a world, line by line, and says where it did not hold."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable

from tools.simulator import matching
from tools.simulator.errors import SimulatorError, StepFailed, Stopped
from tools.simulator.faults import World
from tools.simulator.report import Report, StepResult
from tools.simulator.steps import (
    Break,
    Dump,
    Expect,
    Focus,
    Hold,
    Line,
    Press,
    Refuse,
    Screenshot,
    Script,
    Sleep,
    Step,
    Wait,
)
from tools.simulator.television import Television

logger = logging.getLogger(__name__)

_SHOWN_TEXTS = 40


class LineFailed(SimulatorError):
    """``FILE:LINE: TEXT: why; on screen: …``"""

    code = "line_failed"


class Runner:
    """``stop`` ends a sleep and the script; ``tell`` gets every line's outcome as it comes."""

    def __init__(
        self,
        television: Television,
        world: World,
        report: Report | None,
        stop: threading.Event,
        tell: Callable[[StepResult], None] = lambda _: None,
    ) -> None:
        self._television = television
        self._world = world
        self._report = report
        self._stop = stop
        self._tell = tell

    def run(self, script: Script) -> None:
        """Returns when every line held; LineFailed for the first that did not, and nothing after it is run."""
        for line in script.lines:
            started = time.monotonic()
            why: str | None = None
            try:
                if self._stop.is_set():
                    raise Stopped
                self._step(line.step)
            except SimulatorError as error:
                why = "stopped" if self._stop.is_set() else str(error)
            result = StepResult(line.number, line.text, why is None, round(time.monotonic() - started, 3), why)
            if self._report is not None:
                self._report.add(result)
            logger.info("line %d: %s: %s in %.3f s", line.number, line.text, why or "holds", result.seconds)
            self._tell(result)
            if why is not None:
                raise LineFailed(self._message(script.path, line, why))

    def _step(self, step: Step) -> None:
        match step:
            case Wait(text, seconds):
                if not self._television.wait(text, seconds):
                    raise StepFailed(f"not there within {seconds:g} s")
            case Press(key, times):
                for _ in range(times):
                    self._television.press(key)
            case Hold(key, seconds):
                self._television.hold(key, seconds)
            case Expect(text):
                if not matching.shows(self._television.dump(), text):
                    raise StepFailed("not there")
            case Refuse(text):
                if matching.shows(self._television.dump(), text):
                    raise StepFailed("it is there")
            case Focus(label):
                self._focus(label)
            case Break(fault):
                self._world.apply(fault)
            case Screenshot(name):
                self._television.screenshot(self._writes().picture(name))
            case Dump(name):
                self._writes().dump(name, self._television.dump())
            case Sleep(seconds):
                if self._stop.wait(seconds):
                    raise Stopped

    def _focus(self, label: str) -> None:
        tree = self._television.dump()
        if not matching.has_focus(tree, label):
            focused = matching.focused_label(tree)
            raise StepFailed("nothing has the focus" if focused is None else f"the focus is on '{focused}'")

    def _writes(self) -> Report:
        if self._report is None:
            raise StepFailed("there is no folder for it (--out DIR)")
        return self._report

    def _message(self, path: str, line: Line, why: str) -> str:
        place = f"{path}:{line.number}: {line.text}: {why}"
        if self._stop.is_set():  # the TV is on its way out and shows nothing that matters
            return place
        try:
            texts = matching.texts(self._television.dump())
        except SimulatorError as error:
            shown = str(error)
        else:
            more = " …" if len(texts) > _SHOWN_TEXTS else ""
            shown = (" | ".join(texts[:_SHOWN_TEXTS]) or "nothing") + more
        return f"{place}; on screen: {shown}"
