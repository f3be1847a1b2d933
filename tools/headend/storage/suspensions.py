"""Temporary blocks in the database (product.md U1)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, and_, func, insert, or_, select, update

from tools.headend.domain.account import ServiceState
from tools.headend.domain.periods import Period
from tools.headend.domain.suspensions import Blocked, SuspensionState
from tools.headend.storage.tables import accounts, suspensions

_BEGAN = (SuspensionState.CHARGED.value, SuspensionState.ACTIVE.value, SuspensionState.ENDED.value)
_STANDS = (SuspensionState.REQUESTED.value, SuspensionState.ACTIVE.value)


@dataclass(frozen=True, slots=True)
class StoredSuspension:
    """A row; ``fee`` in minor units, instants in milliseconds."""

    account_id: int
    suspension_id: str
    state: str
    first_day: date
    last_day: date
    resumes_on: date
    fee: int
    requested_at: int
    order_channel: str
    order_room: str | None
    blocks_change: bool
    blocks_entitlement: bool
    blocks_billing: bool
    ended_at: int | None

    @property
    def blocks(self) -> Blocked:
        return Blocked(self.blocks_change, self.blocks_entitlement, self.blocks_billing)


def flags(blocked: Blocked) -> dict[str, bool]:
    """The columns of what a block blocks."""
    return {
        "blocks_change": blocked.change,
        "blocks_entitlement": blocked.entitlement,
        "blocks_billing": blocked.billing,
    }


def add(connection: Connection, ordered: StoredSuspension) -> None:
    connection.execute(insert(suspensions), asdict(ordered))


def suspension(connection: Connection, account_id: int, suspension_id: str) -> StoredSuspension | None:
    query = select(suspensions).where(
        suspensions.c.account_id == account_id, suspensions.c.suspension_id == suspension_id
    )
    row = connection.execute(query).first()
    return StoredSuspension(*row) if row else None


def current(connection: Connection, account_id: int) -> StoredSuspension | None:
    """The one that is ordered or that runs; there is at most one."""
    query = select(suspensions).where(suspensions.c.account_id == account_id, suspensions.c.state.in_(_STANDS))
    row = connection.execute(query).first()
    return StoredSuspension(*row) if row else None


def last_start(connection: Connection, account_id: int) -> date | None:
    """The first day of the last one that began; None where none did."""
    query = select(func.max(suspensions.c.first_day)).where(
        suspensions.c.account_id == account_id, suspensions.c.state.in_(_BEGAN)
    )
    found: date | None = connection.execute(query).scalar_one()
    return found


def change(connection: Connection, account_id: int, suspension_id: str, values: Mapping[str, Any]) -> None:
    """Set columns of one block."""
    mine = and_(suspensions.c.account_id == account_id, suspensions.c.suspension_id == suspension_id)
    connection.execute(update(suspensions).where(mine).values(dict(values)))


def set_awaited(connection: Connection, account_id: int, first_day: date | None) -> None:
    """When the ordered block begins; None: none is ordered."""
    connection.execute(update(accounts).where(accounts.c.account_id == account_id).values(suspends_on=first_day))


def suspend(connection: Connection, account_id: int, days: Period) -> None:
    """The account is suspended on these days."""
    values = {
        "service_state": ServiceState.SUSPENDED.value,
        "service_since": days.first,
        "service_until": days.last,
        "suspends_on": None,
    }
    connection.execute(update(accounts).where(accounts.c.account_id == account_id).values(values))


def history(
    connection: Connection, account_id: int, limit: int, after: tuple[int, str] | None
) -> list[StoredSuspension]:
    """At most ``limit`` blocks, newest first, behind ``after`` (``requested_at`` and id of a page's last)."""
    columns = suspensions.c
    query = select(suspensions).where(columns.account_id == account_id)
    if after is not None:
        at, suspension_id = after
        query = query.where(
            or_(columns.requested_at < at, and_(columns.requested_at == at, columns.suspension_id < suspension_id))
        )
    query = query.order_by(columns.requested_at.desc(), columns.suspension_id.desc()).limit(limit)
    return [StoredSuspension(*row) for row in connection.execute(query)]
