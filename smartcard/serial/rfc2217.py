"""pyserial's RFC 2217 client, with what it leaves out: parity errors, changes of the card-detect lines that nobody saw,
and a socket that is closed when the other side closed it first."""

from __future__ import annotations

import warnings
from typing import Any

import serial.rfc2217
from serial.rfc2217 import (
    COM_PORT_OPTION,
    MODEMSTATE_MASK_CD,
    MODEMSTATE_MASK_CTS,
    SERVER_NOTIFY_LINESTATE,
    SET_LINESTATE_MASK,
)

PARITY_ERROR = 0x04
"""Bit of NOTIFY_LINESTATE (RFC 2217, NOTIFY-LINESTATE)."""


class CountingSerial(serial.rfc2217.Serial):  # type: ignore[misc]
    """Not open from the start: ``open`` is called by whoever set it up."""

    def __init__(self, url: str) -> None:
        self.parity_errors = 0
        self.card_changes = 0
        super().__init__(None)
        self.port = url

    @property
    def tells_lines(self) -> bool:
        """The server said how CTS and CD stand, as it does by itself at every change."""
        return self._modemstate is not None

    def open(self) -> None:
        with warnings.catch_warnings():  # its thread is started in a way that Python calls deprecated
            warnings.simplefilter("ignore", DeprecationWarning)
            super().open()
        self.rfc2217_send_subnegotiation(SET_LINESTATE_MASK, bytes((PARITY_ERROR,)))

    def close(self) -> None:
        line: Any = self._socket
        super().close()
        if line is not None:
            line.close()

    def _telnet_process_subnegotiation(self, suboption: bytes) -> None:
        before = self._modemstate
        super()._telnet_process_subnegotiation(suboption)
        if before is not None and (before ^ self._modemstate) & (MODEMSTATE_MASK_CTS | MODEMSTATE_MASK_CD):
            self.card_changes += 1
        if suboption[:2] == COM_PORT_OPTION + SERVER_NOTIFY_LINESTATE and self._linestate & PARITY_ERROR:
            self.parity_errors += 1
