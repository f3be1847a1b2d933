"""Python packages that stand beside the project as independent peers, each in an environment of its own.

pyscard's import name is that of our own ``smartcard``, and none of them is a dependency of anything here.
The environments are made by pip at first use, under the project's own, and kept.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

LIMIT = 300


class PeerMissing(Exception):
    """The package cannot be installed on this machine; one line says why."""


@dataclass(frozen=True)
class Peer:
    """One package; ``needs`` says what Debian has to have for it to be built."""

    name: str
    requirement: str
    needs: str = ""


PYSCARD = Peer("pyscard", "pyscard==2.3.1", "gcc libpcsclite-dev")
PYKCS11 = Peer("pykcs11", "PyKCS11==1.5.20")
PYGAME_MENU = Peer("pygame-menu", "pygame-menu-ce==4.5.4")
"""The edition of pygame-menu for pygame-ce, which the app uses too."""
PYSIDE = Peer("pyside6", "PySide6-Essentials==6.9.3")
QT_NEEDS = "libdbus-1-3 libegl1 libfontconfig1 libgl1 libglib2.0-0 libxkbcommon0"
"""Of Debian, for Qt to be imported."""


def peer_python(peer: Peer, root: Path | None = None) -> Path:
    """The interpreter that can import ``peer``; PeerMissing. Several processes may ask at once.

    ``root``: where the environments lie; the project's own one has them in ``peers``.
    """
    root = root or Path(sys.prefix) / "peers"
    folder = root / peer.name
    python, done = folder / "bin" / "python", folder / ".installed"
    try:
        root.mkdir(parents=True, exist_ok=True)
        with (root / ".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not done.exists() or done.read_text("utf-8") != peer.requirement:
                shutil.rmtree(folder, ignore_errors=True)
                _run(peer, [sys.executable, "-m", "venv", str(folder)])
                _run(peer, [str(python), "-m", "pip", "install", "--quiet", peer.requirement])
                done.write_text(peer.requirement, "utf-8")
    except OSError as error:
        raise PeerMissing(f"{peer.requirement}: {error}") from error
    return python


def _run(peer: Peer, command: list[str]) -> None:
    environment = os.environ | {"PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_NO_INPUT": "1"}
    try:
        answer = subprocess.run(command, capture_output=True, text=True, check=False, timeout=LIMIT, env=environment)
    except subprocess.TimeoutExpired:
        raise PeerMissing(f"{peer.requirement} was not installed within {LIMIT} s") from None
    if answer.returncode != 0:
        why = (answer.stderr.strip().splitlines() or ["pip failed"])[-1]
        needs = f" (needs {peer.needs})" if peer.needs else ""
        raise PeerMissing(f"{peer.requirement} cannot be installed{needs}: {why}")
