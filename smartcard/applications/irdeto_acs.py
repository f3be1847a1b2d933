"""Irdeto ACS over T=0: the T=14 frames in the clothes of APDUs.

INS is the frame's command doubled (an INS of T=0 is even), the one byte of data is the frame's check. The answer is
90LL, and D2FE fetches its LL bytes: the frame that a T=14 card would have sent, 8 bytes of header, data, check.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from smartcard.applications.answer import AnswerError
from smartcard.applications.application import CaApplication, CaCard
from smartcard.applications.irdeto import ASCII_SERIAL_SIZE, COUNTRY_SIZE, HEX_SERIAL_SIZE, SIGN, card_of

if TYPE_CHECKING:
    from smartcard.atr import ATR

SIGN_AT = 5
"""One byte later than with T=14: these cards send TC2 as well."""

ASCII_SERIAL = bytes.fromhex("D2000300013F")
HEX_SERIAL = bytes.fromhex("D2020300013E")
COUNTRY = bytes.fromhex("D2040000013E")
"""Not in the facts' table: the T=14 frame 02 02 00 in the same clothes."""
FETCH = bytes.fromhex("D2FE0000")
READY = 0x90
HEADER = 8


def decode_frame(frame: bytes) -> bytes:
    """What stands between the header of 8 bytes and the check."""
    if len(frame) <= HEADER + 1:
        raise AnswerError(f"a frame with data has more than {HEADER + 1} bytes, here are {len(frame)}")
    return frame[HEADER:-1]


class IrdetoAcs(CaApplication):
    """The T=0 cards; one command is two APDUs."""

    kind: ClassVar[str] = "irdeto-acs"
    protocols: ClassVar[frozenset[int]] = frozenset({0})

    @classmethod
    def recognizes(cls, atr: ATR) -> bool:
        return atr.raw.startswith(SIGN, SIGN_AT)

    def read(self) -> CaCard:
        return card_of(
            self._command(ASCII_SERIAL, ASCII_SERIAL_SIZE),
            self._command(HEX_SERIAL, HEX_SERIAL_SIZE),
            self._command(COUNTRY, COUNTRY_SIZE),
        )

    def _command(self, command: bytes, size: int) -> bytes:
        """The first ``size`` bytes of the frame's data; some cards send more than the T=14 ones."""
        return decode_frame(self._fetch(FETCH, self._announced(command, READY)))[:size]
