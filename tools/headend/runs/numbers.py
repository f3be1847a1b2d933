"""What time does to numbers that are to be linked (product.md A7): the check begins, and ends in time."""

from __future__ import annotations

from sqlalchemy import exists, update

from tools.headend.clock import milliseconds
from tools.headend.domain.numbers import NumberState, Reason
from tools.headend.runs.settling import Settling
from tools.headend.storage.tables import accounts, linked_numbers


def check_numbers(settling: Settling) -> None:
    """What nobody decided within the check is refused; what was asked for is taken up."""
    columns = linked_numbers.c
    claimed = exists().where(accounts.c.account_id == columns.account_id, settling.claimed)
    due = update(linked_numbers).where(
        columns.account_id.between(settling.first_id, settling.last_id), columns.next_on <= settling.day, claimed
    )
    settling.connection.execute(
        due.where(columns.state == NumberState.CHECKING.value).values(
            state=NumberState.REFUSED.value,
            reason=Reason.NOT_CONFIRMED.value,
            next_on=None,
            decided_at=milliseconds(settling.at),
        )
    )
    settling.connection.execute(
        due.where(columns.state == NumberState.REQUESTED.value).values(
            state=NumberState.CHECKING.value, next_on=columns.late_on
        )
    )
