"""Finding a new box, naming rooms, moving boxes between them (product.md M1). What costs money is an order."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection

from device.api.redaction import tail
from tools.headend.clock import from_milliseconds, milliseconds, rfc3339
from tools.headend.domain.declined import Declined
from tools.headend.domain.notices import Event
from tools.headend.domain.rooms import RoomRules, room_name, same_room_name, shown_code, typed_code
from tools.headend.identity.pairing import PairingCodes
from tools.headend.identity.sign_in import Unpaired
from tools.headend.storage import pairing, rooms
from tools.headend.storage.pairing import StoredPairing
from tools.headend.storage.registry import use_up
from tools.headend.storage.rooms import RoomRow
from tools.headend.use_cases import attempts, entitlements
from tools.headend.use_cases.attempts import Guarded
from tools.headend.use_cases.notices import tell
from tools.headend.use_cases.work import Work


def show_code(
    connection: Connection, rules: RoomRules, codes: PairingCodes, box: Unpaired, now: datetime
) -> dict[str, Any]:
    """A code for a box that has proved its key and its card's; its last one is void. Declined box_paired."""
    use_up(connection, box.once)
    code = codes.new()
    expires_at = now + rules.code_life
    made = StoredPairing(str(uuid4()), box.chip_id, box.card_number, milliseconds(expires_at))
    if not pairing.put_code(connection, made, codes.digest(code)):
        raise Declined("box_paired")
    return {
        "id": made.pairing_id,
        "code": shown_code(code),
        "expires_at": rfc3339(expires_at),
        "interval": int(rules.poll.total_seconds()),
    }


def poll(connection: Connection, rules: RoomRules, pairing_id: str, now: datetime) -> dict[str, Any] | Declined:
    """How far it has come (RFC 8628 section 3.5). ``slow_down``, which is returned, where the box asks too often."""
    found = pairing.polled(connection, pairing_id, now)
    if found is None:
        raise Declined("not_found", "there is no such pairing code")
    if found.polled_at is not None:
        next_at = from_milliseconds(found.polled_at) + rules.poll
        # a tick of grace: a box that keeps the interval to the millisecond is not early
        if now < next_at - timedelta(milliseconds=500):
            return Declined("slow_down", retry_after=rules.poll.total_seconds())
    return {
        "id": pairing_id,
        "state": _state(found, now),
        "expires_at": rfc3339(from_milliseconds(found.expires_at)),
        "interval": int(rules.poll.total_seconds()),
    }


def _state(found: StoredPairing, now: datetime) -> str:
    if found.paired_at is not None:
        return "paired"
    if found.expires_at <= milliseconds(now):
        return "expired"
    return "pending" if found.account_id is None else "found"


def find_by_code(work: Work, codes: PairingCodes, typed: str) -> dict[str, Any] | Declined:
    """The new box that shows the code; wrong ones are counted, and lock."""
    code = typed_code(typed)

    def look() -> StoredPairing | None:
        if code is None:
            return None
        return pairing.find_by_code(work.connection, codes.digest(code), work.account_id, work.now)

    return _find(work, look)


def find_by_numbers(work: Work, chip_id: str, card_number: str) -> dict[str, Any] | Declined:
    """A new box and card by what is printed on them; which of the two was wrong is never said."""

    def look() -> StoredPairing | None:
        if pairing.free_box(work.connection, chip_id, card_number) is None:
            return None
        expires_at = milliseconds(work.now + work.operator.rooms.code_life)
        made = StoredPairing(str(uuid4()), chip_id, card_number, expires_at, work.account_id)
        return pairing.put_found(work.connection, made)

    return _find(work, look)


def _find(work: Work, look: Callable[[], StoredPairing | None]) -> dict[str, Any] | Declined:
    found: list[tuple[StoredPairing, str]] = []

    def right() -> bool:
        seen = look()
        model = pairing.free_box(work.connection, seen.chip_id, seen.card_number) if seen else None
        if seen is not None and model is not None:
            found.append((seen, model))
        return bool(found)

    guarded = Guarded("pairing", "pairing_refused", "pairing_locked", work.operator.rooms.wrong)
    declined = attempts.attempt(work, guarded, right)
    work.touched = False
    if declined is not None:
        return declined
    box, model = found[0]
    return {
        "id": box.pairing_id,
        "model": model,
        "chip_id": tail(box.chip_id),
        "card_number": tail(box.card_number),
        "expires_at": rfc3339(from_milliseconds(box.expires_at)),
    }


def rename(work: Work, room_id: str, name: str) -> dict[str, Any]:
    """Another name, which no other room of the account has."""
    row = _room(work, room_id)
    wanted = room_name(name)
    if wanted == row.name:
        work.touched = False
        return _named(row.room_id, wanted)
    others = (each for each in rooms.rooms_of(work.connection, work.account_id) if each.room_id != room_id)
    if any(same_room_name(wanted, each.name) for each in others):
        raise Declined("room_name_taken")
    rooms.change(work.connection, work.account_id, room_id, name=wanted)
    tell(work, Event.ROOM_CHANGED, {"name": wanted})
    return _named(room_id, wanted)


def move(work: Work, room_id: str, to_room_id: str) -> dict[str, Any]:
    """The box of one room goes to another one, and the box that stood there comes back for it; cards go along."""
    one, other = _room(work, room_id), _room(work, to_room_id)
    if one.room_id == other.room_id:
        raise Declined("nothing_to_change", "the box stands there already")
    for place, box in ((one, other), (other, one)):
        moved = {"chip_id": box.chip_id, "card_number": box.card_number, "model": box.model}
        rooms.change(work.connection, work.account_id, place.room_id, **moved)
        tell(work, Event.ROOM_CHANGED, {"name": place.name})
    entitlements.refresh(work, "room")
    return _named(other.room_id, other.name)


def _named(room_id: str, name: str) -> dict[str, Any]:
    return {"id": room_id, "name": name}


def _room(work: Work, room_id: str) -> RoomRow:
    row = rooms.room(work.connection, work.account_id, room_id)
    if row is None:
        raise Declined("not_found", "this account has no such room")
    return row
