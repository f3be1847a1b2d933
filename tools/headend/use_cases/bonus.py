"""Bonus points of one account: earned by charges, taken back by an undo, joined and left (product.md B1).

Points that were spent before they had to go are owed: the next ones pay them off, so the points are never below
zero and nothing is earned by ordering and undoing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from tools.headend.clock import milliseconds
from tools.headend.domain.bonus import spendable, take
from tools.headend.domain.declined import Declined
from tools.headend.domain.earning import base_of
from tools.headend.storage import bonus

if TYPE_CHECKING:
    from tools.headend.use_cases.work import Work


def earn(work: Work, numbers: Sequence[int]) -> None:
    """Grant the points for the ledger's rows ``numbers``, which were just appended; they belong to one order or one
    charge.

    Where they return more than they charge, its points go. Who does not take part earns nothing, but what is
    returned to him takes its points too: leaving in between is worth nothing.
    """
    if not numbers:
        return
    found = bonus.postings_of(work.connection, work.account_id, numbers)
    change = base_of(posting for posting, _ in found)
    if _counts(work, change):
        references = {reference for _, reference in found if reference}
        reference = references.pop() if len(references) == 1 else f"entry:{min(numbers)}"
        _rebase(work, change, reference, "earned" if change > 0 else "returned")


def take_back(work: Work, order_id: str) -> None:
    """Undo what the order with this id did to the points, both ways; its undo is in the ledger already."""
    reference = f"order:{order_id}"
    done = bonus.entries_by(work.connection, work.account_id, reference)
    change = -sum(each.base for each in done)
    # an undo in the next month moves that month's fees too
    further = base_of(bonus.postings_under(work.connection, work.account_id, (reference, f"undo:{order_id}")))
    if _counts(work, further):
        change += further
    if change:
        taken = [(grant_id, part) for each in done for grant_id, part in each.taken or []]
        _rebase(work, change, reference, "taken_back" if change < 0 else "given_back", taken)


def _counts(work: Work, change: int) -> bool:
    """Whether fees that changed by ``change`` move this account's points."""
    member = bonus.member(work.connection, work.account_id)
    return member is not None and (change < 0 or (change > 0 and member.active))


def join(work: Work) -> dict[str, Any]:
    """Take part from now on; what was charged before earns nothing."""
    member = bonus.member(work.connection, work.account_id)
    if member is not None and member.active:
        work.touched = False
    else:
        bonus.keep_member(work.connection, work.account_id, joined_at=milliseconds(work.now), left_at=None)
    return {"member": True}


def leave(work: Work) -> dict[str, Any]:
    """Earn no more; the points that are there can be spent until they expire."""
    member = bonus.member(work.connection, work.account_id)
    if member is None or not member.active:
        work.touched = False
    else:
        bonus.keep_member(work.connection, work.account_id, left_at=milliseconds(work.now))
    return {"member": False}


Parts = Sequence[tuple[str, int]]
"""Points of grants, by their ids."""


def _rebase(work: Work, change: int, reference: str, kind: str, back: Parts = ()) -> None:
    """Let the fees that points are reckoned from grow by ``change``, which is not 0, and the points with them.

    ``back``: the grants that further points belong to, where they were taken from them.
    """
    member = bonus.member(work.connection, work.account_id)
    if member is None:
        return
    # what was charged before he joined earned nothing, so its return takes nothing
    base = max(0, member.base + change)
    rules = work.operator.bonus
    points = rules.points_for(base) - rules.points_for(member.base)
    paid_off = min(member.owed, max(0, points))
    taken: Parts = ()
    if points > 0:
        shown, owed = _give(work, points - paid_off, reference, back), -paid_off
    else:
        taken, owed = _take(work, -points, reference)
        shown = -sum(part for _, part in taken)
    bonus.keep_member(work.connection, work.account_id, base=base, owed=member.owed + owed)
    _write(work, kind, shown, base - member.base, reference, taken)


def spend(work: Work, points: int, reference: str) -> None:
    """Take ``points`` for an exchange, oldest first; Declined points_lacking where they do not suffice."""
    grants = bonus.grants_of(work.connection, work.account_id, milliseconds(work.now))
    taken = take(spendable(grants), points)
    if taken.lacking:
        raise Declined("points_lacking", "the points that can be spent do not suffice", points_lacking=taken.lacking)
    bonus.change_left(work.connection, work.account_id, [(grant_id, -part) for grant_id, part in taken.parts])
    _write(work, "spent", -points, 0, reference, taken.parts)


def _give(work: Work, points: int, reference: str, back: Parts) -> int:
    """Points into the grants of ``back`` that have not expired, the others into a new one; returns how many."""
    expiry = {grant.id: grant.expires_on for grant in bonus.grants_named(work.connection, work.account_id, back)}
    given, left = 0, points
    for grant_id, part in back:
        part = min(part, left)
        left -= part
        if part and expiry[grant_id] > work.today:
            bonus.change_left(work.connection, work.account_id, [(grant_id, part)])
            given += part
    if left:
        expires_on = work.operator.bonus.expires_on(work.today)
        bonus.add_grant(work.connection, work.account_id, reference, left, work.today, expires_on)
    return given + left


def _take(work: Work, points: int, reference: str) -> tuple[Parts, int]:
    """Take points away, first those that ``reference`` itself granted; returns from where, and what was not there."""
    grants = bonus.grants_of(work.connection, work.account_id, milliseconds(work.now))
    own = take([grant for grant in grants if grant.id == reference], points)
    others = take([grant for grant in grants if grant.id != reference], own.lacking)
    parts = (*own.parts, *others.parts)
    bonus.change_left(work.connection, work.account_id, [(grant_id, -part) for grant_id, part in parts])
    return parts, others.lacking


def _write(work: Work, kind: str, points: int, base: int, reference: str, taken: Parts) -> None:
    """A row of the history; the account's points follow."""
    bonus.write_entry(
        work.connection,
        work.account_id,
        entry_id=f"{kind}:{reference}",
        at=milliseconds(work.now),
        day=work.today,
        kind=kind,
        points=points,
        base=base,
        reference=reference,
        taken=[list(part) for part in taken],
    )
    bonus.keep_points(work.connection, work.account_id)
    work.reread()
