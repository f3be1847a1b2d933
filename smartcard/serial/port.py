"""The port to a serial line with a reset line and card-detect lines, and what pyserial makes of it.

The names of pyserial's errors end here. A setting is changed only where it is another one: over RFC 2217 each change
costs 0.1 s, and so the read timeout never changes either; deadlines are kept by ``smartcard.serial.line``.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import struct
import termios
import threading
from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import Any

import serial

from smartcard.errors import AccessDenied, ReaderBusy, ReaderError, ReaderGone, ReaderUnavailable
from smartcard.serial.rfc2217 import CountingSerial

TICK = 0.01
"""Seconds that one read waits for its first byte."""
MAX_BAUD = 3_000_000
WRITE_LIMIT = 5.0
"""Seconds; a port that takes nothing for that long is as good as gone."""

EVEN: str = serial.PARITY_EVEN
ODD: str = serial.PARITY_ODD
NONE: str = serial.PARITY_NONE

_TIOCGICOUNT = 0x545D
_COUNTERS = struct.Struct("20i")
_CTS_COUNTER, _CD_COUNTER, _PARITY_COUNTER = 0, 3, 8
"""Places in struct serial_icounter_struct of Linux."""


class RateRefused(ReaderError):
    """The port cannot do this rate."""

    kind = "rate_refused"


class Port(ABC):
    """8 data bits and 2 stop bits; open from construction to ``close``. Every method may raise ReaderGone."""

    fastest: int = MAX_BAUD
    """Baud."""

    @abstractmethod
    def configure(self, baud: int, parity: str) -> None:
        """``parity``: EVEN, ODD, NONE. RateRefused."""

    @abstractmethod
    def read(self, count: int) -> bytes:
        """At most ``count`` bytes, those that came until the first tick without any more; b"" after one tick."""

    @abstractmethod
    def waiting(self) -> int:
        """Bytes that ``read`` would give at once."""

    @abstractmethod
    def write(self, data: bytes) -> None:
        """Begin to send; need not wait for the end."""

    @abstractmethod
    def hold_reset(self, held: bool) -> bool:
        """Hold the card in reset, or let it go; False where the port has no line for that."""

    @abstractmethod
    def reopen(self) -> None:
        """Close and open again: the reset of a port that has no reset line."""

    @abstractmethod
    def card_in(self) -> bool | None:
        """CTS or CD is asserted; None where the port does not tell. Any thread."""

    @abstractmethod
    def card_changes(self) -> int:
        """How often CTS or CD changed so far, unseen between two looks too; always 0 where the port does not tell."""

    @abstractmethod
    def parity_errors(self) -> int:
        """How many characters came with a wrong parity so far; always 0 where the port does not tell."""

    @abstractmethod
    def close(self) -> None:
        """Never raises; a second call does nothing."""


class SerialPort(Port):
    """Any URL or device of pyserial. ``inverted_reset``: RTS cleared is reset."""

    def __init__(self, url: str, *, inverted_reset: bool = False) -> None:
        """Opens it, the card not in reset. ReaderUnavailable, AccessDenied, ReaderBusy."""
        self._url = url
        self._inverted = inverted_reset
        self._lock = threading.Lock()
        self._has_parity = self._counts = True
        self._serial = self._opened(9600, EVEN)

    def _opened(self, baud: int, parity: str) -> Any:
        port = instance(self._url)
        port.baudrate, port.parity, port.stopbits = baud, parity, serial.STOPBITS_TWO
        port.timeout = TICK
        port.rts = self._inverted
        if not isinstance(port, CountingSerial):  # which knows neither
            port.exclusive = True
            port.write_timeout = WRITE_LIMIT
        try:
            try:
                port.open()
            except termios.error as error:
                if not self._is_parity_refused(error):
                    raise
                port.parity = NONE
                port.open()
        except (OSError, ValueError, TypeError, termios.error) as error:
            raise opening_failure(self._url, error) from error
        return port

    def _is_parity_refused(self, error: termios.error) -> bool:
        """A pseudo-terminal keeps no parity, and says so where nothing else was to change."""
        if error.args[0] != errno.EINVAL:
            return False
        self._has_parity = False
        return True

    def configure(self, baud: int, parity: str) -> None:
        with self._alive():
            if self._serial.baudrate != baud:
                try:
                    self._serial.baudrate = baud
                except ValueError as error:
                    raise RateRefused(f"the port cannot do {baud} baud") from error
            if self._has_parity and self._serial.parity != parity:
                try:
                    self._serial.parity = parity
                except termios.error as error:
                    if not self._is_parity_refused(error):
                        raise

    def read(self, count: int) -> bytes:
        with self._alive():
            try:
                return self._read(count)
            except serial.SerialException as error:
                if error.errno is not None:
                    raise
                # Ready, and nothing there: flushed in between by the other end, or the port is gone and says so again
                return self._read(count)

    def _read(self, count: int) -> bytes:
        came: bytes = self._serial.read(max(1, min(count, self._serial.in_waiting)))
        return came

    def waiting(self) -> int:
        with self._alive():
            return int(self._serial.in_waiting)

    def write(self, data: bytes) -> None:
        with self._alive():
            self._serial.write(data)

    def hold_reset(self, held: bool) -> bool:
        with self._alive():
            try:
                self._serial.rts = held is not self._inverted
            except OSError as error:
                if error.errno not in (errno.ENOTTY, errno.EINVAL):
                    raise
                return False
        return True

    def reopen(self) -> None:
        baud, parity = self._serial.baudrate, self._serial.parity if self._has_parity else NONE
        with self._lock:
            self._shut()
            self._serial = self._opened(baud, parity)

    def card_in(self) -> bool | None:
        with self._lock:
            if isinstance(self._serial, CountingSerial) and not self._serial.tells_lines:
                return None
            with self._alive():
                try:
                    return bool(self._serial.cts or self._serial.cd)
                except OSError as error:
                    if error.errno in (errno.ENOTTY, errno.EINVAL):
                        return None
                    raise

    def card_changes(self) -> int:
        if isinstance(self._serial, CountingSerial):
            return self._serial.card_changes
        return self._counter(_CTS_COUNTER) + self._counter(_CD_COUNTER)

    def parity_errors(self) -> int:
        if isinstance(self._serial, CountingSerial):
            return self._serial.parity_errors
        return self._counter(_PARITY_COUNTER)

    def _counter(self, index: int) -> int:
        """One of the driver's counters of interrupts; not every driver has them."""
        if not self._counts:
            return 0
        try:
            raw = fcntl.ioctl(self._serial.fileno(), _TIOCGICOUNT, bytes(_COUNTERS.size))
        except (OSError, ValueError, TypeError):
            self._counts = False
            return 0
        count: int = _COUNTERS.unpack(raw)[index]
        return count

    def close(self) -> None:
        with self._lock:
            self._shut()

    def _shut(self) -> None:
        with contextlib.suppress(OSError, termios.error):
            self._serial.close()

    @contextlib.contextmanager
    def _alive(self) -> Iterator[None]:
        """pyserial raises OSError (SerialException is one), termios.error, and for a closed file TypeError."""
        try:
            yield
        except (OSError, termios.error, TypeError) as error:
            raise ReaderGone(f"{self._url} is gone") from error


def instance(url: str) -> Any:
    """pyserial's port for ``url``, not open yet. ValueError for a URL that it does not know."""
    if url.lower().startswith("rfc2217://"):
        return CountingSerial(url)
    return serial.serial_for_url(url, do_not_open=True)


def opening_failure(url: str, error: Exception) -> ReaderError:
    """What pyserial's error at opening ``url`` means."""
    number = getattr(error, "errno", None)
    if number in (errno.EACCES, errno.EPERM):
        return AccessDenied(f"{url}: this user may not open it")
    if number in (errno.EAGAIN, errno.EBUSY):
        return ReaderBusy(f"{url} is in use")
    return ReaderUnavailable(f"{url} cannot be opened")
