"""Irdeto over T=14: frames of its own. The connection adds their first byte and check, and strips the answer's header.

A command is what stands between the two; the status comes from the header, and 0000 is its success.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from smartcard.applications.answer import number, sized, text
from smartcard.applications.application import CaApplication, CaCard
from smartcard.errors import ApduError

if TYPE_CHECKING:
    from smartcard.atr import ATR

SIGN = b"IRDETO"
SIGN_AT = 4
"""Where the historical bytes begin in an ATR with TA1 and TD1."""

ASCII_SERIAL = bytes.fromhex("0200030000")
HEX_SERIAL = bytes.fromhex("0201000000")
COUNTRY = bytes.fromhex("0202030000")
ASCII_SERIAL_SIZE, HEX_SERIAL_SIZE, COUNTRY_SIZE = 20, 16, 16
SUCCESS = 0x0000


@dataclass(frozen=True)
class HexSerial:
    """The address by which the service reaches the card, and how many providers it has room for."""

    providers: int
    serial: str
    base: int


@dataclass(frozen=True)
class Country:
    """The conditional-access system (CAID, 4 hex digits) and the country code that the card is made for."""

    caid: str
    country: str


def decode_ascii_serial(data: bytes) -> str:
    """20 bytes: [0:10] is the number in ASCII."""
    return text(sized(data, ASCII_SERIAL_SIZE, "the ASCII serial")[:10], "the ASCII serial")


def decode_hex_serial(data: bytes) -> HexSerial:
    """16 bytes: [10] providers, [12:15] the number, [15] base."""
    sized(data, HEX_SERIAL_SIZE, "the hex serial")
    return HexSerial(data[10], number(data[12:15], "the hex serial"), data[15])


def decode_country(data: bytes) -> Country:
    """16 bytes: [5:7] CAID, [13:16] country."""
    sized(data, COUNTRY_SIZE, "the country")
    return Country(data[5:7].hex().upper(), text(data[13:16], "the country"))


def card_of(ascii_serial: bytes, hex_serial: bytes, country: bytes) -> CaCard:
    """The card of the three answers."""
    address, made_for = decode_hex_serial(hex_serial), decode_country(country)
    return CaCard(
        decode_ascii_serial(ascii_serial),
        (
            ("caid", made_for.caid),
            ("country", made_for.country),
            ("hex_serial", address.serial),
            ("base", f"{address.base:02X}"),
            ("providers", str(address.providers)),
        ),
    )


class Irdeto(CaApplication):
    """The T=14 cards."""

    kind: ClassVar[str] = "irdeto"
    protocols: ClassVar[frozenset[int]] = frozenset({14})

    @classmethod
    def recognizes(cls, atr: ATR) -> bool:
        return atr.raw.startswith(SIGN, SIGN_AT)

    def read(self) -> CaCard:
        return card_of(self._frame(ASCII_SERIAL), self._frame(HEX_SERIAL), self._frame(COUNTRY))

    def _frame(self, command: bytes) -> bytes:
        data, status = self._connection.transmit(command)
        if status != SUCCESS:
            raise ApduError(status, data)
        return data
