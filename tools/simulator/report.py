"""What a script leaves behind: the folder of ``--out`` with steps.json, pictures, dumps and logs."""

from __future__ import annotations

import json
import logging
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from tools.simulator.errors import SimulatorError
from tools.simulator.matching import Tree

logger = logging.getLogger(__name__)

_STEPS = "steps.json"


@dataclass(frozen=True)
class StepResult:
    """One line of steps.json; ``why`` is None where the line held."""

    line: int
    text: str
    ok: bool
    seconds: float
    why: str | None


class Report:
    """Writes into ``folder``, which is made; SimulatorError where that cannot be."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve()
        self._steps: list[StepResult] = []
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            (self.folder / _STEPS).unlink(missing_ok=True)  # of an earlier run: it says nothing of this one
        except OSError as error:
            raise SimulatorError(f"--out {folder}: cannot be made: {error.strerror}") from None

    def add(self, result: StepResult) -> None:
        """Kept on the disk from now on, so that a killed run tells how far it came."""
        self._steps.append(result)
        self._write(_STEPS, [asdict(step) for step in self._steps])

    def picture(self, name: str) -> Path:
        """Where the picture ``name`` goes."""
        return self.folder / f"{name}.png"

    def dump(self, name: str, tree: Tree) -> None:
        self._write(f"{name}.json", dict(tree))

    def keep_logs(self, logs: Path) -> None:
        """Copies of the processes' logs, which go away with the simulator's state; a full disk costs only them."""
        target = self.folder / "logs"
        try:
            target.mkdir(exist_ok=True)
            for log in sorted(logs.glob("*.log")):
                shutil.copyfile(log, target / log.name)
        except OSError as error:
            logger.warning("logs are not kept in %s: %s", target, error.strerror)

    def _write(self, name: str, document: Any) -> None:
        temporary = self.folder / f".{name}.new"
        try:
            temporary.write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
            temporary.replace(self.folder / name)
        except OSError as error:
            raise SimulatorError(f"{self.folder / name}: cannot be written: {error.strerror}") from None
