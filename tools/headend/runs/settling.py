"""What time alone does to accounts: settled day by day, set-based, for one account or for many at once.

An account says in ``due_on`` on which day something happens to it next. To settle a day, the accounts that are due
are claimed by one UPDATE, which locks their rows against single changes and writes their new version, the steps run
over the claimed ones (daily.py), and the last UPDATE releases them with their new due day. All of it is one
transaction: a day of an account is settled once or not at all, whatever is killed. One code does it for a region's
millions (the run) and for one account that somebody looks at before the run has come to it.

PostgreSQL, READ COMMITTED: the claim waits for single changes that hold a row and then looks at it again, and every
later statement sees what those changes have committed. A change always moves ``due_on`` behind today, so no account
becomes due on the day that is being settled: until the release, due on this day means claimed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import ColumnElement, Connection, FromClause, and_, func, insert, literal, select, true, update

from tools.headend.clock import milliseconds
from tools.headend.domain.catalogue import Operator, Region
from tools.headend.domain.periods import month_of
from tools.headend.runs.due import next_due_day
from tools.headend.storage.ledger import roll_up
from tools.headend.storage.tables import accounts, ledger_entries


@dataclass(frozen=True, slots=True)
class Settling:
    """One day of the accounts ``first_id`` to ``last_id`` of a region; only those that are due are claimed."""

    connection: Connection
    operator: Operator
    region: Region
    day: date
    first_id: int
    last_id: int

    @property
    def at(self) -> datetime:
        """When it happens: the day's beginning in the region."""
        return datetime.combine(self.day, time(), self.region.time_zone)

    @property
    def claimed(self) -> ColumnElement[bool]:
        """Which rows of ``accounts`` a step works on; every other table is joined to it by account_id."""
        return and_(
            accounts.c.region_id == self.region.id,
            accounts.c.due_on == self.day,
            accounts.c.account_id.between(self.first_id, self.last_id),
        )

    def within(self, table: FromClause) -> ColumnElement[bool]:
        """The range of the claimed accounts for a table that is joined to them: PostgreSQL's planner does not see
        that it follows, and would read the whole table."""
        return table.c.account_id.between(self.first_id, self.last_id)

    def post(
        self,
        columns: dict[str, Any],
        source: FromClause,
        *where: ColumnElement[bool],
        order_by: tuple[ColumnElement[Any], ...] = (),
    ) -> int:
        """``append``, and balances follow."""
        posted = self.append(columns, source, *where, order_by=order_by)
        if posted:
            self.roll_up(true())
        return posted

    def roll_up(self, which: ColumnElement[bool], **also: Any) -> None:
        """Have the balances of the claimed accounts ``which`` follow what was appended; ``also``: columns of theirs
        that are written with it."""
        roll_up(self.connection, and_(self.claimed, which), self.first_id, self.last_id, **also)

    def append(
        self,
        columns: dict[str, Any],
        source: FromClause,
        *where: ColumnElement[bool],
        order_by: tuple[ColumnElement[Any], ...] = (),
    ) -> int:
        """Append one ledger row for every row of ``source`` (``accounts`` joined with a step's table), numbered per
        account in ``order_by``, dated at this day's beginning. Returns how many.

        ``columns``: kind, debit, credit, amount (above 0) and whatever else of ``ledger_entries``, as values or SQL.
        """
        owner = accounts.c.account_id
        number = func.row_number().over(partition_by=owner, order_by=order_by or (owner,))
        fixed = {
            "at": literal(milliseconds(self.at), ledger_entries.c.at.type),
            "day": literal(self.day, ledger_entries.c.day.type),
            "month": literal(month_of(self.day), ledger_entries.c.month.type),
        }
        told = {
            name: value if isinstance(value, ColumnElement) else literal(value, ledger_entries.c[name].type)
            for name, value in columns.items()
        }
        values = {"account_id": owner, "entry_id": accounts.c.last_entry + number, **fixed, **told}
        rows = select(*values.values()).select_from(source).where(self.claimed, *where)
        return self.connection.execute(insert(ledger_entries).from_select(list(values), rows)).rowcount


def claim(settling: Settling) -> int:
    """Lock the accounts whose due day is this one; returns how many there are.

    By an UPDATE: a FOR UPDATE over several accounts cannot be spread over shards (facts, Databases).
    """
    claimed = update(accounts).where(settling.claimed).values(version=accounts.c.version + 1)
    return settling.connection.execute(claimed).rowcount


def release(settling: Settling) -> None:
    """Give the claimed accounts back with their next due day."""
    values = {"due_on": next_due_day(settling.day), "settled_on": settling.day}
    settling.connection.execute(update(accounts).where(settling.claimed).values(values))


def due_again(connection: Connection, account_id: int, today: date) -> int:
    """Write the account's next due day after ``today`` and a new version, which is returned, after a single change."""
    values = {"due_on": next_due_day(today), "settled_on": today, "version": accounts.c.version + 1}
    changed = update(accounts).where(accounts.c.account_id == account_id).values(values)
    return int(connection.execute(changed.returning(accounts.c.version)).scalar_one())
