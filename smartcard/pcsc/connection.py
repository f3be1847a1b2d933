"""One card of a PC/SC reader, by way of the worker."""

from __future__ import annotations

import contextlib
import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from smartcard.apdu import ResponseAPDU
from smartcard.atr import ATR
from smartcard.connection import CardConnection
from smartcard.errors import CardAbsent, CardRemoved, ProtocolError, ReaderError, ReaderGone, SmartCardError
from smartcard.pcsc.failures import failure
from smartcard.pcsc.process import Channel, WorkerEnded
from smartcard.pcsc.wire import Operation, Result, pack, unpack
from smartcard.presence import Presence

_U32 = struct.Struct("<I")
_T_OF_PROTOCOL = {1: 0, 2: 1}
"""SCARD_PROTOCOL_T0 and _T1; anything else is raw, and then the ATR says which T."""


@dataclass(frozen=True)
class Limits:
    """Seconds after which a call counts as hung, and its worker is ended."""

    status: float = 2.0
    connect: float = 5.0
    transmit: float = 10.0


class PcscConnection(CardConnection):
    """Dead for good after the first error of PC/SC: the handle would speak to whatever card is in the slot by then."""

    def __init__(
        self,
        channel: Channel,
        presence: Presence,
        limits: Limits,
        doubt: Callable[[int], None],
        *,
        reader: bytes,
        generation: int,
        reset: bool,
    ) -> None:
        """Connects. ``doubt`` is told the generation whose card failed. Errors as ``CardReader.connect``."""
        self.generation = generation
        self._channel = channel
        self._presence = presence
        self._limits = limits
        self._doubt = doubt
        self._dead: SmartCardError | None = None
        answer = self._ask(Operation.CONNECT, bytes((reset,)) + reader, limits.connect)
        try:
            self.atr = ATR.parse(answer[_U32.size :])
        except SmartCardError:
            self.close()
            raise
        active: int = _U32.unpack_from(answer)[0]
        self.protocol = _T_OF_PROTOCOL.get(active, self.atr.protocols[0])

    @property
    def is_open(self) -> bool:
        """The worker still holds the card for this connection."""
        return self._dead is None

    def transmit(self, command: bytes) -> tuple[bytes, int]:
        self._check()
        raw = self._ask(Operation.TRANSMIT, command, self._limits.transmit)
        if not raw:  # what pcsc-lite says of a card that vanishes inside a command: success, and nothing
            raise self._die(CardRemoved("the card was pulled out"))
        answer = ResponseAPDU.decode(raw)
        return answer.data, answer.sw

    def exchange(self, commands: Sequence[bytes]) -> list[tuple[bytes, int]]:
        """One request to the worker, which stands by the card; all of it within the limit of one transmit."""
        self._check()
        answers = unpack(self._ask(Operation.EXCHANGE, pack(commands), self._limits.transmit))
        return [(answer.data, answer.sw) for answer in map(ResponseAPDU.decode, answers)]

    def reset(self) -> None:
        self._check()
        self._ask(Operation.RESET, b"", self._limits.connect)

    def close(self) -> None:
        if self._dead is None:
            self._dead = ReaderGone("this connection was closed")
            self._disconnect()

    def _check(self) -> None:
        """The card of this connection's insertion is in, and answered until now."""
        if self._dead is not None:
            raise type(self._dead)(self._dead.message)
        try:
            generation = self._presence.state().generation
        except ReaderError as error:
            raise self._die(error) from None
        if generation != self.generation:
            raise self._die(CardRemoved("the card was pulled out"))

    def _ask(self, operation: Operation, payload: bytes, limit: float) -> bytes:
        try:
            code, answer = self._channel.ask(operation, payload, limit=limit)
        except WorkerEnded as ended:
            self._dead = ReaderGone(f"PC/SC: {ended}")
            raise self._dead from ended
        if code == Result.NO_PROTOCOL:
            raise ProtocolError(answer.decode())
        if code:
            raise self._die(failure(code))
        return answer

    def _die(self, why: SmartCardError) -> SmartCardError:
        """Let go of the card, so that nothing is ever said to the next one through this handle; answers ``why``."""
        self._dead = type(why)(why.message)
        self._disconnect()
        if isinstance(why, CardAbsent | CardRemoved | ReaderGone):
            self._doubt(self.generation)
        return why

    def _disconnect(self) -> None:
        with contextlib.suppress(WorkerEnded):
            self._channel.ask(Operation.DISCONNECT, limit=self._limits.status)
