"""What a household has besides money: bonus points, linked numbers, Internet traffic (product.md B1, A7, I1)."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from uuid import NAMESPACE_OID, uuid5

from sqlalchemy import Connection

from tools.headend.clock import milliseconds
from tools.headend.domain.numbers import NumberState
from tools.headend.domain.periods import first_of_month, local_date, shift_months
from tools.headend.households.model import Household
from tools.headend.storage import bonus, internet, numbers
from tools.headend.storage.numbers import StoredNumber

_MIB = 1024**2
_SOON_MONTHS = 2
"""A third of a household's points expires so many months from now, so that there is something to warn of."""


def seed_bonus(connection: Connection, household: Household, now: datetime) -> None:
    """Who has points takes part: some are old, most were earned by this month's charge."""
    if not household.bonus:
        return
    account_id, rules, zone = int(household.account_number), household.operator.bonus, household.region.time_zone
    charged = first_of_month(local_date(now, zone))
    older = shift_months(charged, _SOON_MONTHS - rules.months)
    joined = datetime.combine(shift_months(older, -1), time(12), zone)
    bonus.keep_member(connection, account_id, joined_at=milliseconds(joined), left_at=None)
    for day, points in ((older, household.bonus // 3), (charged, household.bonus - household.bonus // 3)):
        if not points:
            continue
        reference = f"charge:{day.isoformat()}"
        bonus.add_grant(connection, account_id, reference, points, day, rules.expires_on(day))
        bonus.write_entry(
            connection,
            account_id,
            entry_id=f"earned:{reference}",
            at=milliseconds(datetime.combine(day, time(), zone)),
            day=day,
            kind="earned",
            points=points,
            base=0,
            reference=reference,
            taken=None,
        )


def seed_numbers(connection: Connection, household: Household, now: datetime) -> None:
    """The linked numbers, asked for as long ago as the household says; a check that is over then was decided."""
    account_id, rules = int(household.account_number), household.operator.numbers
    today = local_date(now, household.region.time_zone)
    for each in household.numbers:
        asked_on = today - timedelta(days=each.days_ago)
        asked_at = milliseconds(now - timedelta(days=each.days_ago))
        state = NumberState(each.state)
        late_on = rules.late_on(asked_on)
        next_on = {NumberState.REQUESTED: rules.taken_up_on(asked_on), NumberState.CHECKING: late_on}.get(state)
        number = StoredNumber(
            number_id=str(uuid5(NAMESPACE_OID, f"{household.account_number}:{each.number}")),
            number=each.number,
            state=state.value,
            reason=each.reason,
            requested_at=asked_at,
            next_on=next_on,
            late_on=late_on,
            decided_at=asked_at if state.decided else None,
        )
        numbers.add_number(connection, account_id, number)
        if state is NumberState.LINKED:
            numbers.own(connection, account_id, each.number)


def seed_traffic(connection: Connection, household: Household, now: datetime) -> None:
    """Every day a little more or less, the same at every start."""
    if household.traffic is None:
        return
    today = local_date(now, household.region.time_zone)
    for back in range(household.traffic.days):
        day = today - timedelta(days=back)
        percent = 60 + (day.toordinal() * 37) % 81
        used = household.traffic.mib * _MIB * percent // 100
        internet.keep_used(connection, int(household.account_number), day, used)
