"""The service's life: lock, socket, ready, until a signal, and everything let go within seconds."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import signal
import stat
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from device.account.resender import Resender
from device.adapters import systemd
from device.adapters.card_watcher import CardWatcher
from device.adapters.lock_file import LockFile
from device.api.errors import ApiError, ConfigError
from device.config import Config
from device.rpc.server import RpcServer
from device.signin.keeper import SessionKeeper
from device.workers import Workers
from smartcard.reader import CardReader

logger = logging.getLogger(__name__)

CLOSE_SECONDS = 1.0
"""For the reader to be let go; a driver that hangs does not hold up the end."""


@dataclass(frozen=True)
class ServiceParts:
    """What runs while the service runs."""

    server: RpcServer
    keeper: SessionKeeper
    resender: Resender
    workers: tuple[Workers, ...]


class Service:
    """``wire`` makes the parts on the running loop."""

    def __init__(self, config: Config, reader: CardReader, wire: Callable[[], ServiceParts]) -> None:
        self.config = config
        self._reader = reader
        self._wire = wire

    async def serve(self) -> None:
        """Until SIGTERM or SIGINT. OSError where the socket cannot be made."""
        stopping = asyncio.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, stopping.set)
        parts = self._wire()
        watcher = CardWatcher(self._reader, parts.keeper.slot_changed, parts.keeper.reader_failed)
        await parts.server.start(self.config.socket)
        try:
            announce([str(self.config.socket)])
            systemd.notify("READY=1", os.environ)
            watcher.start()
            await stopping.wait()
            systemd.notify("STOPPING=1", os.environ)
        finally:
            watcher.stop()
            await parts.server.stop()
            parts.resender.stop()
            await parts.keeper.stop()
            await self._close_reader()
            for workers in parts.workers:
                workers.stop()

    async def _close_reader(self) -> None:
        closer = Workers("closer", 1)
        try:
            await asyncio.wait_for(closer.run(self._reader.close), CLOSE_SECONDS)
        except TimeoutError:
            logger.warning("the card reader does not let go")
        closer.stop()


def run(service: Service) -> int:
    """Run to its end; the process's exit code: 0, or 2 with one line on standard error where it cannot run."""
    config = service.config
    lock = LockFile(config.socket.with_name(config.socket.name + ".lock"))
    try:
        _prepare_folder(config.socket.parent)
        lock.acquire()
        asyncio.run(service.serve())
    except ApiError as error:
        sys.stderr.write(f"stb-device: {error}\n")
        return 2
    except OSError as error:
        sys.stderr.write(f"stb-device: {config.socket}: the local API cannot be served: {error.strerror}\n")
        return 2
    finally:
        lock.release()
    return 0


def announce(addresses: list[str]) -> None:
    """The one line on standard output that tells a caller where the service listens."""
    try:
        sys.stdout.write(json.dumps({"listening": addresses}) + "\n")
        sys.stdout.flush()
    except OSError as error:
        logger.warning("nobody reads standard output: %s", error.strerror)


def _prepare_folder(folder: Path) -> None:
    """Mode 0750 where we make it. One that is there keeps its mode, since it may be the system's own."""
    try:
        if not folder.exists():
            folder.mkdir(parents=True, mode=0o750)
            folder.chmod(0o750)
        elif stat.S_IMODE(folder.stat().st_mode) & 0o007:
            logger.warning("%s is open to everybody: the socket's mode alone keeps others out", folder)
    except OSError as error:
        raise ConfigError(f"{folder}: the socket's folder cannot be made: {error.strerror}") from None
