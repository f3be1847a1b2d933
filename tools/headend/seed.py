"""Puts households into the database: account, rooms, services, ledger, messages, box and card with their keys."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key
from joserfc.jwk import ECKey
from sqlalchemy import Connection, insert, select

from device.api.errors import ConfigError
from tools.headend.clock import milliseconds
from tools.headend.domain.account import Service, ServiceState
from tools.headend.domain.periods import first_of_month, last_of_month, local_date, next_first
from tools.headend.domain.suspensions import ALL_BLOCKED, SuspensionState
from tools.headend.households.history import contracted, history, suspended_days
from tools.headend.households.model import Household, HouseholdBox
from tools.headend.identity.pins import PinHasher
from tools.headend.identity.records import ACTIVE, REVOKED
from tools.headend.seed_equipment import seed_equipment, seed_spares
from tools.headend.seed_extras import seed_bonus, seed_numbers, seed_traffic
from tools.headend.storage import tables
from tools.headend.storage.database import Database
from tools.headend.storage.identity import put_pin
from tools.headend.storage.ledger import post
from tools.headend.storage.suspensions import flags
from tools.headend.use_cases.pins import ACCOUNT
from tools.provisioning import KeyRing


def seed(database: Database, household: Household, keys: KeyRing, pins: PinHasher, now: datetime) -> bool:
    """Make the household's account as of ``now``, whole or not at all; False where it is there already."""
    account_id = int(household.account_number)
    identities = [_identity(household, box, keys) for box in household.boxes]
    spares = [_identity(household, box, keys) for box in household.spares]
    entries = history(household, now)

    def work(connection: Connection) -> bool:
        known = select(tables.accounts.c.account_id).where(tables.accounts.c.account_id == account_id)
        if connection.execute(known).first() is not None:
            return False
        connection.execute(insert(tables.accounts), _account(household, account_id, now))
        _insert(connection, tables.rooms, _rooms(household, account_id, now))
        _insert(connection, tables.subscriptions, _subscriptions(household, account_id, now))
        _insert(connection, tables.suspensions, _suspensions(household, account_id, now))
        _insert(connection, tables.messages, _messages(household, account_id, now))
        _insert(connection, tables.boxes, [{"account_id": account_id, **box} for box, _ in identities])
        _insert(connection, tables.cards, [{"account_id": account_id, **card} for _, card in identities])
        post(connection, account_id, entries)
        seed_bonus(connection, household, now)
        seed_numbers(connection, household, now)
        seed_traffic(connection, household, now)
        seed_equipment(connection, household, now)
        seed_spares(connection, spares)
        if household.pin is not None:
            put_pin(connection, account_id, ACCOUNT, pins.encode(household.pin), now)
        return True

    return database.write(work)


def _insert(connection: Connection, table: Any, rows: list[dict[str, Any]]) -> None:
    if rows:
        connection.execute(insert(table), rows)


def _identity(household: Household, box: HouseholdBox, keys: KeyRing) -> tuple[dict[str, Any], dict[str, Any]]:
    """The rows of box and card: identifiers and public keys alone."""
    made = keys.box(household.name, box.id, chip_id=box.chip_id, card_number=box.card_number)
    device = _public_key(made.device_key)
    card = x509.load_pem_x509_certificate(made.card_certificate.read_bytes()).public_key()
    box_row = {
        "chip_id": box.chip_id,
        "public_key": device.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo),
        "jkt": ECKey.import_key(device).thumbprint(),
        "state": REVOKED if box.revoked else ACTIVE,
        "model": box.model,
    }
    card_row = {
        "card_number": box.card_number,
        "kind": box.card_kind,
        "public_key": card.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        if box.card_kind.startswith("piv")
        else None,
        "chip_id": box.chip_id,
        "state": ACTIVE,
    }
    return box_row, card_row


