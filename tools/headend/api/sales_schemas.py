"""Documents of what is sold: tariffs, packages and options, channels (product.md T1-T4)."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from tools.headend.api.schemas import Document, Id, LocalText, Money, day


class SoldTariff(Document):
    """A tariff for the account's region."""

    id: str = Field(examples=["extended"])
    name: LocalText
    price: Money
    channels: int = Field(description="How many it has", examples=[152])
    hd_channels: int = Field(examples=[14])
    more_channels: int = Field(examples=[38], description="How many it has that the one of today has not")
    fewer_channels: int = Field(examples=[0], description="How many the one of today has that it has not")
    state: Literal["current", "coming", "available"]
    can_be_ordered: bool = Field(description="False: no longer sold here, but the account has it")


class SoldTariffs(Document):
    """Cheapest first."""

    items: list[SoldTariff]


class PastTariff(Document):
    """A tariff that the account has, had or will have."""

    id: Id
    name: LocalText
    price: Money
    since: str = day()
    ends_on: str | None = day("The last day; null while it goes on")


class TariffHistory(Document):
    """Newest first."""

    items: list[PastTariff]


class SoldPackage(Document):
    """A package, an option or a paid subscription for the account's region."""

    id: str = Field(examples=["sport"])
    kind: Literal["package", "option"]
    name: LocalText
    price: Money
    channels: int = Field(examples=[12])
    age: int = Field(description="From which age on", examples=[0])
    adult: bool
    hidden: bool = Field(description="The parents hid it (C1)")
    requires: list[str] = Field(examples=[["hd"]], description="It needs one of these beside it")
    excludes: list[str] = Field(examples=[[]], description="It cannot be held together with any of these")
    state: Literal["available", "active", "ending"]
    subscription: str | None = Field(description="What to disconnect", examples=[None])
    ends_on: str | None = day("The last day that is paid")
    can_be_ordered: bool = Field(description="False: no longer sold here, but the account has it")


class SoldPackages(Document):
    items: list[SoldPackage]


class ChannelGenre(Document):
    id: str = Field(examples=["sport"])
    name: LocalText


class TvChannel(Document):
    """A channel; ``price``: what it costs singly a month, null where it is not sold so (T4)."""

    id: str = Field(examples=["c154"])
    number: int = Field(examples=[154])
    name: str = Field(examples=["Матч ТВ"])
    genre: ChannelGenre
    age: int = Field(description="From which age on", examples=[6])
    adult: bool
    hd: bool
    items: list[str] = Field(examples=[["sport", "premium"]], description="The tariffs and packages that it belongs to")
    included: bool = Field(description="The account's tariff or a package of it has it")
    chosen: bool = Field(description="It goes on in Personal TV")
    price: Money | None


class TvChannels(Document):
    """By number."""

    items: list[TvChannel]
    next_cursor: str | None
