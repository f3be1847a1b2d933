"""The three processes of a simulated home, each started and killed on its own: head-end, box, TV."""

from __future__ import annotations

import os
import shutil
from urllib.parse import urlsplit

import yaml

from tools.provisioning import KeyRing
from tools.simulator.errors import StartError
from tools.simulator.network import Relay
from tools.simulator.payments import PaymentStandIn
from tools.simulator.processes import Child, Supervisor
from tools.simulator.settings import Settings
from tools.simulator.state import StateFolder
from tools.simulator.television import TelevisionClient

START_LIMIT_S = 30.0
"""For a process to listen; on a loaded machine the imports alone take seconds."""

_SEEDING_LIMIT_S = 90.0
_LOG_BYTES = 1_000_000


class HeadEnd:
    """The account service behind the relay, whose address is the service's origin."""

    name = "head-end"

    def __init__(
        self,
        supervisor: Supervisor,
        state: StateFolder,
        ring: KeyRing,
        relay: Relay,
        operator: str,
        payments: PaymentStandIn,
    ) -> None:
        self._payments = payments
        self._supervisor = supervisor
        self._state = state
        self._ring = ring
        self._relay = relay
        self._operator = operator
        self._child: Child | None = None

    @property
    def origin(self) -> str:
        host, port = self._relay.address
        return f"https://{host}:{port}"

    def start(self) -> None:
        """Returns when it answers behind the relay, with an account for every household; one that runs goes on."""
        if self._child is not None and self._child.alive:
            return
        certificate, key = self._ring.tls()
        arguments = ["--database", f"sqlite:///{self._state.database}", "--port", "0", "--origin", self.origin]
        arguments += ["--tls-cert", str(certificate), "--tls-key", str(key), "--keys", str(self._state.keys)]
        arguments += ["--operator", self._operator, "--seed", "all"]
        arguments += self._payments.options()
        self._child = self._supervisor.start(self.name, "tools.headend", *arguments)
        address = urlsplit(self._child.wait_listening(_SEEDING_LIMIT_S)[0])
        if address.hostname is None or address.port is None:
            raise StartError(f"the {self.name} listens at {address.geturl()!r}, which is no address")
        self._relay.forward_to((address.hostname, address.port))
        self._payments.tell(address.geturl())

    def kill(self) -> None:
        """SIGKILL: what is connected breaks, what comes is reset."""
        if self._child is not None:
            self._child.kill()
        self._relay.forward_to(None)


class Box:
    """The device service with the files that a real box is delivered with."""

    name = "device service"

    def __init__(
        self, supervisor: Supervisor, state: StateFolder, ring: KeyRing, origin: str, settings: Settings
    ) -> None:
        self._supervisor = supervisor
        self._state = state
        self._ring = ring
        self._origin = origin
        self._settings = settings
        self._child: Child | None = None

    def deliver(self) -> None:
        """Write keys, Chip ID and configuration into the state folder."""
        household, box, folder = self._settings.household, self._settings.box, self._state.path
        keys = self._ring.box(household.name, box.id, chip_id=box.chip_id, card_number=box.card_number)
        for source in (keys.device_key, keys.card_key, keys.card_certificate, self._ring.ca_certificate):
            shutil.copy(source, folder / source.name)
        chip_id = self._state.identity_root / "sys/devices/soc0/serial_number"
        chip_id.parent.mkdir(parents=True, exist_ok=True)
        chip_id.write_text(f"{box.chip_id}\n", encoding="ascii")
        config = {
            "service": self._origin,
            "ca": str(folder / "ca.crt"),
            "socket": str(self._state.device_socket),
            "state": str(folder / "device"),
            "device_key": str(folder / "device.pem"),
            "reader": self._settings.reader or f"unix:{self._state.card_socket}",
            "identity_root": str(self._state.identity_root),
            "roles": {os.getuid(): "operator"},
            "log": {"file": str(self._state.logs / "device.log"), "max_bytes": _LOG_BYTES, "backups": 1},
            "model": box.model,
            "manufacturer": "Simulated",
        }
        self._state.device_config.write_text(yaml.safe_dump(config, sort_keys=False), encoding="utf-8")

    def start(self) -> None:
        """Returns when its socket answers; one that runs goes on."""
        if self._child is not None and self._child.alive:
            return
        self._child = self._supervisor.start(
            self.name,
            "tools.simulator.box",
            *("--config", str(self._state.device_config)),
            *(() if self._settings.reader else ("--card", f"unix:{self._state.card_socket}")),
            *("--clock", str(self._state.clock)),
        )
        self._child.wait_listening(START_LIMIT_S)

    def kill(self) -> None:
        """SIGKILL."""
        if self._child is not None:
            self._child.kill()


class Tv:
    """The on-screen app in its window, or without one."""

    name = "TV"

    def __init__(self, supervisor: Supervisor, state: StateFolder, settings: Settings) -> None:
        self._supervisor = supervisor
        self._state = state
        self._settings = settings
        self._child: Child | None = None

    def start(self) -> None:
        """Returns at once; ``connect`` waits."""
        settings = self._settings
        self._child = self._supervisor.start(
            self.name,
            "tools.simulator.tv",
            *("--device-socket", str(self._state.device_socket)),
            *("--control", str(self._state.tv_socket)),
            *("--language", settings.language),
            *("--text-size", settings.text_size),
            *("--resolution", settings.resolution),
            *("--operator", settings.operator),
            *("--clock", str(self._state.clock)),
            *(() if settings.window else ("--headless",)),
        )

    def connect(self) -> TelevisionClient:
        """Returns when the TV takes keys."""
        if self._child is None:
            raise StartError("the TV was not started")
        self._child.wait_listening(START_LIMIT_S)
        return TelevisionClient(self._state.tv_socket)

    @property
    def closed(self) -> bool:
        """The viewer closed the window."""
        return self._child is not None and not self._child.alive and self._child.status == 0
