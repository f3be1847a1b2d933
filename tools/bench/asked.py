"""Programs that measure whenever they are asked: one line in, one JSON line out."""

from __future__ import annotations

import json
import os
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from tools.bench.rows import CannotMeasure

FEWEST = 3


@contextmanager
def asked(what: str, command: Sequence[str]) -> Iterator[Callable[[], Any]]:
    """Start ``command``; what is given asks it once more. CannotMeasure, which names ``what``, where it ends early."""
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True, env=_environment()) as process:

        def ask() -> Any:
            if process.stdin is None or process.stdout is None:
                raise CannotMeasure(f"{what}: no pipes")
            try:
                process.stdin.write("\n")
                process.stdin.flush()
                line = process.stdout.readline()
            except BrokenPipeError:
                line = ""
            if not line:
                _, said = process.communicate(timeout=10)
                raise CannotMeasure(f"{what}: {_last_line(said)}")
            return json.loads(line)

        try:
            yield ask
        finally:
            process.kill()
            process.communicate(timeout=10)


def rounds(count: int, seconds: float) -> Iterator[None]:
    """So many rounds; fewer on a machine on which they take longer than ``seconds``, FEWEST at least."""
    deadline = time.monotonic() + seconds
    for number in range(count):
        if number >= FEWEST and time.monotonic() > deadline:
            return
        yield


def answer_of(what: str, command: Sequence[str], seconds: float) -> Any:
    """What a program says that is asked once and ends; CannotMeasure where it does not within ``seconds``."""
    try:
        ended = subprocess.run(
            command, capture_output=True, text=True, check=False, timeout=seconds, env=_environment()
        )
    except subprocess.TimeoutExpired:
        raise CannotMeasure(f"{what}: not done within {seconds:g} s") from None
    if ended.returncode != 0:
        raise CannotMeasure(f"{what}: {_last_line(ended.stderr)}")
    return json.loads(ended.stdout)


def _environment() -> dict[str, str]:
    """Without pygame's greeting on standard output."""
    return os.environ | {"PYGAME_HIDE_SUPPORT_PROMPT": "1"}


def _last_line(said: str) -> str:
    return (said.strip().splitlines() or ["ended before its time"])[-1]
