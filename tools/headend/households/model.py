"""A household as its file says it: a ready account with its boxes, cards, services and history (product.md X5)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time

from device.api.money import Money
from tools.headend.domain.catalogue import Item, Operator, Region
from tools.headend.domain.periods import days_in_month, first_of_month, shift_months
from tools.headend.domain.texts import LocalText


@dataclass(frozen=True, slots=True)
class RelativeDay:
    """A day counted back from today, so that a household is always fresh; clamped to the month's last day."""

    months_ago: int
    day: int

    def on(self, today: date) -> date:
        month = shift_months(first_of_month(today), -self.months_ago)
        return month.replace(day=min(self.day, days_in_month(month)))


@dataclass(frozen=True, slots=True)
class HouseholdBox:
    """One TV: the box and the card married to it. ``first`` is the box of the contract, which costs no fee."""

    id: str
    room: str
    chip_id: str
    card_number: str
    model: str
    first: bool
    since: RelativeDay = RelativeDay(30, 1)
    card_kind: str = "piv"
    revoked: bool = False
    rented: bool = False


@dataclass(frozen=True, slots=True)
class HouseholdEquipment:
    """Something that stands in no room (A8). ``item``: the service that its rent is charged as."""

    kind: str
    model: str
    number: str
    rented: bool
    item: str | None
    since: RelativeDay


@dataclass(frozen=True, slots=True)
class Ordered:
    """Where something was ordered: ``channel`` tv, phone or salon; ``room`` is the box's id where it was a TV."""

    channel: str
    room: str | None


@dataclass(frozen=True, slots=True)
class HouseholdService:
    """A tariff, package or option. ``until_months_ago``: it ran to the end of that month and is over."""

    item: Item
    since: RelativeDay
    ordered: Ordered
    until_months_ago: int | None = None
    ends_in_days: int | None = None


@dataclass(frozen=True, slots=True)
class HouseholdPayment:
    """Money paid in; ``amount`` in minor units."""

    day: RelativeDay
    at: time
    amount: int
    method: str


@dataclass(frozen=True, slots=True)
class HouseholdCorrection:
    """A recalculation in the viewer's favour (positive) or against, minor units."""

    day: RelativeDay
    amount: int


@dataclass(frozen=True, slots=True)
class HouseholdMessage:
    """A message of the operator to this account."""

    days_ago: int
    at: time
    title: LocalText
    text: LocalText
    read: bool


@dataclass(frozen=True, slots=True)
class HouseholdNumber:
    """A linked telephone number (A7); ``reason`` where it was refused."""

    number: str
    state: str
    reason: str | None
    days_ago: int


@dataclass(frozen=True, slots=True)
class HouseholdTraffic:
    """Internet used on each of the last ``days`` days, ``mib`` MiB more or less (I1)."""

    days: int
    mib: int


@dataclass(frozen=True, slots=True)
class Holder:
    """Whose contract it is; ``phone`` without the country's prefix."""

    name: str
    address: str
    phone: str
    email: str


@dataclass(frozen=True, slots=True)
class Suspension:
    """A temporary block that began ``started_days_ago`` and lasts ``days`` days."""

    started_days_ago: int
    days: int


@dataclass(frozen=True, slots=True)
class Household:
    """Everything of one file under one operator."""

    name: str
    operator: Operator
    account_number: str
    contract_number: str
    holder: Holder
    region: Region
    balance: Money
    bonus: int
    stopped: bool
    suspension: Suspension | None
    history_months: int
    """How many months have entries, the current one included; 0: an account without any."""
    pin: str | None
    """The account's PIN; None where none is set yet."""
    inserted: str
    """The card in the slot: ``own``, ``none`` or ``HOUSEHOLD/BOX``."""
    boxes: tuple[HouseholdBox, ...]
    services: tuple[HouseholdService, ...]
    payments: tuple[HouseholdPayment, ...]
    corrections: tuple[HouseholdCorrection, ...]
    messages: tuple[HouseholdMessage, ...]
    numbers: tuple[HouseholdNumber, ...]
    traffic: HouseholdTraffic | None
    spares: tuple[HouseholdBox, ...] = ()
    """Boxes with cards that are registered and of no account yet (M1)."""
    equipment: tuple[HouseholdEquipment, ...] = ()

    @property
    def shown(self) -> HouseholdBox:
        """The box whose TV is shown unless told otherwise: the first of the file."""
        return self.boxes[0]

    def box(self, box_id: str) -> HouseholdBox | None:
        """By its id, a spare one too."""
        return next((box for box in (*self.boxes, *self.spares) if box.id == box_id), None)
