"""A PIV card with one key, in slot 9E: what the demonstration's subscribers have in the slot, and its RSA sibling.

Source: NIST SP 800-73-4 parts 1 and 2; ISO/IEC 7816-4 for chaining and GET RESPONSE. What OpenSC and Yubico's tools
ask besides that is answered as a card of theirs would (GET VERSION, serial number).
"""

from __future__ import annotations

import gzip
from collections.abc import Callable

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding

from smartcard.apdu import CHAINING, ApduFormatError, CommandAPDU, ResponseAPDU
from smartcard.piv import AID, CARD_AUTHENTICATION, CERTIFICATE_9E, CHUID
from smartcard.status_word import StatusWord as SW
from smartcard.tlv import TLVError, encode, find, one, parse
from tools.card_sim.core import SimulatedCard
from tools.card_sim.piv_slot import EcSlotKey, RsaSlotKey, SlotKey, card_guid

__all__ = ["PIV_ATR", "PivCard", "PivSlotCard", "RsaPivCard", "card_guid", "with_tck"]

PIV_ATR = bytes.fromhex("3B9D968131FE4D8073C021805753544220504956")
"""T=1, TA1 96, IFSC FE, BWI/CWI 4/13; historical bytes: selection by name, command chaining, issuer data."""
DISCOVERY = 0x7E
NOT_FEDERAL = bytes.fromhex("D4E739DA739CED39CE739DA1685A08C92ADE0A6184E739C3E2")
"""A FASC-N of agency code 9999, 'no federal number': the GUID is the card's name then (part 1, 3.1.2)."""
MAX_CHAIN = 4096
GIVING = frozenset({0xC0, 0xF8, 0xFD})
"""Instructions without a data field; GET DATA of PIV is CB and has one."""
TRIES = 0x63C3
YUBICO_VERSION = bytes((5, 2, 7))
"""GET VERSION: firmware before 5.3 has no GET METADATA to be asked for."""


