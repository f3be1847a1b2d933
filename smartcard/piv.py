"""The PIV card application, as far as the box needs it: certificate, CHUID and key of slot 9E.

Source: NIST SP 800-73-4 part 1 (data model) and part 2 (card command interface). Slot 9E is the Card Authentication
key: usable with no PIN and no person (part 1, 3.1.3), which is what a silent sign-in needs.
"""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

from smartcard.apdu import CommandAPDU, ResponseAPDU
from smartcard.applications.answer import AnswerError
from smartcard.errors import ApduError, CardUntrue, ProtocolError
from smartcard.piv_key import ECC_P256, PivKey
from smartcard.processors import interindustry
from smartcard.status_word import StatusWord
from smartcard.tlv import encode, find, one, parse

if TYPE_CHECKING:
    from cryptography import x509

    from smartcard.connection import CardConnection

AID = bytes.fromhex("A000000308000010000100")
"""Part 1, 2.2: NIST RID, PIX 00 00 10 00, version 01 00. Selected by its first 9 bytes, any version."""
AID_WITHOUT_VERSION = AID[:9]

CARD_AUTHENTICATION = 0x9E
CERTIFICATE_9E = 0x5FC101
CHUID = 0x5FC102
"""Part 1, table 3: BER-TLV tags of the data objects."""

SELECT, GET_DATA, GENERAL_AUTHENTICATE = 0xA4, 0xCB, 0x87
MAX_CERTIFICATE = 65536


class PivApplication:
    """The application on one connection; used from the connection's thread. Nothing is sent before ``select``."""

    def __init__(self, connection: CardConnection) -> None:
        self._connection = interindustry(connection)
        self._certificate: x509.Certificate | None = None

    def select(self) -> None:
        """SELECT by AID (part 2, 3.1.1). ApduError 6A82 where the card has no PIV; AnswerError, TLVError where another
        application answers."""
        decode_selected(self._send(_select()))
        self._certificate = None

    def read_certificate(self) -> x509.Certificate:
        """The X.509 certificate of slot 9E, read anew. ApduError 6A82 where there is none."""
        from cryptography import x509

        raw = decode_certificate(self._get_data(CERTIFICATE_9E))
        try:
            certificate = x509.load_der_x509_certificate(raw)
        except (ValueError, x509.InvalidVersion) as error:
            raise ProtocolError("what slot 9E holds is no X.509 certificate") from error
        self._certificate = certificate
        return certificate

    def read_chuid(self) -> bytes:
        """The Card Holder Unique Identifier, the inside of its 53 (part 1, 3.1.2): 30 FASC-N, 34 GUID, 35, 3E, FE."""
        return self._get_data(CHUID)

    def sign(self, digest: bytes) -> bytes:
        """Slot 9E's signature over ``digest`` (32 bytes, SHA-256): DER ECDSA, or PKCS#1 v1.5 for RSA (part 2, 3.2.4).

        Private to this package's proofs: nobody outside ``smartcard.identity`` hands in a digest. CardUntrue where
        the signature does not hold under the certificate.
        """
        key = PivKey.of(self._certificate or self.read_certificate())
        signature = decode_signature(self._send(_authenticate(key.algorithm, key.challenge(digest))))
        if not key.verify(digest, signature):
            raise CardUntrue("the card's signature does not fit its certificate")
        return signature

    def _get_data(self, tag: int) -> bytes:
        """GET DATA (part 2, 3.1.2): the inside of the 53 that every object of PIV but 7E and 7F61 is wrapped in."""
        return decode_object(self._send(_get_data(tag)))

    def _send(self, command: CommandAPDU) -> bytes:
        return ResponseAPDU(*self._connection.transmit(command.encode())).expect()


def commands_to_prove(digest: bytes) -> tuple[bytes, ...]:
    """What ``select``, ``read_certificate`` and ``sign`` send to a card with a P-256 key, so that it can be asked in
    one exchange. A card with another key refuses the last one, and is asked again for the signature alone."""
    commands = (_select(), _get_data(CERTIFICATE_9E), _authenticate(ECC_P256, digest))
    return tuple(command.encode() for command in commands)


def _select() -> CommandAPDU:
    return CommandAPDU(0x00, SELECT, 0x04, 0x00, AID_WITHOUT_VERSION, le=256)


def _get_data(tag: int) -> CommandAPDU:
    return CommandAPDU(0x00, GET_DATA, 0x3F, 0xFF, encode(0x5C, tag.to_bytes(3, "big")), le=256)


def _authenticate(algorithm: int, challenge: bytes) -> CommandAPDU:
    """GENERAL AUTHENTICATE, internal (part 2, table 7): the response, empty, then the challenge."""
    template = encode(0x7C, encode(0x82, b"") + encode(0x81, challenge))
    return CommandAPDU(0x00, GENERAL_AUTHENTICATE, algorithm, CARD_AUTHENTICATION, template, le=256)


def decode_selected(answer: bytes) -> bytes:
    """The 4F of the application property template 61 (part 2, table 3): an AID that goes on where ours ends, or the
    PIX alone."""
    identifier = find(parse(one(answer, 0x61)), 0x4F)
    if identifier is None or not identifier.startswith((AID_WITHOUT_VERSION, AID_WITHOUT_VERSION[5:])):
        raise AnswerError("what was selected does not call itself PIV")
    return identifier


def decode_object(answer: bytes) -> bytes:
    """The inside of a data object's 53. An empty container says the same as a missing one (part 1, 3): ApduError."""
    value = one(answer, 0x53)
    if not value:
        raise ApduError(StatusWord.NOT_FOUND)
    return value


def decode_certificate(content: bytes) -> bytes:
    """The certificate in DER of the inside of a certificate's 53 (part 1, table 10): 70, unpacked where bit 1 of
    CertInfo 71 says gzip."""
    objects = parse(content)
    raw, info = find(objects, 0x70), find(objects, 0x71)
    if not raw:
        raise AnswerError("the certificate object has no certificate in it")
    return _gunzip(raw) if info and info[-1] & 0x01 else raw


def decode_signature(answer: bytes) -> bytes:
    """The 82 of the dynamic authentication template 7C (part 2, table 7)."""
    signature = find(parse(one(answer, 0x7C)), 0x82)
    if not signature:
        raise AnswerError("the card answered GENERAL AUTHENTICATE with no signature")
    return signature


def _gunzip(raw: bytes) -> bytes:
    """RFC 1952, bounded: a card must not be able to fill the memory."""
    inflate = zlib.decompressobj(wbits=31)
    try:
        data = inflate.decompress(raw, MAX_CERTIFICATE)
    except zlib.error as error:
        raise AnswerError("the certificate says that it is gzip and is not") from error
    if not inflate.eof:
        raise AnswerError(f"the gzip certificate is cut short, or longer than {MAX_CERTIFICATE} bytes")
    return data
