"""A real pcscd of one's own with vpcd's two readers: socket, ports and configuration lie in a folder of the caller."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from contextlib import ExitStack
from functools import cache
from pathlib import Path

from device.api.waiting import wait_until

DRIVER = "/usr/lib/pcsc/drivers/serial/libifdvpcd.so"
FIRST_READER, SECOND_READER = "Virtual PCD 00 00", "Virtual PCD 00 01"

_LAUNCHER = """
import os, sys
if sys.argv[2] != "3":
    os.dup2(int(sys.argv[2]), 3)
os.environ["LISTEN_FDS"], os.environ["LISTEN_PID"] = "1", str(os.getpid())
os.execvp(sys.argv[3], [*sys.argv[3:], "pcscd", "--foreground", "--config", sys.argv[1]])
"""

_OWN_RUN = ["sh", "-c", 'mount -t tmpfs tmpfs /run && exec "$@"', "sh"]
"""pcscd keeps a file in /run/pcscd whatever socket it has: it gets a /run of its own, where the machine allows it."""


class PcscDaemon:
    """Takes its socket over from us, as it does from systemd, so that several run side by side."""

    def __init__(self, folder: Path) -> None:
        self.socket = folder / "pcscd.comm"
        self.port = _two_free_ports()
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None
        configuration = folder / "readers"
        configuration.mkdir()
        place = f"DEVICENAME /dev/null:{self.port:#x}\nCHANNELID {self.port:#x}\n"
        (configuration / "vpcd").write_text(f'FRIENDLYNAME "Virtual PCD"\nLIBPATH {DRIVER}\n{place}')

    @property
    def environment(self) -> dict[str, str]:
        """What a client of this daemon needs."""
        return os.environ | {"PCSCLITE_CSOCK_NAME": str(self.socket)}

    def start(self) -> None:
        self.socket.unlink(missing_ok=True)
        with socket.socket(socket.AF_UNIX) as listener, (self._folder / "pcscd.log").open("ab") as log:
            listener.bind(str(self.socket))
            listener.listen(16)
            descriptor = listener.fileno()
            self._process = subprocess.Popen(
                [sys.executable, "-c", _LAUNCHER, str(self._folder / "readers"), str(descriptor), *_prefix()],
                stdout=log,
                stderr=log,
                pass_fds=[descriptor],
            )

    def stop(self, number: int = signal.SIGTERM) -> None:
        if self._process is not None:
            self._process.send_signal(number)
            self._process.send_signal(signal.SIGCONT)  # one that is paused hears nothing else
            self._process.wait(10)
            self._process = None

    def pause(self) -> None:
        """It hangs: from the return on nothing it is asked is answered."""
        self._signal(signal.SIGSTOP)
        wait_until(self._stopped, limit=5, what="pcscd to stop", every=0.001)

    def _stopped(self) -> bool:
        if self._process is None:
            return True
        # proc(5): the state stands behind the program's name, which is in brackets
        return Path(f"/proc/{self._process.pid}/stat").read_text().rpartition(")")[2].split()[0] == "T"

    def go_on(self) -> None:
        self._signal(signal.SIGCONT)

    def _signal(self, number: int) -> None:
        if self._process is not None:
            self._process.send_signal(number)


@cache
def _prefix() -> list[str]:
    for unshare in (["unshare", "--mount"], ["unshare", "--user", "--map-root-user", "--mount"]):
        if subprocess.run([*unshare, *_OWN_RUN, "true"], capture_output=True, check=False).returncode == 0:
            return [*unshare, *_OWN_RUN]
    return ["env"]


def _two_free_ports() -> int:
    """vpcd's readers listen on a port and the next one."""
    for _ in range(50):
        with ExitStack() as stack:
            first = stack.enter_context(socket.socket())
            first.bind(("127.0.0.1", 0))
            port: int = first.getsockname()[1]
            second = stack.enter_context(socket.socket())
            try:
                second.bind(("127.0.0.1", port + 1))
            except (OSError, OverflowError):
                continue
            return port
    raise RuntimeError("no two free ports in a row")