class PivSlotCard(SimulatedCard):
    """Slot 9E with ``key`` and ``certificate``; the GUID of the CHUID is derived from the key."""

    def __init__(self, key: SlotKey, certificate: x509.Certificate, *, compressed: bool = False) -> None:
        """``compressed``: the certificate lies in the card as gzip, as cards with little room have it."""
        self.atr = with_tck(PIV_ATR)
        self._key = key
        guid = key.guid()
        discovery = encode(DISCOVERY, encode(0x4F, AID) + encode(0x5F2F, b"\x40\x00"))
        self._objects = {
            DISCOVERY: discovery,
            CHUID: encode(0x53, _chuid(guid)),
            CERTIFICATE_9E: encode(0x53, _certificate_object(certificate, compressed=compressed)),
        }
        self._instructions: dict[int, Callable[[CommandAPDU], ResponseAPDU]] = {
            0x20: self._verify,
            0x87: self._general_authenticate,
            0xA4: self._select,
            0xC0: lambda _: self._rest(),
            0xCB: self._get_data,
            0xF8: lambda _: ResponseAPDU(bytes((guid[0] & 0x7F,)) + guid[1:4], SW.SUCCESS),
            0xFD: lambda _: ResponseAPDU(YUBICO_VERSION, SW.SUCCESS),
        }
        self._pending = b""
        self._chain: CommandAPDU | None = None

    def reset(self) -> bytes:
        """PIV is selected by itself after a reset (part 2, 3.1.1: the default application)."""
        self._pending, self._chain = b"", None
        return self.atr

    def takes_body(self, header: bytes) -> bool:
        return header[1] not in GIVING

    def process(self, apdu: bytes) -> bytes:
        try:
            command = CommandAPDU.decode(apdu)
        except ApduFormatError:
            return ResponseAPDU(b"", SW.WRONG_LENGTH).encode()
        return self._run(command).encode()

    def _run(self, command: CommandAPDU) -> ResponseAPDU:
        if command.cla & ~CHAINING:
            return _error(SW.CLASS_NOT_SUPPORTED)
        whole = self._link(command)
        if isinstance(whole, ResponseAPDU):
            return whole
        if whole.ins != 0xC0:
            self._pending = b""
        instruction = self._instructions.get(whole.ins)
        if instruction is None:
            return _error(SW.INSTRUCTION_NOT_SUPPORTED)
        answer = instruction(whole)
        return self._portion(answer.data, whole.le) if answer.sw == SW.SUCCESS else answer

    def _link(self, command: CommandAPDU) -> CommandAPDU | ResponseAPDU:
        """Command chaining (ISO 7816-4 5.3.3): the whole command, or the answer to a link of it."""
        begun, self._chain = self._chain, None
        if begun is not None and (begun.ins, begun.p1, begun.p2) != (command.ins, command.p1, command.p2):
            begun = None
        data = (begun.data if begun is not None else b"") + command.data
        if len(data) > MAX_CHAIN:
            return _error(SW.NO_SPACE)
        whole = CommandAPDU(command.cla & ~CHAINING, command.ins, command.p1, command.p2, data, command.le)
        if not command.cla & CHAINING:
            return whole
        self._chain = whole
        return ResponseAPDU(b"", SW.SUCCESS)

    def _portion(self, data: bytes, le: int | None) -> ResponseAPDU:
        """As much as was asked for, 256 bytes at most; the rest waits for GET RESPONSE."""
        size = min(le or 256, 256)
        portion, self._pending = data[:size], data[size:]
        left = len(self._pending)
        return ResponseAPDU(portion, 0x6100 | min(left, 0xFF) if left else SW.SUCCESS)

    def _rest(self) -> ResponseAPDU:
        if not self._pending:
            return _error(SW.CONDITIONS_NOT_SATISFIED)
        return ResponseAPDU(self._pending, SW.SUCCESS)

    def _select(self, command: CommandAPDU) -> ResponseAPDU:
        """By a name of 5 bytes or more that our AID begins with; another name leaves the selection as it is."""
        if (command.p1, command.p2) != (0x04, 0x00):
            return _error(SW.WRONG_P1_P2)
        if len(command.data) < 5 or not AID.startswith(command.data):
            return _error(SW.NOT_FOUND)
        authority = encode(0x79, encode(0x4F, AID[:5]))
        return ResponseAPDU(encode(0x61, encode(0x4F, AID[5:]) + authority), SW.SUCCESS)

    def _get_data(self, command: CommandAPDU) -> ResponseAPDU:
        if (command.p1, command.p2) != (0x3F, 0xFF):
            return _error(SW.WRONG_P1_P2)
        try:
            tag = int.from_bytes(one(command.data, 0x5C), "big")
        except TLVError:
            return _error(SW.WRONG_DATA)
        data = self._objects.get(tag)
        return _error(SW.NOT_FOUND) if data is None else ResponseAPDU(data, SW.SUCCESS)

    def _general_authenticate(self, command: CommandAPDU) -> ResponseAPDU:
        """Internal authentication (part 2, 3.2.4, table 7): 7C{82 empty, 81 hash or block} -> 7C{82 signature}."""
        if (command.p1, command.p2) != (self._key.algorithm, CARD_AUTHENTICATION):
            return _error(SW.WRONG_P1_P2)
        try:
            template = parse(one(command.data, 0x7C))
        except TLVError:
            return _error(SW.WRONG_DATA)
        challenge = find(template, 0x81)
        signature = self._key.sign(challenge) if challenge is not None and find(template, 0x82) == b"" else None
        if signature is None:
            return _error(SW.WRONG_DATA)
        return ResponseAPDU(encode(0x7C, encode(0x82, signature)), SW.SUCCESS)

    def _verify(self, command: CommandAPDU) -> ResponseAPDU:
        """The PIN is asked for by habit; 9E needs none, and this card has none to compare with."""
        if (command.p1, command.p2) != (0x00, 0x80):
            return _error(SW.REFERENCE_NOT_FOUND)
        return _error(SW.AUTHENTICATION_BLOCKED) if command.data else ResponseAPDU(b"", TRIES)


class PivCard(PivSlotCard):
    """With a P-256 key: the household's cards."""

    def __init__(
        self, key: ec.EllipticCurvePrivateKey, certificate: x509.Certificate, *, compressed: bool = False
    ) -> None:
        """ValueError where the key is not P-256."""
        super().__init__(EcSlotKey(key), certificate, compressed=compressed)
        self.public_key = key.public_key()


class RsaPivCard(PivSlotCard):
    """With an RSA-2048 key: its challenge and its answer are longer than one short APDU."""

    def __init__(self, key: rsa.RSAPrivateKey, certificate: x509.Certificate, *, compressed: bool = False) -> None:
        """ValueError where the key is not RSA-2048."""
        super().__init__(RsaSlotKey(key), certificate, compressed=compressed)
        self.public_key = key.public_key()


def with_tck(atr: bytes) -> bytes:
    """``atr`` without TCK, completed by it (ISO 7816-3 8.2.5)."""
    check = 0
    for byte in atr[1:]:
        check ^= byte
    return atr + bytes((check,))


def _chuid(guid: bytes) -> bytes:
    """Part 1, table 9; the issuer's signature may be empty where nobody checks it."""
    return (
        encode(0x30, NOT_FEDERAL)
        + encode(0x34, guid)
        + encode(0x35, b"20401231")
        + encode(0x3E, b"")
        + encode(0xFE, b"")
    )


def _certificate_object(certificate: x509.Certificate, *, compressed: bool) -> bytes:
    """Part 1, table 10: certificate, CertInfo (bit 1: gzip), error detection code."""
    raw = certificate.public_bytes(Encoding.DER)
    content = gzip.compress(raw, mtime=0) if compressed else raw
    return encode(0x70, content) + encode(0x71, bytes((compressed,))) + encode(0xFE, b"")


def _error(sw: int) -> ResponseAPDU:
    return ResponseAPDU(b"", sw)
