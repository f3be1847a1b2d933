"""One change to one account: its locked row, one instant, one transaction.

Whoever changes an account does it through a ``Work``. The account's row is locked first (accounts are locked one at
a time, architecture.md), what time alone has made due is settled before anything is decided, and afterwards the day
of the next due thing and the account's version are written.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection

from device.api.money import Money
from tools.headend.delivery import Message
from tools.headend.domain.catalogue import Operator, Region
from tools.headend.domain.ledger import Entry
from tools.headend.domain.periods import not_before
from tools.headend.runs.daily import settle_account
from tools.headend.runs.settling import due_again
from tools.headend.storage import accounts, ledger
from tools.headend.storage.accounts import StoredAccount
from tools.headend.use_cases.autopays import wake_low
from tools.headend.use_cases.bonus import earn
from tools.headend.use_cases.notices import watch_balance
from tools.headend.use_cases.repaying import repay
from tools.headend.use_cases.returning import bring_back


@dataclass(slots=True)
class Work:
    """What a use case works with. ``account`` is the row as it stands now; ``today`` is the region's day."""

    connection: Connection
    operator: Operator
    region: Region
    now: datetime
    today: date
    account: StoredAccount
    chip_id: str | None
    """The box that asks; None where the operator or time does."""
    touched: bool = field(default=True)
    """False where nothing was changed after all: then nobody is told."""
    messages: list[Message] = field(default_factory=list)
    """What is handed over once the change is committed, and lies in no table: codes, and what nobody must miss."""
    opening: int = field(init=False)
    """The balance before the change."""
    version: int = field(init=False)
    """The account's version: the one that this change makes, once it is finished."""

    def __post_init__(self) -> None:
        self.version = self.account.version
        self.opening = self.account.balance

    @property
    def account_id(self) -> int:
        return self.account.account_id

    def post(self, entries: Sequence[Entry]) -> list[int]:
        """Append to the ledger; ``account.balance`` follows. Returns the entries' numbers."""
        numbers = ledger.post(self.connection, self.account_id, entries)
        self.reread()
        return numbers

    def send(self, message: Message) -> None:
        """Hand ``message`` over after the commit (delivery/courier.py)."""
        self.messages.append(message)

    def money(self, amount: int) -> dict[str, Any]:
        """Minor units as answers and refusals say them."""
        return Money(amount, self.operator.currency).to_json()

    def room_name(self) -> str | None:
        """The name of the TV that asks; None where it is none."""
        rooms = accounts.rooms_of(self.connection, self.account_id)
        return next((room.name for room in rooms if room.chip_id == self.chip_id), None)

    def reread(self) -> None:
        """Take the account's row as this transaction has left it."""
        self.account = accounts.account(self.connection, self.account_id)


def begin(
    connection: Connection, operator: Operator, now: datetime, account_id: int, *, chip_id: str | None = None
) -> Work:
    """Lock the account and settle what is due; KeyError where there is no such account."""
    account = accounts.locked(connection, account_id)
    region = operator.regions[account.region_id]
    now, today = not_before(account.settled_on, now, region.time_zone)
    if account.due_on <= today:
        account = settle_account(connection, operator, account, today)
    return Work(connection, operator, region, now, today, account, chip_id)


def finish(work: Work) -> None:
    """Where the use case changed something: serve a stopped account again if its money suffices now (product.md P10),
    take a promised payment back that has done its work (P4), write the next due day and the version."""
    if not work.touched:
        return
    earn(work, bring_back(work))
    repay(work)
    # a credit limit that counts again may be what was lacking
    earn(work, bring_back(work))
    watch_balance(work, work.opening)
    wake_low(work)
    work.version = due_again(work.connection, work.account_id, work.today)
