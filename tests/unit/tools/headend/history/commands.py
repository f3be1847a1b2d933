"""What a subscriber may do next. A further command is a function and a line in COMMANDS.

A command gets the account's ``Work`` and a ``Choice``, from which it takes everything that is not the same on every
run; both databases are given the same choice, so they must come to the same end.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, TypeVar

from sqlalchemy import select

from tools.headend.domain.credit import limit
from tools.headend.domain.declined import Declined
from tools.headend.domain.orders import ChangeTariff, Connect, Disconnect, SetChannels, When
from tools.headend.domain.periods import Period
from tools.headend.domain.room_orders import StartRoom, StopRoom
from tools.headend.households import load_household
from tools.headend.operators import load_operator
from tools.headend.storage import orders as stored_orders
from tools.headend.storage import rooms as stored_rooms
from tools.headend.storage import suspensions as stored_suspensions
from tools.headend.storage import tables
from tools.headend.storage.rooms import RoomRow
from tools.headend.use_cases import (
    bonus,
    credit,
    numbers,
    orders,
    parental,
    parental_limit,
    payments,
    promises,
    rewards,
    room_orders,
    rooms,
    suspensions,
    transfers,
)
from tools.headend.use_cases.work import Work

T = TypeVar("T")
ITEMS = ("sport", "cinema", "kids", "science", "hd", "music", "archive")
TARIFFS = ("basic", "extended")
REWARDS = ("discount-100", "discount-300", "music-month")
SPARES = load_household("family", load_operator("mts")).spares
SUMS = (1, 99, 100, 1_000, 10_000, 33_333, 72_700, 100_000, 100_001, 300_000)
"""Minor units; the edges of the rules of mts among them."""


@dataclass(frozen=True)
class Choice:
    """A number for picking, a sum, and the account that it is about beside one's own."""

    number: int
    amount: int
    other: int

    def of(self, options: Sequence[T]) -> T:
        """One of them; Declined where there is none, as the screen would have no button."""
        if not options:
            raise Declined("not_found", "there is nothing to choose")
        return options[self.number % len(options)]


Command = Callable[[Work, Choice], Any]


def pay(work: Work, choice: Choice) -> Any:
    reference = f"p{choice.number}"
    return payments.credit(work, "sbp", choice.amount, reference)


def connect(work: Work, choice: Choice) -> Any:
    return _order(work, Connect(choice.of(ITEMS)))


def disconnect(work: Work, choice: Choice) -> Any:
    held = [each for each in stored_orders.held(work.connection, work.account_id, work.today) if each.room_id is None]
    return _order(work, Disconnect(choice.of(held).subscription_id))


def change_tariff(work: Work, choice: Choice) -> Any:
    return _order(work, ChangeTariff(choice.of(TARIFFS), (When.NOW, When.NEXT)[choice.amount % 2]))


def set_channels(work: Work, choice: Choice) -> Any:
    held = {each.item_id for each in stored_orders.held(work.connection, work.account_id, work.today)}
    channels = sorted(work.operator.channels.values(), key=lambda channel: channel.number)
    sold = [each.id for each in channels if each.single is not None and not each.items & held]
    start = choice.number % len(sold)
    return _order(work, SetChannels(tuple(sold[start : start + choice.number % 4])))


def undo(work: Work, choice: Choice) -> Any:
    placed = stored_orders.orders_of(work.connection, work.account_id, 10, None)
    return orders.undo(work, choice.of(placed).order_id)


def promise(work: Work, choice: Choice) -> Any:
    return promises.grant(work, choice.amount)


def credit_on(work: Work, choice: Choice) -> Any:
    """With the limit that is shown, or with another one."""
    found = credit.standing(work.connection, work.account, work.today)
    shown = limit(found.monthly_fee, work.operator.terms.credit)
    return credit.switch_on(work, shown + (choice.number % 3) // 2)


def credit_off(work: Work, _choice: Choice) -> Any:
    return credit.switch_off(work)


def transfer(work: Work, choice: Choice) -> Any:
    quoted = transfers.quote(work, f"{choice.other:012d}", choice.amount)
    if isinstance(quoted, Declined):
        raise quoted
    work.touched = True
    return transfers.confirm(work, quoted.transfer_id)


def suspend(work: Work, choice: Choice) -> Any:
    first = work.today + timedelta(days=choice.amount % 5)
    return suspensions.order(work, Period(first, first + timedelta(days=choice.number % 30)))


def end_suspension(work: Work, _choice: Choice) -> Any:
    found = stored_suspensions.current(work.connection, work.account_id)
    return suspensions.end(work, found.suspension_id if found else "none")


def join_bonus(work: Work, _choice: Choice) -> Any:
    return bonus.join(work)


def leave_bonus(work: Work, _choice: Choice) -> Any:
    return bonus.leave(work)


def exchange_points(work: Work, choice: Choice) -> Any:
    return rewards.exchange(work, choice.of(REWARDS))


def link_number(work: Work, choice: Choice) -> Any:
    return numbers.request_number(work, f"900555{choice.number % 10_000:04d}")


def add_room(work: Work, choice: Choice) -> Any:
    """A box from the family's cupboard, whoever has it now."""
    box = choice.of(SPARES)
    found = rooms.find_by_numbers(work, box.chip_id, box.card_number)
    if isinstance(found, Declined):
        raise found
    return _order(work, room_orders.found_box(work, found["id"], f"ТВ {choice.number}"))


def stop_room(work: Work, choice: Choice) -> Any:
    return _order(work, StopRoom(choice.of(_rooms(work)).room_id))


def start_room(work: Work, choice: Choice) -> Any:
    return _order(work, StartRoom(choice.of(_rooms(work)).room_id))


def remove_room(work: Work, choice: Choice) -> Any:
    return _order(work, room_orders.removal(work, choice.of(_rooms(work)).room_id))


def move_box(work: Work, choice: Choice) -> Any:
    mine = stored_rooms.rooms_of(work.connection, work.account_id)
    return rooms.move(work, choice.of(mine).room_id, mine[0].room_id)


def limit_orders(work: Work, choice: Choice) -> Any:
    return parental.set_up(work, lambda settings: replace(settings, order_limit=choice.amount))


def look(work: Work, _choice: Choice) -> Any:
    """The balance is read: what was due is settled by that."""
    work.touched = False
    return work.account.balance


COMMANDS: dict[str, Command] = {
    each.__name__: each
    for each in (
        pay,
        connect,
        disconnect,
        change_tariff,
        set_channels,
        undo,
        promise,
        credit_on,
        credit_off,
        transfer,
        suspend,
        end_suspension,
        join_bonus,
        leave_bonus,
        exchange_points,
        link_number,
        add_room,
        stop_room,
        start_room,
        remove_room,
        move_box,
        limit_orders,
        look,
    )
}


def _order(work: Work, change: Any) -> Any:
    """Quoted and confirmed; the charge must be the quote's."""
    quoted = orders.quote(work, [change], [{}]).quote
    work.touched = True
    before = work.account.balance
    placed = orders.confirm(work, quoted.order_id)
    booked = work.connection.execute(select(tables.accounts.c.balance).where(_mine(work))).scalar_one()
    assert before - booked == placed.plan.total == quoted.plan.total
    month = parental_limit.spending(work)
    assert placed.plan.spending <= 0 or month.limit is None or month.spent <= month.limit
    return placed


def _rooms(work: Work) -> list[RoomRow]:
    """All but the first."""
    return [each for each in stored_rooms.rooms_of(work.connection, work.account_id) if not each.first]


def _mine(work: Work) -> Any:
    return tables.accounts.c.account_id == work.account_id
