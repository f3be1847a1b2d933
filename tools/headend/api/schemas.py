"""The documents of the API, for ``/openapi.json``: shapes, meanings, examples. Answers are built by the views, and
a contract test holds them against these."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

AN_ID = "4b2f6a0e-6f3c-4a53-9d0e-7a4c1f2b8d55"


class Document(BaseModel):
    """Exactly these members."""

    model_config = ConfigDict(extra="forbid")


class Money(Document):
    """``amount`` minor units (kopecks, cents); ``currency`` ISO 4217."""

    amount: int = Field(examples=[128450])
    currency: str = Field(pattern="^[A-Z]{3}$", examples=["RUB"])


class LocalText(Document):
    """A text of the operator in every language."""

    ru: str = Field(examples=["Базовый"])
    en: str = Field(examples=["Basic"])
    sk: str = Field(examples=["Základný"])
    es: str = Field(examples=["Básico"])


Id = Annotated[str, Field(description="Given out by the service, opaque", examples=[AN_ID])]
"""What something is named by; the box makes nothing of it."""

_DATE = r"^\d{4}-\d{2}-\d{2}$"
_TIME = r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$"


def day(description: str = "A day in the region's time zone") -> Any:
    return Field(pattern=_DATE, description=description, examples=["2026-12-01"])


def instant() -> Any:
    return Field(pattern=_TIME, description="RFC 3339, UTC", examples=["2026-11-21T16:41:07Z"])


class ChallengeRequest(Document):
    chip_id: str = Field(pattern=r"^[A-Za-z0-9._-]{1,32}$", examples=["884100270011"])


class Challenge(Document):
    nonce: str = Field(description="base64url, good for 120 s and this Chip ID", examples=["AAABnrT0c1xk5tG3…"])
    server_time: str = instant()


class TokenRequest(Document):
    grant_type: Literal["urn:ietf:params:oauth:grant-type:jwt-bearer"]
    assertion: str = Field(description="JWT, typ stb-assertion+jwt, ES256 by the device key", examples=["eyJ0eXAi…"])


class Token(Document):
    access_token: str = Field(examples=["3Jq0xw4i2w6l0f3b…"])
    token_type: Literal["DPoP"]
    expires_in: int = Field(description="Seconds", examples=[600])
    account_number: str = Field(pattern=r"^\d{12}$", examples=["102733458021"])
    acr: Literal["card-proven", "card-claimed"]


class NextCharge(Document):
    date: str = day()
    sum: Money


class EnoughUntil(Document):
    """``until``: the last day that the money covers; ``long``: 12 months or more; ``stopped``: since when."""

    state: Literal["until", "long", "stopped"]
    date: str | None = day()


class ServiceState(Document):
    state: Literal["active", "stopped", "suspended"]
    since: str | None = day()
    until: str | None = day("The last day of a suspension")


class Tariff(Document):
    id: str = Field(examples=["basic"])
    name: LocalText
    price: Money


class Bonus(Document):
    points: int = Field(ge=0, examples=[340])


class Service(Document):
    """Something that is charged by the month; ``room`` names the TV that a room fee is for."""

    id: Id
    kind: Literal["tariff", "package", "option", "room", "internet", "channel"]
    name: LocalText
    room: str | None
    price: Money
    state: Literal["active", "ending"]
    ends_on: str | None = day("The last day that is paid, where it is disconnected")
    next_charge: str | None = day()


class Room(Document):
    id: str = Field(examples=["living-room"])
    name: str = Field(examples=["Гостиная"])
    this_box: bool
    state: Literal["running", "stopped"]
    model: str = Field(examples=["STB-5200"])


class Attention(Document):
    """``params`` by code: service_stopped {since}, service_suspended {until}, promise_due {sum, date},
    balance_low {to_pay}, subscription_ending {service, date, days}, unread_messages {count}."""

    code: Literal[
        "service_stopped",
        "service_suspended",
        "promise_due",
        "balance_low",
        "subscription_ending",
        "unread_messages",
    ]
    severity: Literal["notice", "warning"]
    params: dict[str, Any] = Field(examples=[{"count": 1}])


class Holder(Document):
    """Masked by the service until the PIN."""

    contract_number: str = Field(examples=["••••-••••-85"])
    name: str = Field(examples=["И••• П•••••"])
    address: str = Field(examples=["г. Химки, ••. ••••••, •. ••, ••. ••"])
    phone: str = Field(examples=["+7 ••• •••-••-34"])
    email: str = Field(examples=["i•••@example.org"])


class Account(Document):
    """Home (product.md A1); ``attention`` most urgent first."""

    account_number: str = Field(pattern=r"^\d{12}$", examples=["102733458021"])
    currency: str = Field(examples=["RUB"])
    time_zone: str = Field(examples=["Europe/Moscow"])
    region: LocalText
    balance: Money
    monthly_fee: Money
    to_pay: Money
    debt: Money
    next_charge: NextCharge | None
    enough_until: EnoughUntil
    service: ServiceState
    tariff: Tariff | None
    bonus: Bonus
    services: list[Service]
    rooms: list[Room]
    rooms_max: int = Field(examples=[4])
    unread_messages: int = Field(ge=0, examples=[1])
    attention: list[Attention]
    holder: Holder


class KindSum(Document):
    """What entries of one kind changed; ``sum`` is signed, a charge negative."""

    kind: str = Field(examples=["package_fee"])
    sum: Money


class Month(Document):
    month: str = Field(pattern=r"^\d{4}-\d{2}$", examples=["2026-11"])
    charged: Money
    paid: Money
    by_kind: list[KindSum]


class Months(Document):
    items: list[Month]


class EntryService(Document):
    id: str = Field(examples=["sport"])
    name: LocalText


class Ordered(Document):
    channel: Literal["tv", "phone", "salon"]
    room: str | None = Field(examples=["Гостиная"])
    since: str = day()


class Period(Document):
    """The days that a charge pays for: ``days`` of the ``of`` that the month has."""

    from_: str = Field(alias="from", pattern=_DATE, examples=["2026-09-14"])
    to: str = Field(pattern=_DATE, examples=["2026-09-30"])
    days: int = Field(examples=[17])
    of: int = Field(examples=[30])


class Disconnecting(Document):
    op: Literal["disconnect"]
    subscription: str = Field(examples=["s3"])


class Stopping(Document):
    op: Literal["stop_room"]
    room: str = Field(examples=["kitchen"])


class Entry(Document):
    """``amount`` is signed: a charge is negative."""

    id: Id
    at: str = instant()
    date: str = day()
    kind: Literal[
        "tariff_fee",
        "package_fee",
        "option_fee",
        "room_fee",
        "internet_fee",
        "service_fee",
        "discount",
        "payment",
        "refund",
        "correction",
        "promise",
        "transfer",
    ]
    amount: Money
    service: EntryService | None
    room: str | None
    ordered: Ordered | None
    period: Period | None
    method: Literal["sbp", "card", "mobile", "terminal", "salon", "bank"] | None
    receipt_id: str | None
    disputable: bool = Field(description="It can be said not to have been ordered: POST /v1/tickets/disputes")
    subscription_id: str | None = Field(
        description="The service's subscription, where it still goes on", examples=["s3"]
    )
    disconnect: Disconnecting | Stopping | None = Field(
        description="The change that ends it, for POST /v1/subscriptions/quotes; null where none does: a tariff is "
        "changed, what ends has an end"
    )


class Entries(Document):
    items: list[Entry]
    next_cursor: str | None


class Receipt(Document):
    id: str = Field(examples=["r64"])
    entry_id: str = Field(examples=["e64"])
    at: str = instant()
    date: str = day()
    amount: Money
    method: Literal["sbp", "card", "mobile", "terminal", "salon", "bank"]
    account_number: str = Field(pattern=r"^\d{12}$", examples=["102733458021"])
    operator: LocalText


class Receipts(Document):
    items: list[Receipt]
    next_cursor: str | None


class Message(Document):
    id: Id
    at: str = instant()
    title: LocalText
    text: LocalText
    read: bool


class Messages(Document):
    items: list[Message]
    next_cursor: str | None


class MessageRead(Document):
    id: Id
    read: Literal[True]


class Health(Document):
    status: Literal["ok"]
    time: str = instant()


class FieldError(Document):
    field: str = Field(examples=["limit"])
    message: str = Field(examples=["Input should be less than or equal to 200"])


class Problem(Document):
    """RFC 9457; ``code`` is stable and for programs, ``error`` is OAuth's name for a refusal. Further members (section
    3.2) say what a code is about: ``lacking``, ``attempts_remaining``, ``item``…"""

    model_config = ConfigDict(extra="allow")

    type: str = Field(examples=["urn:stb:problem:box_revoked"])
    title: str
    status: int
    detail: str
    code: str = Field(examples=["box_revoked"])
    error: str | None = None
    errors: list[FieldError] | None = None
