"""What a box may ask for in an order, as JSON: one model a change, each of which knows what it means."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from tools.headend.api.bodies import RequestBody, identifier
from tools.headend.api.change_body import ChangeBody
from tools.headend.api.room_bodies import AddRoomBody, RemoveRoomBody, StartRoomBody, StopRoomBody
from tools.headend.domain import orders
from tools.headend.domain.orders import Change, When
from tools.headend.use_cases.work import Work

MAX_CHANGES = 50
MAX_CHANNELS = 1000


class ConnectBody(ChangeBody):
    """A package, an option or a paid subscription, from today on (T2, T3)."""

    op: Literal["connect"]
    item: str = identifier(examples=["sport"])

    def change(self, _work: Work, /) -> Change:
        return orders.Connect(self.item)


class DisconnectBody(ChangeBody):
    """It works to the end of the paid period; nothing is returned (T5)."""

    op: Literal["disconnect"]
    subscription: str = identifier(examples=["s3"])

    def change(self, _work: Work, /) -> Change:
        return orders.Disconnect(self.subscription)


class ChangeTariffBody(ChangeBody):
    """``now``: the unused part of the old one is returned; ``next``: from the next period on (T1)."""

    op: Literal["change_tariff"]
    item: str = identifier(examples=["extended"])
    when: Literal["now", "next"]

    def change(self, _work: Work, /) -> Change:
        return orders.ChangeTariff(self.item, When(self.when))


class SetChannelsBody(ChangeBody):
    """Personal TV is exactly these channels from now on (T4); those that are not named end."""

    op: Literal["set_channels"]
    channels: Annotated[list[Annotated[str, identifier()]], Field(max_length=MAX_CHANNELS, examples=[["c154", "c155"]])]

    def change(self, _work: Work, /) -> Change:
        return orders.SetChannels(tuple(dict.fromkeys(self.channels)))


AnyChange = Annotated[
    ConnectBody
    | DisconnectBody
    | ChangeTariffBody
    | SetChannelsBody
    | AddRoomBody
    | StopRoomBody
    | StartRoomBody
    | RemoveRoomBody,
    Field(discriminator="op"),
]


class QuoteBody(RequestBody):
    """What the price is asked for: changes that are made together, in this order, or not at all."""

    changes: Annotated[
        list[AnyChange],
        Field(min_length=1, max_length=MAX_CHANGES, examples=[[{"op": "connect", "item": "sport"}]]),
    ]


class ConfirmBody(RequestBody):
    """Order what was quoted."""

    quote_id: str = identifier(examples=["4b2f6a0e-6f3c-4a53-9d0e-7a4c1f2b8d55"])


class UndoBody(RequestBody):
    """Give an order back."""

    order_id: str = identifier(examples=["4b2f6a0e-6f3c-4a53-9d0e-7a4c1f2b8d55"])
