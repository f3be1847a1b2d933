"""Keys, certificates and a scripted PIV card for the tests; made anew at each run."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from smartcard.apdu import CommandAPDU
from smartcard.tlv import encode, find, one, parse
from tests.unit.smartcard.scripted import Answers

PrivateKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
SELECTED = bytes.fromhex("61114F0600001000010079074F05A000000308")


def certificate(key: PrivateKey, *serials: str) -> x509.Certificate:
    """Self-signed, with these subject serial numbers."""
    name = x509.Name(
        [x509.NameAttribute(NameOID.COMMON_NAME, "card")]
        + [x509.NameAttribute(NameOID.SERIAL_NUMBER, serial) for serial in serials]
    )
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(datetime(2026, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2036, 1, 1, tzinfo=UTC))
        .sign(key, hashes.SHA256())
    )


def certificate_object(raw: bytes, *, compressed: bool = False) -> bytes:
    """The 53 of GET DATA 5FC101."""
    content = gzip.compress(raw) if compressed else raw
    return encode(0x53, encode(0x70, content) + encode(0x71, b"\x01" if compressed else b"\x00") + encode(0xFE, b""))


def der(of: x509.Certificate) -> bytes:
    return of.public_bytes(Encoding.DER)


def piv_answers(key: PrivateKey, stored: bytes) -> Answers:
    """A card with no limits on lengths: ``stored`` is what GET DATA gives, ``key`` what 9E signs with."""
    chain = bytearray()

    def answer(raw: bytes) -> tuple[bytes, int]:
        command = CommandAPDU.decode(raw)
        chain.extend(command.data)
        if command.cla == 0x10:
            return b"", 0x9000
        data = bytes(chain)
        chain.clear()
        if command.ins == 0xA4:
            return SELECTED, 0x9000
        if command.ins == 0xCB:
            return stored, 0x9000
        assert command.ins == 0x87 and command.p2 == 0x9E
        template = parse(one(data, 0x7C))
        assert find(template, 0x82) == b""
        challenge = find(template, 0x81)
        assert challenge is not None
        return encode(0x7C, encode(0x82, _sign(key, command.p1, challenge))), 0x9000

    return answer


def _sign(key: PrivateKey, algorithm: int, challenge: bytes) -> bytes:
    from cryptography.hazmat.primitives.asymmetric import utils

    if isinstance(key, rsa.RSAPrivateKey):
        assert algorithm == 0x07
        numbers = key.private_numbers()
        power = pow(int.from_bytes(challenge, "big"), numbers.d, numbers.public_numbers.n)
        return power.to_bytes(key.key_size // 8, "big")
    size, digest = {0x11: (32, hashes.SHA256()), 0x14: (48, hashes.SHA384())}[algorithm]
    assert len(challenge) == size
    prehashed = utils.Prehashed(digest)
    return key.sign(challenge, ec.ECDSA(prehashed))
