"""The port of a Phoenix or Smartmouse reader, as ``serial.rfc2217.PortManager`` sees the port that it serves."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from tools.card_sim.line.contact import Contact
from tools.card_sim.line.wire import PortSettings


@dataclass(frozen=True)
class Asserted:
    """One thing that a client set: ``what`` is a setting's name, ``value`` what it is from then on."""

    what: str
    value: int | float | bool | str
    at: float
    """Seconds of the monotonic clock."""


class PhoenixPort:
    """A port whose RTS resets the card, and whose CTS and CD say that a card is in.

    The attributes are pyserial's, since PortManager is pyserial's. ``journal`` keeps every setting and edge in order.
    """

    xonxoff = False
    rtscts = False
    break_condition = False
    dsr = False
    ri = False

    def __init__(self, contact: Contact, *, reset_when: bool = True, clock: Callable[[], float] = time.monotonic):
        """``reset_when``: the state of RTS that holds the card in reset; True is asserted."""
        self.contact = contact
        self.journal: list[Asserted] = []
        self._reset_when = reset_when
        self._clock = clock
        self._rts = False
        self._dtr = False
        self._unsent = bytearray()
        if not reset_when:
            contact.hold()

    def write(self, data: bytes) -> None:
        """Characters for the card; ``flush`` sends them, and so does every change of a setting behind them."""
        self._unsent += data

    def flush(self) -> None:
        data = bytes(self._unsent)
        self._unsent.clear()
        self.contact.transmit(data)

    @property
    def cts(self) -> bool:
        return self.contact.present

    @property
    def cd(self) -> bool:
        return self.contact.present

    @property
    def rts(self) -> bool:
        return self._rts

    @rts.setter
    def rts(self, state: bool) -> None:
        if state != self._rts:
            self._rts = state
            self._note("rts", state)
            if state == self._reset_when:
                self.contact.hold()
            else:
                self.contact.release()

    @property
    def dtr(self) -> bool:
        return self._dtr

    @dtr.setter
    def dtr(self, state: bool) -> None:
        if state != self._dtr:
            self._dtr = state
            self._note("dtr", state)

    @property
    def baudrate(self) -> int:
        return self.contact.settings.baudrate

    @baudrate.setter
    def baudrate(self, value: int) -> None:
        self._set("baudrate", value, replace(self.contact.settings, baudrate=value))

    @property
    def bytesize(self) -> int:
        return self.contact.settings.bytesize

    @bytesize.setter
    def bytesize(self, value: int) -> None:
        if value not in (5, 6, 7, 8):
            raise ValueError(f"{value} bits")
        self._set("bytesize", value, replace(self.contact.settings, bytesize=value))

    @property
    def parity(self) -> str:
        return self.contact.settings.parity

    @parity.setter
    def parity(self, value: str) -> None:
        self._set("parity", value, replace(self.contact.settings, parity=value))

    @property
    def stopbits(self) -> float:
        return self.contact.settings.stopbits

    @stopbits.setter
    def stopbits(self, value: float) -> None:
        self._set("stopbits", value, replace(self.contact.settings, stopbits=value))

    def reset_input_buffer(self) -> None:
        """What the card said is with the client already: nothing is kept here."""

    def reset_output_buffer(self) -> None:
        self.flush()
        self.contact.purge()

    def hang_up(self) -> None:
        """The client went: RTS and DTR fall (HUPCL)."""
        self.reset_output_buffer()
        self.rts = False
        self.dtr = False

    def _set(self, what: str, value: float | str, settings: PortSettings) -> None:
        if settings != self.contact.settings:
            self.flush()
            self.contact.settings = settings
            self._note(what, value)

    def _note(self, what: str, value: float | bool | str) -> None:
        self.journal.append(Asserted(what, value, self._clock()))
