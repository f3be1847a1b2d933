"""What of an exchange may be shown. PINs, keys and what a key made are never: only what is known to be harmless is.

After a command that is hidden, its continuation (GET RESPONSE and its relatives) is hidden too.
"""

from __future__ import annotations

from dataclasses import dataclass

from smartcard.applications import conax, dre, irdeto, irdeto_acs, nagra, seca, viaccess

HEADER = 4
_PROPRIETARY = 0x80

_HARMLESS = {
    0xA4: "SELECT",
    0xB0: "READ BINARY",
    0xB2: "READ RECORD",
    0xC0: "GET RESPONSE",
    0xCA: "GET DATA",
    0xCB: "GET DATA",
    0xF8: "GET SERIAL (Yubico)",
    0xFD: "GET VERSION (Yubico)",
}
"""Interindustry commands that carry names and answer public data."""
_SECRET = {
    0x20: "VERIFY",
    0x21: "VERIFY",
    0x24: "CHANGE REFERENCE DATA",
    0x2A: "PERFORM SECURITY OPERATION",
    0x2C: "RESET RETRY COUNTER",
    0x47: "GENERATE KEY PAIR",
    0x82: "EXTERNAL AUTHENTICATE",
    0x84: "GET CHALLENGE",
    0x86: "GENERAL AUTHENTICATE",
    0x87: "GENERAL AUTHENTICATE",
    0x88: "INTERNAL AUTHENTICATE",
    0xDA: "PUT DATA",
    0xDB: "PUT DATA",
}
"""Hidden, but with a name; whatever is in neither table is hidden too."""
_CONDITIONAL_ACCESS = (
    *(irdeto.ASCII_SERIAL, irdeto.HEX_SERIAL, irdeto.COUNTRY),
    *(irdeto_acs.ASCII_SERIAL, irdeto_acs.HEX_SERIAL, irdeto_acs.COUNTRY),
    *(viaccess.BEGIN, viaccess.SELECT_NUMBER, viaccess.READ_NUMBER),
    *(conax.READ_SYSTEM, conax.READ_NUMBERS),
    *(dre.HEADER, nagra.READ_NUMBER, seca.READ_NUMBER),
)
"""Beginnings of the commands by which a conditional-access card tells its number."""
_CONTINUATIONS = (b"\x00\xc0", b"\xa0\xc0", irdeto_acs.FETCH[:2], conax.FETCH[:2])
"""GET RESPONSE, and what Irdeto ACS and Conax have in its place."""


@dataclass(frozen=True)
class Shown:
    """One exchange as it may be written down: hex, with the hidden part as ``[N bytes]``."""

    command: str
    data: str
    name: str


class Redaction:
    """Follows one connection's commands in their order."""

    def __init__(self) -> None:
        self._hiding = True

    def show(self, command: bytes, data: bytes) -> Shown:
        """``command`` as it was sent and the ``data`` that it was answered with."""
        name = _name(command)
        if not command.startswith(_CONTINUATIONS):
            self._hiding = not _is_harmless(command)
        if not self._hiding:
            return Shown(command.hex().upper(), data.hex().upper(), name)
        return Shown(_hidden_command(command), _hidden(data), name)


def _is_harmless(command: bytes) -> bool:
    if command.startswith(_CONDITIONAL_ACCESS):
        return True
    return len(command) >= HEADER and not command[0] & _PROPRIETARY and command[1] in _HARMLESS


def _name(command: bytes) -> str:
    if len(command) < HEADER or command[0] & _PROPRIETARY or command.startswith(_CONDITIONAL_ACCESS):
        return ""
    return _HARMLESS.get(command[1]) or _SECRET.get(command[1], "")


def _hidden_command(command: bytes) -> str:
    """Header, Lc and Le stay: they say what was asked, not with what."""
    lengths, body = command[: HEADER + 1].hex().upper(), command[HEADER + 1 :]
    count = command[HEADER] if body else 0
    return f"{lengths}{_hidden(body[: count or len(body)])}{body[count or len(body) :].hex().upper()}"


def _hidden(data: bytes) -> str:
    return f"[{len(data)} bytes]" if data else ""
