"""The simulator's processes: started, watched, ended; none outlives the simulator, even one that is killed."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

from device.api.waiting import WaitTimeout, wait_until
from tools.simulator.errors import StartError, Stopped

ROOT = Path(__file__).resolve().parents[2]
"""Where ``python -m tools…`` finds its modules."""

END_LIMIT_S = 2.0
"""From SIGTERM to SIGKILL; all of the simulator ends within 3 s."""

_ENVIRONMENT = {"PYGAME_HIDE_SUPPORT_PROMPT": "1"}
"""pygame greets on stdout, where a child's first line says where it listens."""


class Child:
    """One process, ``name`` as people call it; ``output`` gets its stdout, ``log`` from ``log_start`` its stderr."""

    def __init__(self, name: str, process: subprocess.Popen[bytes], output: Path, log: Path, log_start: int) -> None:
        self.name = name
        self._process = process
        self._output = output
        self._log = log
        self._log_start = log_start
        self._ending = False

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def alive(self) -> bool:
        return self.status is None

    @property
    def status(self) -> int | None:
        """Its exit status, minus the signal that killed it; None while it runs."""
        return self._process.poll()

    @property
    def lost(self) -> bool:
        """It ended, and nobody here wanted that."""
        return not self.alive and not self._ending

    def wait_listening(self, limit: float) -> list[str]:
        """The addresses of its one JSON line; StartError where it ends first, says something else or takes too long."""
        try:
            line = wait_until(self._first_line, limit=limit, what=f"the {self.name} to listen")
        except WaitTimeout as error:
            raise StartError(f"{error}; its last words: {self._last_words()}") from None
        try:
            document: Any = json.loads(line)
            return [str(address) for address in document["listening"]]
        except (ValueError, KeyError, TypeError):
            raise StartError(f"the {self.name} says {line[:200]!r} and not where it listens") from None

    def _first_line(self) -> str:
        alive = self.alive
        line, end, _ = self._output.read_text(encoding="utf-8", errors="replace").partition("\n")
        if end:
            return line
        if not alive:
            raise StartError(self.obituary())
        return ""

    def obituary(self) -> str:
        """How it ended, in one line."""
        return f"the {self.name} ended with {self.status}: {self._last_words()}"

    def _last_words(self) -> str:
        with self._log.open("rb") as log:
            log.seek(self._log_start)
            lines = log.read().decode("utf-8", errors="replace").strip().splitlines()
        return lines[-1][:300] if lines else "nothing"

    def kill(self) -> None:
        """SIGKILL; returns when it is gone."""
        self._ending = True
        self._process.kill()
        self._process.wait()

    def terminate(self) -> None:
        """SIGTERM; does not wait."""
        self._ending = True
        self._process.terminate()

    def wait_gone(self, limit: float) -> None:
        """Until it ended, by SIGKILL after ``limit`` seconds."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(max(limit, 0.0))
        self.kill()


class Supervisor:
    """Starts children and ends them all. Start from the main thread (child.py says why); close from any."""

    def __init__(self, logs: Path) -> None:
        self._logs = logs
        self._children: list[Child] = []
        self._lock = threading.Lock()
        self._closed = False

    def start(self, name: str, module: str, *arguments: str) -> Child:
        """Run ``python -m module arguments…``, output and complaints under the logs; Stopped after ``close``."""
        stem = name.replace(" ", "-")
        output, log = self._logs / f"{stem}.out", self._logs / f"{stem}.log"
        command = [sys.executable, "-m", "tools.simulator.child", str(os.getpid()), module, *arguments]
        with self._lock, output.open("wb") as said, log.open("ab") as complained:
            if self._closed:
                raise Stopped
            log_start = log.stat().st_size
            process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=complained,
                cwd=ROOT,
                env={**os.environ, **_ENVIRONMENT},
                process_group=0,
            )
            self._children.append(child := Child(name, process, output, log, log_start))
        return child

    def lost(self) -> Child | None:
        """A child that ended by itself."""
        return next((child for child in self._children if child.lost), None)

    def close(self) -> None:
        """End all, the last started first; returns when none is left."""
        with self._lock:
            self._closed = True
            deadline = time.monotonic() + END_LIMIT_S
            for child in reversed(self._children):
                child.terminate()
            for child in reversed(self._children):
                child.wait_gone(deadline - time.monotonic())
