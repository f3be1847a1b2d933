"""The one way in which a request reads an account: admission, what is due settled first, one state of the database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection
from starlette.requests import Request

from tools.headend.api.services import Services
from tools.headend.domain.catalogue import Operator, Region
from tools.headend.domain.periods import not_before
from tools.headend.identity.records import Session
from tools.headend.storage import accounts
from tools.headend.storage.accounts import StoredAccount
from tools.headend.use_cases.work import begin, finish


class MustWrite(Exception):
    """A reading that was to be done at once has something to settle first: it is done again where it may wait."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a view is built from; ``today`` is the region's day, and everything due up to it is settled."""

    connection: Connection
    operator: Operator
    region: Region
    now: datetime
    today: date
    account: StoredAccount
    session: Session

    @property
    def account_id(self) -> int:
        return self.account.account_id


@contextmanager
def reading(services: Services, request: Request, *, step_up: bool = False) -> Iterator[Reading]:
    """Let the request in and give it its account; ``step_up``: only with the PIN (product.md S4)."""
    session = services.guard.read_with_pin(request) if step_up else services.guard.read(request)
    now = services.clock.now()
    operator = services.operator
    with services.database.read() as connection:
        found = _read(connection, operator, now, session)
        if found.account.due_on > found.today:
            yield found
            return

    if request.scope["state"].get("at_once"):
        raise MustWrite

    def settle(connection: Connection) -> int:
        work = begin(connection, operator, now, session.account_id)
        finish(work)
        return work.version

    services.hub.saw(session.account_id, services.database.write(settle))
    with services.database.read() as connection:
        yield _read(connection, operator, now, session)


def _read(connection: Connection, operator: Operator, now: datetime, session: Session) -> Reading:
    account = accounts.account(connection, session.account_id)
    region = operator.regions[account.region_id]
    now, today = not_before(account.settled_on, now, region.time_zone)
    return Reading(connection, operator, region, now, today, account, session)
