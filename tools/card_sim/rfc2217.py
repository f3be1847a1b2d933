"""A card in a Phoenix reader behind an RFC 2217 port: real rate, real parity, real edges of RTS.

pyserial's own ``PortManager`` speaks Telnet and RFC 2217; the client is whatever speaks it too.
"""

from __future__ import annotations

import contextlib
import select
import socket
import struct

from serial.rfc2217 import LINESTATE_MASK_PARTIY_ERROR, SERVER_NOTIFY_LINESTATE, PortManager

from tools.card_sim.address import Address
from tools.card_sim.core import SimulatedCard
from tools.card_sim.faults import Faults
from tools.card_sim.line.card import CLOCK
from tools.card_sim.line.contact import Contact, Received
from tools.card_sim.listener import Listener
from tools.card_sim.loop import Loop
from tools.card_sim.phoenix import Asserted, PhoenixPort

SEND_LIMIT = 2.0
"""Seconds; a client that does not read is as good as gone."""
MAX_SUBOPTION = 256
PIECE = 4096


class Rfc2217Face:
    """``start`` puts the card in, ``stop`` ends the port. One client at a time; a second one is hung up on."""

    def __init__(
        self,
        card: SimulatedCard | None,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        faults: Faults | None = None,
        hz: int = CLOCK,
        echo: bool = True,
        reset_when: bool = True,
    ) -> None:
        """``hz``: the card's clock; ``echo``: the reader hears itself; ``reset_when``: the state of RTS that holds the
        card in reset. Listens at once: ReaderUnavailable where it cannot. ``card`` None: the slot is empty."""
        self._listener = Listener(Address(host=host, port=port))
        self.url = f"rfc2217://{self._listener.address}"
        self.contact = Contact(faults or Faults(), hz=hz, echo=echo)
        self.port = PhoenixPort(self.contact, reset_when=reset_when)
        if card is not None:
            self.contact.insert(card)
        self._loop = Loop(self.url, self._step)
        self._client: _Client | None = None

    @property
    def journal(self) -> tuple[Asserted, ...]:
        """Settings and edges that clients asserted, oldest first."""
        return tuple(self.port.journal)

    def start(self) -> None:
        self._loop.start()

    def insert(self, card: SimulatedCard) -> None:
        """Returns when the card is in and CTS up."""
        self._loop.post(lambda: self.contact.insert(card))

    def remove(self) -> None:
        """Returns when the card is out and CTS down."""
        self._loop.post(self.contact.remove)

    def stop(self) -> None:
        """The reader is unplugged: its client's line is cut."""
        self._loop.stop()
        self._hang_up()
        self._listener.stop()
        self._listener.close()

    def _step(self) -> None:
        client = self._client
        descriptors = [self._listener.fileno()]
        if client is not None:
            descriptors.append(client.fileno())
        ready = self._loop.wait(descriptors, self.contact.due())
        if client is not None and client.fileno() in ready:
            self._take(client)
        if self._listener.fileno() in ready:
            self._greet()
        self._give(self.contact.advance())

    def _greet(self) -> None:
        line = self._listener.accept()
        if line is None:
            return
        if self._client is not None and self._client.has_left():
            self._hang_up()
        if self._client is not None:
            line.close()
            return
        try:
            self._client = _Client(line, self.port)
        except OSError:
            line.close()

    def _take(self, client: _Client) -> None:
        try:
            client.receive()
        except _Gone:
            self._hang_up()

    def _give(self, received: Received) -> None:
        if self._client is not None:
            try:
                self._client.send(received)
            except _Gone:
                self._hang_up()

    def _hang_up(self) -> None:
        if self._client is not None:
            self._client.close()
            self._client = None
            self.port.hang_up()


class _Gone(Exception):
    """The client closed, broke, or speaks no RFC 2217."""


class _Client:
    """One client's line, with Telnet and RFC 2217 taken out of it."""

    def __init__(self, line: socket.socket, port: PhoenixPort) -> None:
        self._line = line
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        line.settimeout(SEND_LIMIT)
        self._port = port
        self._manager = PortManager(port, self)

    def fileno(self) -> int:
        return self._line.fileno()

    def has_left(self) -> bool:
        """The client closed its end, though something that it sent before may not be read yet."""
        look = select.poll()
        look.register(self._line, select.POLLRDHUP)
        return bool(look.poll(0))

    def write(self, data: bytes) -> None:
        """What PortManager answers."""
        self._line.sendall(data)

    def receive(self) -> None:
        """Hand on what came: characters to the card, settings and lines to the port, in their order."""
        try:
            piece = self._line.recv(PIECE)
            if not piece:
                raise _Gone
            # PortManager takes its options apart with no check of its own
            for character in self._manager.filter(piece):
                self._port.write(character)
            self._port.flush()
        except (OSError, ValueError, TypeError, LookupError, struct.error) as error:
            raise _Gone from error
        if len(self._manager.suboption or b"") > MAX_SUBOPTION:
            raise _Gone

    def send(self, received: Received) -> None:
        """Characters from the card, ahead of them which of them were wrong, and CTS and CD if they changed."""
        manager = self._manager
        try:
            for _ in range(received.parity_errors if manager.linstate_mask & LINESTATE_MASK_PARTIY_ERROR else 0):
                manager.rfc2217_send_subnegotiation(SERVER_NOTIFY_LINESTATE, bytes((LINESTATE_MASK_PARTIY_ERROR,)))
            if received.data:
                self._line.sendall(b"".join(manager.escape(received.data)))
            manager.check_modem_lines()
        except OSError as error:
            raise _Gone from error

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self._line.shutdown(socket.SHUT_RDWR)
        self._line.close()
