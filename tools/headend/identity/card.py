"""The card's proof and certificate (contracts.md, Silent sign-in, steps 2 and 4). Pure but for the clock's word.

The proof is checked with the key that the registry holds, never with one that the request brings; the certificate
is looked at only after the proof held.
"""

from __future__ import annotations

import binascii
from base64 import b64decode, urlsafe_b64decode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NoReturn

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_der_public_key
from cryptography.x509.oid import NameOID, ObjectIdentifier

from tools.headend.identity.refusals import refuse

CARD_AUTHENTICATION = ObjectIdentifier("2.16.840.1.101.3.6.8")
"""id-PIV-cardAuth (NIST SP 800-73-4, FIPS 201): what a card's certificate is for, and no server's."""


@dataclass(frozen=True, slots=True)
class ProofText:
    """What the card signs; no part contains ``|`` (``assertion.IDENTIFIER``, and nonce and jkt are base64url)."""

    audience: str
    nonce: str
    chip_id: str
    card_number: str
    jkt: str

    def encode(self) -> bytes:
        parts = ("stb-card-proof-v1", self.audience, self.nonce, self.chip_id, self.card_number, self.jkt)
        return "|".join(parts).encode("ascii")


def proof_holds(public_key: bytes, proof: str, text: ProofText) -> bool:
    """Whether ``proof`` (base64url DER) is the signature over ``text`` of the key (SubjectPublicKeyInfo, DER)."""
    key = load_der_public_key(public_key)
    try:
        signature = _base64url(proof)
        if isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(signature, text.encode(), ec.ECDSA(hashes.SHA256()))
        elif isinstance(key, rsa.RSAPublicKey):
            key.verify(signature, text.encode(), padding.PKCS1v15(), hashes.SHA256())
        else:
            return False
    except (InvalidSignature, ValueError):
        return False
    return True


def check_certificate(
    certificate: str | None, *, public_key: bytes, number: str, authorities: Sequence[x509.Certificate], now: datetime
) -> None:
    """Judge a card's certificate (base64 DER); Refusal card_certificate_invalid with what is wrong with it."""
    if certificate is None:
        _invalid("it is missing")
    try:
        found = x509.load_der_x509_certificate(_base64(certificate))
        key = found.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        usage = found.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
        is_authority = _is_authority(found)
    except x509.ExtensionNotFound:
        _invalid("it says no key usage")
    except (ValueError, UnsupportedAlgorithm, x509.DuplicateExtension):
        _invalid("it is no X.509 certificate")
    if key != public_key:
        _invalid("it is of another key than the card's")
    if not any(_issued_by(found, authority, now) for authority in authorities):
        _invalid("it was not issued by the operator's authority")
    if not found.not_valid_before_utc <= now <= found.not_valid_after_utc:
        _invalid("it is not valid now")
    if CARD_AUTHENTICATION not in usage or is_authority:
        _invalid("it is not a card's")
    serials = found.subject.get_attributes_for_oid(NameOID.SERIAL_NUMBER)
    if [each.value for each in serials] != [number]:
        _invalid("its subject is not this card")


def _is_authority(certificate: x509.Certificate) -> bool:
    """Whether it says that it is an authority."""
    try:
        return certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except x509.ExtensionNotFound:
        return False


def _issued_by(certificate: x509.Certificate, authority: x509.Certificate, now: datetime) -> bool:
    if not authority.not_valid_before_utc <= now <= authority.not_valid_after_utc:
        return False
    try:
        certificate.verify_directly_issued_by(authority)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True


def _invalid(why: str) -> NoReturn:
    refuse("card_certificate_invalid", f"the card's certificate cannot be accepted: {why}")


def _base64(text: str) -> bytes:
    return b64decode(text, validate=True)


def _base64url(text: str) -> bytes:
    if not text.isascii():
        raise ValueError("not base64url")
    try:
        return urlsafe_b64decode(text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4))
    except binascii.Error as error:
        raise ValueError("not base64url") from error
