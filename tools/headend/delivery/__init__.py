"""What the operator sends to people's telephones and mailboxes: a port, and an adapter a technology.

A message may hold a code, so nobody logs or keeps one: it exists in memory until it is handed over.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field

from device.api.errors import ApiError


@dataclass(frozen=True, slots=True)
class Message:
    """``channel``: sms or email; ``target``: an address, or a telephone number with its country (``+79005550134``);
    ``subject``: of an e-mail, an SMS has none."""

    channel: str
    target: str = field(repr=False)
    subject: str
    text: str = field(repr=False)
    id: str = ""
    """The same whenever one message is handed over again, so that a receiver can drop the second; empty: unique."""


class DeliveryFailed(ApiError):
    """It was not handed over. ``final``: the same will not be taken later either."""

    code = "delivery_failed"

    def __init__(self, message: str, *, final: bool = False) -> None:
        super().__init__(message)
        self.final = final


class Delivery(ABC):
    """Hands messages over. Thread-safe; blocks for some seconds at most."""

    @abstractmethod
    def send(self, message: Message) -> None:
        """DeliveryFailed where it was not taken; the message of the error names no target and no text."""


class ByChannel(Delivery):
    """One adapter a channel."""

    def __init__(self, adapters: Mapping[str, Delivery]) -> None:
        self._adapters = adapters

    def send(self, message: Message) -> None:
        self._adapters[message.channel].send(message)
