"""A box of its own for each test: the real service in a process, the real account service over TLS, a simulated card.

Nothing here answers in anybody's place: the head-end, the card and the network are the real tools, in this world.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import ssl
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

import yaml

from device.api.errors import ApiError
from device.api.waiting import wait_until
from device.client import DeviceClient
from tools.card_sim.cards import card_of_household
from tools.card_sim.core import SimulatedCard
from tools.card_sim.vpcd import VpcdFace
from tools.headend.households import HouseholdBox, load_household
from tools.provisioning import KeyRing
from tools.simulator.clock import ClockFile
from tools.simulator.network import Relay

ROOT = Path(__file__).parents[3]


class Program:
    """A process that says on one line where it listens; its log goes to a file."""

    def __init__(self, arguments: list[str], log: Path, environment: Mapping[str, str] | None = None) -> None:
        with log.open("ab") as errors:
            self.process = subprocess.Popen(
                [sys.executable, "-m", *arguments],
                stdout=subprocess.PIPE,
                stderr=errors,
                cwd=ROOT,
                env={**os.environ, **(environment or {})},
            )
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line, f"{arguments[0]} did not start: {log.read_text()}"
        self.listening: list[str] = json.loads(line)["listening"]

    def send(self, number: int) -> None:
        self.process.send_signal(number)

    def end(self, number: int = signal.SIGTERM, limit: float = 5) -> int:
        """Its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(number)
            if number != signal.SIGKILL:
                self.process.send_signal(signal.SIGCONT)
        try:
            return self.process.wait(limit)
        finally:
            if self.process.poll() is None:
                self.process.kill()
                self.process.wait()
            assert self.process.stdout is not None
            self.process.stdout.close()


class Headend:
    """The account service with every household; its address may be behind ``origin``."""

    def __init__(
        self, folder: Path, ring: KeyRing, *, tls: tuple[Path, Path] | None = None, origin: str | None = None
    ) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.database = f"sqlite:///{folder / 'headend.db'}"
        self.log = folder / "headend.log"
        self._ca = ring.ca_certificate
        certificate, key = tls or ring.tls()
        arguments = ["tools.headend", "--database", self.database, "--port", "0", "--seed", "all"]
        arguments += ["--tls-cert", str(certificate), "--tls-key", str(key), "--keys", str(ring.folder)]
        self.program = Program(arguments + (["--origin", origin] if origin else []), self.log)
        self.url = self.program.listening[0]

    @property
    def address(self) -> tuple[str, int]:
        parts = urlsplit(self.url)
        return str(parts.hostname), int(parts.port or 0)

    def operate(self, command: str, which: str) -> None:
        """An operator's command: revoke-box, restore-box, revoke-card."""
        arguments = [sys.executable, "-m", "tools.headend", command, which, "--database", self.database]
        subprocess.run(arguments, check=True, cwd=ROOT, capture_output=True)

    def metric(self, name: str) -> float:
        """A figure of /metrics; 0 where it is not there yet."""
        context = ssl.create_default_context(cafile=str(self._ca))
        with urllib.request.urlopen(f"{self.url}/metrics", context=context, timeout=10) as answer:  # noqa: S310
            lines = answer.read().decode().splitlines()
        return next((float(line.split()[-1]) for line in lines if line.split()[:1] == [name]), 0.0)

    def requests(self, method: str, path: str) -> list[dict[str, Any]]:
        """What its log says it answered."""
        lines = [json.loads(line) for line in self.log.read_text().splitlines() if line.startswith("{")]
        return [each for each in lines if (each.get("method"), each.get("path")) == (method, path)]


