"""Conax over T=0. A command is answered 98LL, and DDCA fetches its LL bytes: records of tag, length, value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from smartcard.applications.answer import AnswerError, number
from smartcard.applications.application import CaApplication, CaCard

if TYPE_CHECKING:
    from smartcard.atr import ATR

SIGN = b"0B00"
"""The historical bytes: the oldest CAID of Conax in ASCII."""

READ_SYSTEM = bytes.fromhex("DD26000003100140")
READ_NUMBERS = bytes.fromhex("DD82000011110F01B00FFFFFFB00000904")
"""Followed by the CAID and ``READ_NUMBERS_END``: a conditional-access table (ISO/IEC 13818-1 2.6.16) that names it.
The facts' table has DD82 alone; the body is OSCAM's."""
READ_NUMBERS_END = bytes.fromhex("E0302B")
FETCH = bytes.fromhex("DDCA0000")
READY = 0x98

VERSION, ADDRESS, CAID = 0x20, 0x23, 0x28
"""Tags of the records."""
ADDRESS_SIZE = 7
"""1 byte, then the 6 of the card's number; a group address, which many cards share, has 0 in the fourth."""


@dataclass(frozen=True)
class System:
    """CAID (4 hex digits) and version of the card; ``version`` is None where it does not tell."""

    caid: str
    version: int | None


def decode_records(data: bytes) -> tuple[tuple[int, bytes], ...]:
    """Tag and value of each record; AnswerError where ``data`` is not just records."""
    records = []
    at = 0
    while at < len(data):
        if at + 2 > len(data) or at + 2 + data[at + 1] > len(data):
            raise AnswerError(f"the record at byte {at} is cut short")
        end = at + 2 + data[at + 1]
        records.append((data[at], data[at + 2 : end]))
        at = end
    return tuple(records)


def decode_system(data: bytes) -> System:
    """The answer to DD26: record 28 is the CAID, record 20 the version."""
    records = dict(reversed(decode_records(data)))
    caid, version = records.get(CAID, b""), records.get(VERSION)
    if len(caid) < 2:
        raise AnswerError("no record tells the CAID")
    return System(caid[:2].hex().upper(), version[0] if version else None)


def decode_number(data: bytes) -> str:
    """The answer to DD82: records inside one outer one; the last 23 that is no group address is the card's own."""
    own = [
        value[1:ADDRESS_SIZE]
        for tag, value in decode_records(data[2:])
        if tag == ADDRESS and len(value) >= ADDRESS_SIZE and value[3]
    ]
    if not own:
        raise AnswerError("no record tells the card's number")
    return number(own[-1], "the card's number")


class Conax(CaApplication):
    """The CAID first: the card tells its number to who knows it."""

    kind: ClassVar[str] = "conax"
    protocols: ClassVar[frozenset[int]] = frozenset({0})

    @classmethod
    def recognizes(cls, atr: ATR) -> bool:
        return atr.historical.startswith(SIGN)

    def read(self) -> CaCard:
        system = decode_system(self._command(READ_SYSTEM))
        numbers = READ_NUMBERS + bytes.fromhex(system.caid) + READ_NUMBERS_END
        details = [("caid", system.caid)]
        if system.version is not None:
            details.append(("version", str(system.version)))
        return CaCard(decode_number(self._command(numbers)), tuple(details))

    def _command(self, command: bytes) -> bytes:
        return self._fetch(FETCH, self._announced(command, READY))
