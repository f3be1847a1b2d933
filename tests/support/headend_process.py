"""The account service as a process of its own, over TLS: for what only a process can show."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

from tests.support.households import household as known_household
from tests.support.signin_box import Card, SignInBox, load_private_key
from tools.provisioning import KeyRing


class HeadendProcess:
    """``python -m tools.headend`` with its files in ``folder``, a SQLite database among them unless ``url`` names
    another; a context manager that leaves nothing running."""

    def __init__(
        self, folder: Path, *more: str, port: int = 0, seed: tuple[str, ...] = ("family",), url: str = ""
    ) -> None:
        self.folder = folder
        self.url = url or f"sqlite:///{folder / 'headend.db'}"
        self.keys = KeyRing(folder / "keys")
        certificate, key = self.keys.tls()
        arguments = ["--database", self.url, "--port", str(port), "--tls-cert", certificate, "--tls-key", key]
        arguments += ["--keys", self.keys.folder]
        seeding = ["--seed", *seed] if seed else []
        self._log = (folder / "headend.log").open("ab")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tools.headend", *map(str, arguments), *seeding, *more],
            stdout=subprocess.PIPE,
            stderr=self._log,
            text=True,
        )
        self.origin = ""
        self._boxes: list[SignInBox] = []

    @property
    def log(self) -> str:
        return (self.folder / "headend.log").read_text()

    def __enter__(self) -> HeadendProcess:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line, self.log
        self.origin = json.loads(line)["listening"][0]
        return self

    def __exit__(self, *_error: object) -> None:
        for box in self._boxes:
            box.close()
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait(10)
        assert self.process.stdout is not None
        self.process.stdout.close()
        self._log.close()

    def box(self, household: str = "family", box: str = "") -> SignInBox:
        found = known_household(household, "mts")
        which = (found.box(box) if box else None) or found.shown
        made = self.keys.box(household, which.id, chip_id=which.chip_id, card_number=which.card_number)
        card = Card.load(which.card_number, made.card_key, made.card_certificate)
        client = SignInBox(
            self.origin, self.keys.ca_certificate, which.chip_id, load_private_key(made.device_key), card
        )
        self._boxes.append(client)
        return client

    def end(self, number: int = signal.SIGTERM, limit: float = 3) -> int:
        """Send a signal and give the exit code; a TimeoutExpired where it takes longer than ``limit`` seconds."""
        os.kill(self.process.pid, number)
        return self.process.wait(limit)


def run_headend(*arguments: str) -> subprocess.CompletedProcess[str]:
    """A run that is expected to end by itself."""
    return subprocess.run(
        [sys.executable, "-m", "tools.headend", *arguments], capture_output=True, text=True, timeout=30, check=False
    )