class Box:
    """One box with its slot, its clock and its local API. ``service`` may be changed before `start`."""

    def __init__(
        self, folder: Path, ring: KeyRing, service: str, *, household: str = "family", box: str | None = None
    ) -> None:
        self.folder = folder
        self.ring = ring
        self.household = household
        boxes = load_household(household, "mts").boxes
        self.box: HouseholdBox = next(each for each in boxes if (each.id == box if box else each.first))
        keys = ring.box(household, self.box.id, chip_id=self.box.chip_id, card_number=self.box.card_number)
        chip_id = folder / "root/sys/devices/soc0/serial_number"
        chip_id.parent.mkdir(parents=True)
        chip_id.write_text(f"{self.box.chip_id}\n")
        self.chip_id_file = chip_id
        self.socket = folder / "run" / "device.sock"
        self.state = folder / "state"
        self.log = folder / "device.log"
        self.card_address = f"unix:{folder / 'card.sock'}"
        self.clock = ClockFile(folder / "clock.json")
        self.config: dict[str, Any] = {
            "service": service,
            "ca": str(ring.ca_certificate),
            "socket": str(self.socket),
            "state": str(self.state),
            "device_key": str(keys.device_key),
            "reader": "pcsc:",
            "identity_root": str(folder / "root"),
            "roles": {os.getuid(): "operator"},
            "log": {"file": str(self.log)},
            "model": self.box.model,
            "manufacturer": "Simulated",
        }
        self.program: Program | None = None
        self.client: DeviceClient | None = None
        self.events: list[tuple[str, dict[str, Any]]] = []
        self._face: VpcdFace | None = None

    def arguments(self) -> list[str]:
        config = self.folder / "device.yaml"
        config.write_text(yaml.safe_dump(self.config))
        module = "tests.contract.device.box_process"
        return [
            module,
            "--config",
            str(config),
            "--card",
            self.card_address,
            "--clock",
            str(self.folder / "clock.json"),
        ]

    def start(self, environment: Mapping[str, str] | None = None) -> Self:
        self.program = Program(self.arguments(), self.folder / "stderr.log", environment)
        assert self.program.listening == [str(self.socket)]
        self.connect()
        return self

    def connect(self) -> None:
        self.client = DeviceClient(self.socket)
        self.client.subscribe(
            ["session.changed", "smartcard.changed", "account.changed"],
            lambda event, params: self.events.append((event, params)),
        )

    def stop(self, number: int = signal.SIGTERM) -> int:
        if self.client is not None:
            self.client.close()
            self.client = None
        code = self.program.end(number) if self.program is not None else 0
        self.program = None
        return code

    def call(self, method: str, params: dict[str, Any] | None = None, timeout: float = 10) -> Any:
        assert self.client is not None
        return self.client.call(method, params, timeout)

    def get(self, path: str, **query: str) -> dict[str, Any]:
        return dict(self.call("account.request", {"method": "GET", "path": path, "query": query}))

    def post(self, path: str, key: str, timeout: float = 10) -> dict[str, Any]:
        params = {"method": "POST", "path": path, "idempotency_key": key}
        return dict(self.call("account.request", params, timeout))

    def code_of(self, call: Callable[[], Any]) -> str:
        """The code of the error that ``call`` ends in; empty where it does not."""
        try:
            call()
        except ApiError as error:
            return error.code
        return ""

    @property
    def status(self) -> dict[str, Any]:
        return dict(self.call("session.status"))

    def wait_for(self, state: str, code: str | None = None, limit: float = 10) -> dict[str, Any]:
        """The status once it is ``state`` with ``code``; the last one is in the error where it does not come."""
        seen: dict[str, Any] = {}

        def reached() -> bool:
            seen.update(self.status)
            return (seen["state"], seen["code"]) == (state, code)

        try:
            wait_until(reached, limit=limit, what=f"{state} {code}")
        except ApiError:
            raise AssertionError(f"waited for {state} {code}, it is {seen}") from None
        return seen

    def insert(self, card: SimulatedCard | str | None = None) -> None:
        """The household's own card, ``HOUSEHOLD[/BOX]``, or any simulated one."""
        self.remove()
        name = card if isinstance(card, str) else f"{self.household}/{self.box.id}"
        put = card if isinstance(card, SimulatedCard) else card_of_household(name, self.ring)
        self._face = VpcdFace(put, self.card_address)
        self._face.start()

    def remove(self) -> None:
        if self._face is not None:
            self._face.stop()
            self._face = None

    def set_clock(self, moment: datetime) -> None:
        self.clock.set(moment)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.remove()
        with contextlib.suppress(ApiError):
            self.stop()


class Network:
    """A relay in front of a head-end that may come and go; ``url`` stays."""

    def __init__(self) -> None:
        self.relay = Relay()
        host, port = self.relay.address
        self.url = f"https://{host}:{port}"

    def to(self, headend: Headend) -> None:
        self.relay.forward_to(headend.address)
        self.relay.up()

    def close(self) -> None:
        self.relay.close()
