"""Waits until the simulator is gone, then clears away what a killed one left: its folder, or the sockets in it.

``python keeper.py folder|sockets DIR`` with a pipe from the simulator as its input: the pipe ends with the
simulator, however that ends. Stands alone (no import of ours), so that it is small and up at once.
"""

from __future__ import annotations

import shutil
import sys
import time
from pathlib import Path

_TRIES = 100
_PAUSE_S = 0.05


def remove_sockets(folder: Path) -> None:
    """Unlink every socket under ``folder``."""
    for path in folder.rglob("*"):
        if path.is_socket():
            path.unlink(missing_ok=True)


def clear(what: str, folder: Path) -> None:
    """Processes that die in this moment may still write: what comes back is removed again."""
    for _ in range(_TRIES):
        if what == "sockets":
            remove_sockets(folder)
        else:
            shutil.rmtree(folder, ignore_errors=True)
        if what == "sockets" or not folder.exists():
            return
        time.sleep(_PAUSE_S)


def main(arguments: list[str]) -> None:
    what, folder = arguments
    sys.stdin.buffer.read()
    clear(what, Path(folder))


if __name__ == "__main__":
    main(sys.argv[1:])
