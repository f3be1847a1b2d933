"""Documents of promised payments, credit mode, transfers and temporary blocks (product.md P4, P6, P7, U1)."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from tools.headend.api.bodies import RequestBody, identifier, whole
from tools.headend.api.schemas import AN_ID, Document, Id, Money, day, instant


class MoneyBody(RequestBody):
    """A sum of the operator's currency."""

    amount: int = whole(1, description="Minor units", examples=[50000])
    currency: str = Field(pattern="^[A-Z]{3}$", examples=["RUB"])


class LimitBody(MoneyBody):
    """The same, and nothing at all is a limit too."""

    amount: int = whole(description="Minor units", examples=[50000])


class PromiseBody(RequestBody):
    amount: MoneyBody


class CreditBody(RequestBody):
    """``limit`` is the one that was shown; needed to switch credit mode on, null to switch it off."""

    mode: Literal["advance", "credit"] = Field(examples=["credit"])
    limit: MoneyBody | None = None


class TransferQuoteBody(RequestBody):
    recipient: str = Field(pattern=r"^[0-9]{12}$", description="An account number", examples=["102733458112"])
    amount: MoneyBody


class TransferBody(RequestBody):
    transfer_id: str = identifier(description="Of the quote", examples=[AN_ID])


class SuspensionBody(RequestBody):
    first_day: str = Field(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$", examples=["2026-12-01"])
    days: int = whole(1, 366, description="Calendar days, the first included", examples=[14])


class PromiseOffer(Document):
    """``reason`` says why there is none: open, overdue (the last one is not paid), credit_mode, suspended, balance,
    no_fee."""

    available: bool
    reason: Literal["open", "overdue", "credit_mode", "suspended", "balance", "no_fee"] | None
    least: Money
    most: Money
    fee: Money
    days: int = Field(description="To be paid within so many days after today", examples=[3])
    due_on: str = day("The last day to pay one that is granted today")


class Promise(Document):
    """``overdue``: taken back and not paid; ``cleared`` says whether it is paid by now."""

    id: Id
    state: Literal["active", "repaid", "overdue"]
    amount: Money
    fee: Money
    granted_at: str = instant()
    due_on: str = day("The last day to pay; it is taken back on the day after, or after a temporary block")
    ended_at: str | None = instant()
    cleared: bool


class Promises(Document):
    offer: PromiseOffer
    items: list[Promise]
    next_cursor: str | None


class CreditQuote(Document):
    """What credit mode would be; ``reason`` says why it is not to be had: on, promise_open, debt, not_active,
    new_contract, no_fee."""

    available: bool
    reason: Literal["on", "promise_open", "debt", "not_active", "new_contract", "no_fee"] | None
    limit: Money = Field(description="How far below zero the service goes on")
    due_day: int = Field(ge=1, le=27, description="What is owed is to be paid by this day of each month", examples=[20])
    due_on: str = day("The first such day")


class Credit(Document):
    """``withheld``: a debt stands after its due day, and the limit does not count until it is paid."""

    mode: Literal["advance", "credit"]
    state: Literal["active", "withheld"] | None = Field(description="Of credit mode")
    limit: Money | None
    due_on: str | None = day("The next last day to pay what is owed")
    owed: Money = Field(description="What is missing to zero, and so to go back to advance")
    quote: CreditQuote


class TransferLimits(Document):
    """``most``: what can go now, of own money; 0: nothing. ``month_left``: what this month's limit leaves."""

    least: Money
    most_each: Money
    month_most: Money
    month_left: Money
    own_money: Money
    most: Money


class Transfer(Document):
    """``quoted``: confirm it until ``expires_at``; ``sent``: final."""

    id: Id
    state: Literal["quoted", "sent"]
    recipient: str = Field(pattern=r"^\d{12}$", examples=["102733458112"])
    recipient_name: str = Field(description="Masked", examples=["О••• С•••••••"])
    amount: Money
    expires_at: str | None = instant()
    sent_at: str | None = instant()


class Transfers(Document):
    limits: TransferLimits
    items: list[Transfer]
    next_cursor: str | None


class SuspensionOffer(Document):
    """``reason`` says why none can be ordered here and now: channel (order it where ``channels`` says), internet (it
    needs home Internet on the account), ordered, suspended, stopped."""

    available: bool
    reason: Literal["channel", "internet", "ordered", "suspended", "stopped"] | None
    channels: list[Literal["tv", "phone", "salon"]]
    days_least: int = Field(examples=[1])
    days_most: int = Field(examples=[30])
    earliest: str = day("The first day on which one may begin")
    latest: str = day("The last one")
    fee: Money = Field(description="Taken at the start, from own money")
    own_money: Money


class Blocks(Document):
    """What it blocks now; the app, paying and help never."""

    change: bool
    entitlement: bool
    billing: bool


class Suspension(Document):
    id: Id
    state: Literal["requested", "active", "ended", "cancelled"]
    first_day: str = day()
    last_day: str = day("The last day of it")
    resumes_on: str = day("The day on which the service is there again")
    fee: Money
    blocks: Blocks
    requested_at: str = instant()
    ended_at: str | None = instant()


class Suspensions(Document):
    offer: SuspensionOffer
    items: list[Suspension]
    next_cursor: str | None


class SuspensionQuote(Document):
    """What a block would be and cost. ``rest``: what is charged on ``resumes_on`` for what is left of that month,
    as things are today; 0 where the month is charged already, or begins then and is charged as always."""

    first_day: str = day()
    last_day: str = day()
    resumes_on: str = day()
    fee: Money
    lacking: Money = Field(description="What own money lacks to the fee today")
    not_charged: Money = Field(description="Monthly charges that fall inside")
    rest: Money