def _public_key(path: Path) -> ec.EllipticCurvePublicKey:
    key = load_pem_private_key(path.read_bytes(), None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise ConfigError(f"{path}: expected a P-256 key")
    return key.public_key()


def _service(household: Household, now: datetime) -> Service:
    today = local_date(now, household.region.time_zone)
    suspended = suspended_days(household, today)
    if suspended is not None:
        return Service(ServiceState.SUSPENDED, suspended.first, suspended.last)
    if household.stopped:
        return Service(ServiceState.STOPPED, first_of_month(today))
    return Service(ServiceState.ACTIVE)


def _account(household: Household, account_id: int, now: datetime) -> dict[str, Any]:
    service = _service(household, now)
    today = local_date(now, household.region.time_zone)
    return {
        "account_id": account_id,
        "region_id": household.region.id,
        "contract_number": household.contract_number,
        "holder_name": household.holder.name,
        "address": household.holder.address,
        "phone": household.holder.phone,
        "email": household.holder.email,
        "service_state": service.state.value,
        "service_since": service.since,
        "service_until": service.until,
        "credit_limit": 0,
        "bonus_points": household.bonus,
        "balance": 0,
        "last_entry": 0,
        "contract_since": min((each.since.on(today) for each in household.services), default=today),
        "charged_through": _charged_through(service, today),
        "due_on": _due_on(service, today),
        "settled_on": today,
    }


def _charged_through(service: Service, today: date) -> date:
    """A first within a temporary block was not charged (U1)."""
    first = first_of_month(today)
    blocked = service.state is ServiceState.SUSPENDED and service.since is not None and service.since <= first
    return first - timedelta(days=1) if blocked else last_of_month(today)


def _due_on(service: Service, today: date) -> date:
    until = service.until if service.state is ServiceState.SUSPENDED else None
    return next_first(today) if until is None else min(next_first(today), until + timedelta(days=1))


def _suspensions(household: Household, account_id: int, now: datetime) -> list[dict[str, Any]]:
    """The block that runs; its fee was taken before the months that the ledger shows."""
    today = local_date(now, household.region.time_zone)
    days = suspended_days(household, today)
    if days is None:
        return []
    block = {
        "account_id": account_id,
        "suspension_id": "block",
        "state": SuspensionState.ACTIVE.value,
        "first_day": days.first,
        "last_day": days.last,
        "resumes_on": days.last + timedelta(days=1),
        "fee": 0,
        "requested_at": milliseconds(datetime.combine(days.first, time(12), household.region.time_zone)),
        "order_channel": "salon",
        **flags(ALL_BLOCKED),
    }
    return [block]


def _rooms(household: Household, account_id: int, now: datetime) -> list[dict[str, Any]]:
    today = local_date(now, household.region.time_zone)
    return [
        {
            "account_id": account_id,
            "room_id": box.id,
            "position": position,
            "name": box.room,
            "chip_id": box.chip_id,
            "model": box.model,
            "first": box.first,
            "state": "running",
            "card_number": box.card_number,
            "since": box.since.on(today),
        }
        for position, box in enumerate(household.boxes)
    ]


def _subscriptions(household: Household, account_id: int, now: datetime) -> list[dict[str, Any]]:
    """What runs today; what is over is in the ledger alone."""
    today = local_date(now, household.region.time_zone)
    running = [each for each in contracted(household, today) if each.runs_on(today)]
    return [
        {
            "account_id": account_id,
            "subscription_id": f"s{position + 1}",
            "position": position,
            "item_id": each.item.id,
            "room_id": each.room.id if each.room else None,
            "since": each.since,
            "ends_on": each.last,
            "kind": each.item.kind.value,
            "price": each.item.price,
            "order_channel": each.order.channel,
            "order_room": each.order.room,
        }
        for position, each in enumerate(running)
    ]


def _messages(household: Household, account_id: int, now: datetime) -> list[dict[str, Any]]:
    zone = household.region.time_zone
    today = local_date(now, zone)
    rows: list[dict[str, Any]] = []
    for position, message in enumerate(household.messages):
        written = datetime.combine(today - timedelta(days=message.days_ago), message.at, zone)
        at = milliseconds(min(written, now))
        rows.append(
            {
                "account_id": account_id,
                "message_id": f"m{len(household.messages) - position}",
                "at": at,
                "title": dict(message.title),
                "text": dict(message.text),
                "read_at": at if message.read else None,
            }
        )
    return rows
