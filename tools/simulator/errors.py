"""What can go wrong in the simulator: one small tree under the product's one error shape."""

from __future__ import annotations

from device.api.errors import ApiError


class SimulatorError(ApiError):
    """Anything the simulator tells a person in one line."""

    code = "simulator"


class ScriptError(SimulatorError):
    """A script that cannot be run: ``FILE:LINE: what is wrong``; ``path`` and ``line`` (from 1) are kept as data."""

    code = "script"

    def __init__(self, path: str, line: int, message: str, remedy: str = "") -> None:
        super().__init__(f"{path}:{line}: {message}", remedy=remedy)
        self.path = path
        self.line = line


class StepFailed(SimulatorError):
    """A step of a script did not hold; the message is the ``why`` of steps.json."""

    code = "step_failed"


class StartError(SimulatorError):
    """A piece of the world could not be started, or ended by itself."""

    code = "start"


class TelevisionGone(SimulatorError):
    """The TV process does not answer: it ended, or its control socket is closed."""

    code = "television_gone"


class Stopped(SimulatorError):
    """The simulator was told to stop (SIGTERM, SIGINT, or the window was closed)."""

    code = "stopped"

    def __init__(self, why: str = "stopped") -> None:
        super().__init__(why)
