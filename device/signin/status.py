"""session.status and smartcard.status as the local API shows them (device.api.methods)."""

from __future__ import annotations

from typing import Any

from device.domain.failure import BUSY
from device.domain.service_time import ServiceTime
from device.domain.sign_in import SignIn, Slot
from device.domain.times import rfc3339

WRONG_CLOCK_S = 120.0
"""From this offset on the notice T-01 is shown; a wrong clock is never a reason to refuse (product.md S5)."""


def session_status(
    machine: SignIn, service_time: ServiceTime, account_number: str | None, now: float
) -> dict[str, Any]:
    """SESSION_STATUS. ``account_number`` is that of the card in the slot, None where it is not known."""
    server_time, offset = service_time.now(), service_time.offset()
    failure = machine.failure if machine.grant is None else None
    retry_after = None
    if failure is not None and failure.code == BUSY and machine.retry_at is not None:
        retry_after = max(0.0, round(machine.retry_at - now, 1))
    return {
        "state": machine.state,
        "code": machine.code,
        "reason": failure.reason if failure is not None else None,
        "notices": ["T-01"] if offset is not None and abs(offset) > WRONG_CLOCK_S else [],
        "account_number": account_number,
        "acr": machine.grant.acr if machine.grant is not None else None,
        "server_time": None if server_time is None else rfc3339(server_time),
        "clock_offset_s": None if offset is None else round(offset, 1),
        "retry_after_s": retry_after,
    }


def smartcard_status(machine: SignIn, reader: str) -> dict[str, Any]:
    """SMARTCARD_STATUS. A card that is being read is Running: TR-181 knows no other word for it."""
    status = "Running"
    if machine.slot in (Slot.unknown, Slot.empty):
        status = "None"
    elif machine.slot in (Slot.unreadable, Slot.failed):
        status = "Error"
    card = machine.card
    return {
        "status": status,
        "type": card.kind if card is not None else None,
        "serial_number": card.serial if card is not None else None,
        "atr": card.atr if card is not None else None,
        "reader": reader,
        "generation": max(0, machine.generation),
    }
