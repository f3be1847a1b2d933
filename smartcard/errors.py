"""The one error tree of this package. Errors of sockets, drivers and libraries are translated at the border.

``kind`` is stable and for programs; what else a caller needs (``sw``, ``attempts_remaining``, ``offset``) is data.
"""

from __future__ import annotations

from smartcard.status_word import describe


class SmartCardError(Exception):
    """Anything that can go wrong between us and a card."""

    kind = "smartcard"

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class ReaderError(SmartCardError):
    """The reader, its driver or the service in front of it; says nothing about the card."""

    kind = "reader"


class ReaderUnavailable(ReaderError):
    """No such reader, or nothing that could look for one, at the moment it was asked for."""

    kind = "reader_unavailable"


class ReaderGone(ReaderError):
    """The reader was there and is not any more: unplugged, its service ended, or closed by us."""

    kind = "reader_gone"


class ReaderBusy(ReaderError):
    """Somebody else holds the reader or its card for himself."""

    kind = "reader_busy"


class AccessDenied(ReaderError):
    """This user may not use the reader."""

    kind = "access_denied"


class CardError(SmartCardError):
    """The card itself; the reader works."""

    kind = "card"


class CardAbsent(CardError):
    """The slot is empty."""

    kind = "card_absent"


class CardRemoved(CardError):
    """The card of this connection was pulled out; what is in the slot now, if anything, is another insertion."""

    kind = "card_removed"


class CardReset(CardError):
    """Somebody reset the card under this connection: what was selected and verified is lost. Connect anew."""

    kind = "card_reset"


class CardMute(CardError):
    """A card that answers nothing: put in upside down, dirty or dead."""

    kind = "card_mute"


class CardUnsupported(CardError):
    """A card that answers, with no application that we know."""

    kind = "card_unsupported"


class CardUntrue(CardError):
    """The card's signature does not fit the certificate that the same card shows."""

    kind = "card_untrue"


class ProtocolError(SmartCardError):
    """What came back is not what the standard lets a card say there."""

    kind = "protocol"


class ProtocolTimeout(ProtocolError):
    """The card stopped in the middle of an answer, or kept asking for more time beyond what one command may take."""

    kind = "protocol_timeout"


class LineError(ProtocolError):
    """A character came damaged; raised into a protocol machine, which may ask for it again."""

    kind = "line"


class ParityFailure(LineError):
    """A character whose parity bit does not fit."""

    kind = "parity"


class EdcError(ProtocolError):
    """The error detection code of a block or frame does not fit (LRC, CRC, check byte), again and again."""

    kind = "edc"


class FramingError(LineError):
    """Not the shape of a block, a procedure byte or an echo; or a line that does not fall silent."""

    kind = "framing"


class ExchangeAborted(ProtocolError):
    """The card gave the exchange up in the middle (S(ABORT), ISO 7816-3 11.6.3)."""

    kind = "aborted"


class ProofPartError(SmartCardError):
    """A part of a proof's message cannot be part of it (smartcard/proof.py)."""

    kind = "proof_part"


class ApduError(SmartCardError):
    """A status word that is no success for the application that asked."""

    kind = "apdu"

    def __init__(self, sw: int, data: bytes = b"") -> None:
        super().__init__(f"the card answered {sw:04X} ({describe(sw)})")
        self.sw = sw
        self.data = data

    @property
    def attempts_remaining(self) -> int | None:
        """Tries left after a wrong PIN, from 63CX (ISO 7816-4 5.6); None where the card did not say."""
        return self.sw & 0x0F if self.sw & 0xFFF0 == 0x63C0 else None


class ATRError(SmartCardError):
    """An answer to reset that cannot be read; ``offset`` is the byte (from 0) where it stops making sense."""

    kind = "atr"

    def __init__(self, message: str, offset: int, kind: str = "atr") -> None:
        super().__init__(message)
        self.offset = offset
        self.kind = kind
