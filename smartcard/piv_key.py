"""The public key of a PIV slot: how the card wants the challenge, and whether its signature holds.

Source: NIST SP 800-78-4, table 6-2 (algorithm identifiers); RFC 8017 9.2 for the block that an RSA key signs.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

from smartcard.errors import ProtocolError

if TYPE_CHECKING:
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric import ec, rsa

RSA_2048, ECC_P256, ECC_P384 = 0x07, 0x11, 0x14
SHA256_DIGEST_INFO = bytes.fromhex("3031300D060960864801650304020105000420")
"""RFC 8017 9.2, note 1: DER of DigestInfo up to the hash."""


class PivKey(ABC):
    """One kind of key; ``algorithm`` is P1 of GENERAL AUTHENTICATE."""

    algorithm: int

    @abstractmethod
    def challenge(self, digest: bytes) -> bytes:
        """What the card signs for ``digest`` (SHA-256)."""

    @abstractmethod
    def verify(self, digest: bytes, signature: bytes) -> bool:
        """True where ``signature`` over ``digest`` was made by the private key of this one."""

    @staticmethod
    def of(certificate: x509.Certificate) -> PivKey:
        """The key of ``certificate``; ProtocolError where PIV has no such key."""
        from cryptography.exceptions import UnsupportedAlgorithm
        from cryptography.hazmat.primitives.asymmetric import ec, rsa

        try:
            key = certificate.public_key()
        except (ValueError, UnsupportedAlgorithm) as error:
            raise ProtocolError("the certificate's key cannot be read") from error
        if isinstance(key, ec.EllipticCurvePublicKey) and key.curve.name in _CURVES:
            return EcKey(key)
        if isinstance(key, rsa.RSAPublicKey) and key.key_size == 2048:
            return RsaKey(key)
        raise ProtocolError("the certificate's key is none that PIV signs with: P-256, P-384 or RSA-2048")


_CURVES = {"secp256r1": (ECC_P256, 32), "secp384r1": (ECC_P384, 48)}


class EcKey(PivKey):
    """ECDSA: the card takes the hash, filled up on the left to the size of the curve (SP 800-73-4 part 2, A.4)."""

    def __init__(self, key: ec.EllipticCurvePublicKey) -> None:
        self._key = key
        self.algorithm, self._size = _CURVES[key.curve.name]

    def challenge(self, digest: bytes) -> bytes:
        return digest.rjust(self._size, b"\x00")

    def verify(self, digest: bytes, signature: bytes) -> bool:
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives import hashes
        from cryptography.hazmat.primitives.asymmetric import ec, utils

        try:
            self._key.verify(signature, digest, ec.ECDSA(utils.Prehashed(hashes.SHA256())))
        except InvalidSignature:
            return False
        return True


class RsaKey(PivKey):
    """RSA: the card does the power alone, so the whole PKCS#1 v1.5 block is made here."""

    algorithm = RSA_2048

    def __init__(self, key: rsa.RSAPublicKey) -> None:
        self._key = key

    def challenge(self, digest: bytes) -> bytes:
        info = SHA256_DIGEST_INFO + digest
        filling = b"\xff" * (self._key.key_size // 8 - 3 - len(info))
        return b"\x00\x01" + filling + b"\x00" + info

    def verify(self, digest: bytes, signature: bytes) -> bool:
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives import hashes
        from cryptography.hazmat.primitives.asymmetric import padding, utils

        try:
            self._key.verify(signature, digest, padding.PKCS1v15(), utils.Prehashed(hashes.SHA256()))
        except InvalidSignature:
            return False
        return True
