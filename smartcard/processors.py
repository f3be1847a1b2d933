"""Wire quirks, one each, stacked: every processor is itself a connection around another one.

``interindustry(connection)`` gives the stack that an ISO 7816-4 application wants: it sends whole commands and gets
whole answers, whatever the transmission protocol made of them.
"""

from __future__ import annotations

from collections.abc import Sequence

from smartcard.apdu import CHAINING, MAX_SHORT_DATA, MAX_SHORT_LE, CommandAPDU
from smartcard.connection import CardConnection
from smartcard.errors import ProtocolError
from smartcard.status_word import StatusWord

GET_RESPONSE = 0xC0
MAX_ANSWER = 65536


class Processor(CardConnection):
    """A connection that changes ``transmit`` and leaves the rest to the one inside."""

    def __init__(self, inner: CardConnection) -> None:
        self._inner = inner
        self.atr = inner.atr
        self.protocol = inner.protocol
        self.generation = inner.generation

    def transmit(self, command: bytes) -> tuple[bytes, int]:
        return self._inner.transmit(command)

    def reset(self) -> None:
        self._inner.reset()

    def close(self) -> None:
        self._inner.close()


class Interindustry(Processor):
    """One of the processors that ``exchange`` is behind anyway."""

    def exchange(self, commands: Sequence[bytes]) -> list[tuple[bytes, int]]:
        return self._inner.exchange(commands)


class WrongLe(Interindustry):
    """6CXX: the same command again with Le = XX (ISO 7816-4 5.6). Once: a card that says so twice is lost."""

    def transmit(self, command: bytes) -> tuple[bytes, int]:
        data, sw = self._inner.transmit(command)
        if sw >> 8 != 0x6C:
            return data, sw
        asked = CommandAPDU.decode(command)
        exact = CommandAPDU(asked.cla, asked.ins, asked.p1, asked.p2, asked.data, (sw & 0xFF) or MAX_SHORT_LE)
        data, sw = self._inner.transmit(exact.encode())
        if sw >> 8 == 0x6C:
            raise ProtocolError(f"the card refuses the length that it asked for ({sw:04X})")
        return data, sw


class GetResponse(Interindustry):
    """61XX: fetch the rest by GET RESPONSE and join it (ISO 7816-4 5.3.4, 11.7.1). At most 65536 bytes in all."""

    def transmit(self, command: bytes) -> tuple[bytes, int]:
        data, sw = self._inner.transmit(command)
        if sw >> 8 != 0x61:
            return data, sw
        cla = command[0] & ~CHAINING
        answer = bytearray(data)
        while sw >> 8 == 0x61:
            fetch = CommandAPDU(cla, GET_RESPONSE, 0, 0, le=(sw & 0xFF) or MAX_SHORT_LE)
            data, sw = self._inner.transmit(fetch.encode())
            if not data and sw >> 8 == 0x61:
                raise ProtocolError("the card promises more data and gives none")
            answer += data
            if len(answer) > MAX_ANSWER:
                raise ProtocolError(f"the card's answer does not end within {MAX_ANSWER} bytes")
        return bytes(answer), sw


class CommandChaining(Interindustry):
    """Data of more than 255 bytes goes as a chain of short commands (ISO 7816-4 5.3.3); Le only with the last."""

    def transmit(self, command: bytes) -> tuple[bytes, int]:
        whole = CommandAPDU.decode(command)
        if len(whole.data) <= MAX_SHORT_DATA:
            return self._inner.transmit(command)
        pieces = [whole.data[at : at + MAX_SHORT_DATA] for at in range(0, len(whole.data), MAX_SHORT_DATA)]
        for piece in pieces[:-1]:
            part = CommandAPDU(whole.cla | CHAINING, whole.ins, whole.p1, whole.p2, piece)
            data, sw = self._inner.transmit(part.encode())
            if sw != StatusWord.SUCCESS:
                return data, sw
        le = None if whole.le is None else min(whole.le, MAX_SHORT_LE)
        last = CommandAPDU(whole.cla, whole.ins, whole.p1, whole.p2, pieces[-1], le)
        return self._inner.transmit(last.encode())


class AskedAhead(Processor):
    """Asks ``commands`` in one exchange, and answers each of them, once, with what the card said then."""

    def __init__(self, inner: CardConnection, commands: Sequence[bytes]) -> None:
        super().__init__(inner)
        self._answers = dict(zip(commands, inner.exchange(commands), strict=False))

    def transmit(self, command: bytes) -> tuple[bytes, int]:
        answer = self._answers.pop(command, None)
        return super().transmit(command) if answer is None else answer

    def reset(self) -> None:
        self._answers.clear()
        super().reset()


def interindustry(connection: CardConnection) -> CardConnection:
    """The whole stack; a connection that has it already is left as it is."""
    if isinstance(connection, GetResponse):
        return connection
    return GetResponse(WrongLe(CommandChaining(connection)))
