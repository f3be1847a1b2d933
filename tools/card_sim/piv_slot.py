"""The private key in a slot of a simulated PIV card: what it makes of a challenge, and the name it gives the card."""

from __future__ import annotations

import hashlib
from abc import ABC, abstractmethod

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa, utils
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from smartcard.piv_key import ECC_P256, RSA_2048


class SlotKey(ABC):
    """``algorithm`` is P1 of GENERAL AUTHENTICATE (SP 800-78-4, table 6-2)."""

    algorithm: int

    @abstractmethod
    def sign(self, challenge: bytes) -> bytes | None:
        """The answer to ``challenge``; None where it has the wrong size or is no number below the modulus."""

    @abstractmethod
    def guid(self) -> bytes:
        """16 bytes of a version 4 UUID's form, the same for the same key."""


class EcSlotKey(SlotKey):
    """P-256: ECDSA over a hash of 32 bytes."""

    algorithm = ECC_P256

    def __init__(self, key: ec.EllipticCurvePrivateKey) -> None:
        """ValueError where the key is of another curve."""
        if not isinstance(key.curve, ec.SECP256R1):
            raise ValueError(f"slot 9E holds P-256 here, not {key.curve.name}")
        self._key = key

    def sign(self, challenge: bytes) -> bytes | None:
        if len(challenge) != 32:
            return None
        return self._key.sign(challenge, ec.ECDSA(utils.Prehashed(hashes.SHA256())))

    def guid(self) -> bytes:
        return card_guid(self._key.public_key())


class RsaSlotKey(SlotKey):
    """RSA-2048: the power alone (RFC 8017 5.2.1), over a block of 256 bytes that the reader has made."""

    algorithm = RSA_2048
    SIZE = 256

    def __init__(self, key: rsa.RSAPrivateKey) -> None:
        """ValueError where the key has another size."""
        if key.key_size != self.SIZE * 8:
            raise ValueError(f"slot 9E holds RSA-2048 here, not {key.key_size} bits")
        self._public = key.public_key()
        self._numbers = key.private_numbers()

    def sign(self, challenge: bytes) -> bytes | None:
        """By the Chinese remainder theorem (RFC 8017 5.1.2 2b)."""
        block, numbers = int.from_bytes(challenge, "big"), self._numbers
        if len(challenge) != self.SIZE or block >= numbers.public_numbers.n:
            return None
        rest = pow(block, numbers.dmq1, numbers.q)
        lift = (pow(block, numbers.dmp1, numbers.p) - rest) * numbers.iqmp % numbers.p
        return (rest + numbers.q * lift).to_bytes(self.SIZE, "big")

    def guid(self) -> bytes:
        return _guid(self._public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))


def card_guid(public: ec.EllipticCurvePublicKey) -> bytes:
    """The name that the card of ``public`` has: 16 bytes of a version 4 UUID's form."""
    return _guid(public.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint))


def _guid(public: bytes) -> bytes:
    """RFC 4122 4.4; SP 800-73-4 part 1, 3.1.2."""
    digest = bytearray(hashlib.sha256(public).digest()[:16])
    digest[6] = digest[6] & 0x0F | 0x40
    digest[8] = digest[8] & 0x3F | 0x80
    return bytes(digest)
