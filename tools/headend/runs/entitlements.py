"""Cards learn of what begins and ends by the calendar alone (product.md T5, T6)."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import and_, exists, or_

from tools.headend.runs.settling import Settling
from tools.headend.storage import entitlements
from tools.headend.storage.tables import accounts, subscriptions


def refresh_turned(settling: Settling) -> None:
    """Queue the cards of claimed accounts on which something is on from this day, or was on until the day before."""
    columns = subscriptions.c
    began = and_(columns.since == settling.day, or_(columns.ends_on.is_(None), columns.ends_on >= columns.since))
    turned = exists().where(
        columns.account_id == accounts.c.account_id, or_(began, columns.ends_on == settling.day - timedelta(days=1))
    )
    entitlements.queue_where(settling.connection, and_(settling.claimed, turned), "period", settling.at)
