"""The worker process: does the PC/SC calls that a reader asks for, and dies with it.

Started as ``python -I -S -c …`` with one socket a channel; every channel has a thread, a PC/SC context and at most
one card of its own, so that waiting for a card goes on beside a command. Standard input is the lifeline: at its end
the process is over, even in the middle of a call that hangs.
"""

from __future__ import annotations

import os
import signal
import socket
import struct
import sys
import threading
from collections.abc import Callable

from smartcard.apdu import ResponseAPDU
from smartcard.atr import ATR
from smartcard.connection import CardConnection
from smartcard.errors import ATRError, ProtocolError
from smartcard.pcsc.library import RAW, T0, T1, Library, PcscFailure
from smartcard.pcsc.wire import Operation, Result, pack, receive, send, unpack

_U32 = struct.Struct("<I")
_CONTEXT_LOST = (Result.NO_SERVICE, Result.SERVICE_STOPPED, Result.INVALID_HANDLE, Result.COMM_ERROR)


class Session:
    """One channel's context and card. A context is made when it is first needed, and anew after it broke."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._context: int | None = None
        self._card: int | None = None
        self._protocol = 0
        self._atr = b""
        self._operations: dict[int, Callable[[bytes], bytes]] = {
            Operation.LIST: self._list,
            Operation.STATUS: self._status,
            Operation.CONNECT: self._connect,
            Operation.TRANSMIT: self.transmit,
            Operation.EXCHANGE: self._exchange,
            Operation.RESET: lambda _: self.reset(),
            Operation.DISCONNECT: lambda _: self.disconnect(),
        }

    def run(self, operation: int, payload: bytes) -> tuple[int, bytes]:
        try:
            return Result.SUCCESS, self._operations[operation](payload)
        except PcscFailure as failure:
            if failure.code in _CONTEXT_LOST:
                self._forget()
            return failure.code, b""
        except (ProtocolError, ATRError) as error:
            return Result.NO_PROTOCOL, error.message.encode()

    def _established(self) -> int:
        if self._context is None:
            self._context = self._library.establish()
        return self._context

    def _forget(self) -> None:
        """The service that knew this context is gone; a later one knows nothing of it."""
        context, self._context, self._card = self._context, None, None
        if context is not None:
            try:
                self._library.release(context)
            except PcscFailure:
                return

    def _list(self, _: bytes) -> bytes:
        try:
            return b"\x00".join(self._library.list_readers(self._established()))
        except PcscFailure as failure:
            if failure.code == Result.NO_READERS_AVAILABLE:
                return b""
            raise

    def _status(self, payload: bytes) -> bytes:
        current, timeout_ms = struct.unpack_from("<II", payload)
        state, atr = self._library.status_change(self._established(), payload[8:], current, timeout_ms)
        return _U32.pack(state) + atr

    def _connect(self, payload: bytes) -> bytes:
        context, reader = self._established(), payload[1:]
        try:
            self._card, self._protocol = self._library.connect(context, reader, T0 | T1)
        except PcscFailure as failure:
            if failure.code != Result.PROTO_MISMATCH:
                raise
            self._card, self._protocol = self._library.connect(context, reader, RAW)  # a card of T=14 alone
        return self.reset() if payload[0] else self._described()

    def reset(self) -> bytes:
        self._protocol = self._library.reset(self._handle(), RAW if self._protocol == RAW else T0 | T1)
        return self._described()

    def _described(self) -> bytes:
        self._atr = self._library.atr(self._handle())
        return _U32.pack(self._protocol) + self._atr

    def transmit(self, payload: bytes) -> bytes:
        return self._library.transmit(self._handle(), self._protocol, payload)

    def _exchange(self, payload: bytes) -> bytes:
        answers = LocalConnection(self, ATR.parse(self._atr)).exchange(unpack(payload))
        return pack(ResponseAPDU(data, sw).encode() for data, sw in answers)

    def disconnect(self) -> bytes:
        card, self._card = self._card, None
        if card is not None:
            self._library.disconnect(card)
        return b""

    def _handle(self) -> int:
        if self._card is None:
            raise PcscFailure(Result.INVALID_HANDLE)
        return self._card


class LocalConnection(CardConnection):
    """A session's card, for the processors to stand on."""

    def __init__(self, session: Session, atr: ATR) -> None:
        self.atr = atr
        self.protocol = atr.protocols[0]
        self.generation = 0  # the other process knows whose card it is
        self._session = session

    def transmit(self, command: bytes) -> tuple[bytes, int]:
        raw = self._session.transmit(command)
        if not raw:
            raise PcscFailure(Result.REMOVED_CARD)  # what pcsc-lite says of a card that vanishes inside a command
        answer = ResponseAPDU.decode(raw)
        return answer.data, answer.sw

    def reset(self) -> None:
        self._session.reset()

    def close(self) -> None:
        self._session.disconnect()


def serve(line: socket.socket, library: Library | None) -> None:
    """Answer one channel until it is closed."""
    session = Session(library) if library is not None else None
    with line:
        while True:
            try:
                operation, payload = receive(line)
                code, answer = (Result.NO_LIBRARY, b"") if session is None else session.run(operation, payload)
                send(line, code, answer)
            except (EOFError, OSError):
                return


def main(descriptors: list[str]) -> None:
    """``descriptors``: the channels' file descriptors."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a Ctrl-C in the terminal is for the process that started us
    try:
        library: Library | None = Library()
    except OSError:
        library = None
    for descriptor in descriptors:
        line = socket.socket(fileno=int(descriptor))
        threading.Thread(target=serve, args=(line, library), daemon=True).start()
    while sys.stdin.buffer.read(1):
        pass
    os._exit(0)
