"""Documents of Internet on the account (product.md I1)."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from tools.headend.api.schemas import Document, LocalText, Money, day


class InternetTariff(Document):
    """``traffic``: bytes of a calendar month, null: no limit; ``alone``: what it costs a month without TV."""

    id: str = Field(examples=["net-100"])
    name: LocalText
    price: Money
    alone: Money
    mbit: int = Field(ge=1, description="Speed, Mbit/s", examples=[100])
    traffic: int | None = Field(examples=[None])
    current: bool


class HeldTariff(Document):
    """``price``: a month, as it was agreed."""

    id: str = Field(examples=["net-100"])
    subscription: str = Field(examples=["s6"])
    name: LocalText
    price: Money
    mbit: int | None = Field(description="Speed, Mbit/s; null where it is no longer sold", examples=[100])
    since: str = day()
    ends_on: str | None = day("The last day that is paid")


class InternetOption(Document):
    """``subscription``: where the account has it."""

    id: str = Field(examples=["static-ip"])
    name: LocalText
    price: Money
    subscription: str | None = Field(examples=["s7"])
    state: Literal["active", "ending"] | None


class DayOfTraffic(Document):
    date: str = day()
    used: int = Field(ge=0, description="Bytes", examples=[3221225472])


class Traffic(Document):
    """Of the calendar month; bytes."""

    first: str = day()
    last: str = day()
    used: int = Field(ge=0, examples=[53687091200])
    allowed: int | None = Field(description="null: no limit", examples=[107374182400])
    left: int | None = Field(ge=0, examples=[53687091200])
    days: list[DayOfTraffic] = Field(description="Those that used any, oldest first")


class ChangeOf(Document):
    """``on_tv``: by change_tariff, connect and disconnect of /v1/subscriptions/quotes, with the part price before OK;
    else ``url``, to be shown as a QR."""

    on_tv: bool
    url: str | None = Field(examples=[None])


class Internet(Document):
    """``present`` false: the account has none, and nothing else is told."""

    present: bool
    tariff: HeldTariff | None
    next_tariff: HeldTariff | None = Field(description="The one from the next period on, where it is another")
    monthly: Money = Field(description="A whole month of all of it")
    saves: Money = Field(description="What having it beside TV saves a month")
    traffic: Traffic | None
    options: list[InternetOption]
    tariffs: list[InternetTariff]
    change: ChangeOf | None
