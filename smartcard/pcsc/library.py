"""``libpcsclite.so.1`` by ctypes: PC/SC part 5's ResourceManager as pcsc-lite's ``winscard.h`` has it on Linux.

Loaded in the worker process alone. DWORD and LONG are ``long`` there, handles too; structures are not packed.
"""

from __future__ import annotations

import ctypes
import threading
from ctypes import POINTER, byref, c_char_p, c_long, c_ubyte, c_ulong, c_void_p

from smartcard.pcsc.wire import Result

LIBRARY = "libpcsclite.so.1"
MAX_ATR = 33
MAX_ANSWER = 65538
SCOPE_SYSTEM = 2
SHARED = 2
T0, T1, RAW = 1, 2, 4
LEAVE_CARD, RESET_CARD = 0, 1


class ReaderState(ctypes.Structure):
    """SCARD_READERSTATE."""

    _fields_ = (
        ("reader", c_char_p),
        ("user_data", c_void_p),
        ("current_state", c_ulong),
        ("event_state", c_ulong),
        ("atr_length", c_ulong),
        ("atr", c_ubyte * MAX_ATR),
    )


class IoRequest(ctypes.Structure):
    """SCARD_IO_REQUEST."""

    _fields_ = (("protocol", c_ulong), ("length", c_ulong))


class PcscFailure(Exception):
    """A return code other than success."""

    def __init__(self, code: int) -> None:
        super().__init__(f"{code:08X}")
        self.code = code


class _Place(threading.local):
    """What one thread's ``SCardTransmit`` is given: made anew for each call, it would cost as much as the call."""

    def __init__(self) -> None:
        self.request = IoRequest(0, ctypes.sizeof(IoRequest))
        self.size = c_ulong()
        self.answer = ctypes.create_string_buffer(MAX_ANSWER)
        self.request_at, self.size_at = byref(self.request), byref(self.size)


class Library:
    """The calls that are used; each raises PcscFailure unless it succeeded."""

    def __init__(self) -> None:
        """OSError where the library is not there."""
        self._library = ctypes.CDLL(LIBRARY)
        self._place = _Place()
        dwords = POINTER(c_ulong)
        longs = POINTER(c_long)
        for name, arguments in {
            "SCardEstablishContext": (c_ulong, c_void_p, c_void_p, longs),
            "SCardReleaseContext": (c_long,),
            "SCardListReaders": (c_long, c_char_p, c_char_p, dwords),
            "SCardGetStatusChange": (c_long, c_ulong, POINTER(ReaderState), c_ulong),
            "SCardConnect": (c_long, c_char_p, c_ulong, c_ulong, longs, dwords),
            "SCardReconnect": (c_long, c_ulong, c_ulong, c_ulong, dwords),
            "SCardDisconnect": (c_long, c_ulong),
            "SCardStatus": (c_long, c_char_p, dwords, dwords, dwords, c_char_p, dwords),
            "SCardTransmit": (c_long, POINTER(IoRequest), c_char_p, c_ulong, c_void_p, c_char_p, dwords),
        }.items():
            function = getattr(self._library, name)
            function.argtypes = arguments
            function.restype = c_long
        self._transmit = self._library.SCardTransmit

    def establish(self) -> int:
        context = c_long()
        self._call("SCardEstablishContext", SCOPE_SYSTEM, None, None, byref(context))
        return context.value

    def release(self, context: int) -> None:
        self._call("SCardReleaseContext", context)

    def list_readers(self, context: int) -> list[bytes]:
        size = c_ulong()
        self._call("SCardListReaders", context, None, None, byref(size))
        names = ctypes.create_string_buffer(size.value)
        self._call("SCardListReaders", context, None, names, byref(size))
        return [name for name in names.raw[: size.value].split(b"\x00") if name]

    def status_change(self, context: int, reader: bytes, current: int, timeout_ms: int) -> tuple[int, bytes]:
        """State and ATR at the change from ``current``, or at the timeout."""
        state = ReaderState(reader=reader, current_state=current)
        try:
            self._call("SCardGetStatusChange", context, timeout_ms, byref(state), 1)
        except PcscFailure as failure:
            if failure.code != Result.TIMEOUT:
                raise
        return state.event_state & 0xFFFFFFFF, bytes(state.atr[: min(state.atr_length, MAX_ATR)])

    def connect(self, context: int, reader: bytes, protocols: int) -> tuple[int, int]:
        """Handle and active protocol."""
        handle, active = c_long(), c_ulong()
        self._call("SCardConnect", context, reader, SHARED, protocols, byref(handle), byref(active))
        return handle.value, active.value

    def reset(self, handle: int, protocols: int) -> int:
        """Warm reset; the active protocol."""
        active = c_ulong()
        self._call("SCardReconnect", handle, SHARED, protocols, RESET_CARD, byref(active))
        return active.value

    def atr(self, handle: int) -> bytes:
        state, protocol = c_ulong(), c_ulong()
        name_length = c_ulong(256)
        name = ctypes.create_string_buffer(256)
        length = c_ulong(MAX_ATR)
        atr = ctypes.create_string_buffer(MAX_ATR)
        self._call("SCardStatus", handle, name, byref(name_length), byref(state), byref(protocol), atr, byref(length))
        return atr.raw[: length.value]

    def transmit(self, handle: int, protocol: int, command: bytes) -> bytes:
        place = self._place
        place.request.protocol = protocol
        place.size.value = MAX_ANSWER
        code = self._transmit(handle, place.request_at, command, len(command), None, place.answer, place.size_at)
        if code:
            raise PcscFailure(code & 0xFFFFFFFF)
        return ctypes.string_at(place.answer, place.size.value)

    def disconnect(self, handle: int) -> None:
        """The card is left as it is: asked to power off one that is out just then, pcscd 1.9.9 takes the slot for
        empty for ever."""
        self._call("SCardDisconnect", handle, LEAVE_CARD)

    def _call(self, name: str, *arguments: object) -> None:
        code = getattr(self._library, name)(*arguments) & 0xFFFFFFFF
        if code:
            raise PcscFailure(code)
