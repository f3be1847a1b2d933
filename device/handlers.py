"""The local API's methods, each with what answers it (device.api.methods says what they take and give)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from device.account.gateway import AccountGateway
from device.api.methods import API_VERSION, openrpc
from device.config import Config
from device.ports.clock import Clock
from device.rpc.server import Call, Handler
from device.signin.keeper import SessionKeeper


@dataclass(frozen=True)
class HandlerParts:
    """``chip_id``: empty where the box has none; ``hardware_version`` and ``software_version`` as TR-181 means them."""

    config: Config
    clock: Clock
    chip_id: str
    hardware_version: str
    software_version: Callable[[], str]
    keeper: SessionKeeper
    gateway: AccountGateway


def make_handlers(parts: HandlerParts) -> dict[str, Handler]:
    """A handler for every method of the table."""
    keeper = parts.keeper
    return {
        "rpc.discover": lambda _: _document(),
        "api.version": _version,
        "device.info": lambda _: _device_info(parts),
        "smartcard.status": lambda _: keeper.smartcard_status(),
        "session.status": lambda _: keeper.session_status(),
        "account.request": parts.gateway.request,
        "account.pending": parts.gateway.pending,
        "events.subscribe": _subscribe,
    }


@cache
def _document() -> dict[str, Any]:
    return openrpc()


def _version(call: Call) -> dict[str, Any]:
    major = call.params["version"].partition(".")[0]
    return {"version": API_VERSION, "compatible": major == API_VERSION.partition(".")[0]}


def _subscribe(call: Call) -> list[str]:
    call.peer.subscribe(frozenset(call.params["events"]))
    return sorted(call.peer.events)


def _device_info(parts: HandlerParts) -> dict[str, Any]:
    """``path``: the same by TR-181's names below Device.DeviceInfo. (TR-181 2.18)."""
    uptime = parts.clock.boottime()
    config, chip_id = parts.config, parts.chip_id
    return {
        "chip_id": chip_id,
        "model": config.model,
        "manufacturer": config.manufacturer,
        "serial_number": chip_id,
        "hardware_version": parts.hardware_version,
        "software_version": parts.software_version(),
        "uptime_s": round(uptime, 1),
        "path": {
            "Device.DeviceInfo.Manufacturer": config.manufacturer,
            "Device.DeviceInfo.ModelName": config.model,
            "Device.DeviceInfo.SerialNumber": chip_id,
            "Device.DeviceInfo.HardwareVersion": parts.hardware_version,
            "Device.DeviceInfo.SoftwareVersion": parts.software_version(),
            "Device.DeviceInfo.UpTime": int(uptime),
        },
    }
