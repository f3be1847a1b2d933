"""Whether a card's certificate chains to the authorities of a file (RFC 5280 6, without revocation)."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from smartcard.command.tool import UsageError

if TYPE_CHECKING:
    from cryptography import x509

CARD_AUTHENTICATION = "2.16.840.1.101.3.6.8"
"""id-PIV-cardAuth (FIPS 201-2 appendix B): a server's certificate of the same authority is no card's."""
MAX_CHAIN = 8


def load_authorities(path: Path) -> list[x509.Certificate]:
    """The certificates of a PEM file, one or more; UsageError where there are none."""
    from cryptography import x509

    try:
        return x509.load_pem_x509_certificates(path.read_bytes())
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror}") from None
    except ValueError:
        raise UsageError(f"{path}: no certificate in PEM") from None


def is_trusted(certificate: x509.Certificate, authorities: list[x509.Certificate], now: datetime | None = None) -> bool:
    """Valid now, of a card, and issued by one of ``authorities``, itself valid now up to a self-signed one of them."""
    now = now or datetime.now(UTC)
    if not _is_valid(certificate, now) or not _is_cards(certificate):
        return False
    for _ in range(MAX_CHAIN):
        issuer = next((each for each in authorities if _issued(certificate, each, now)), None)
        if issuer is None:
            return False
        if issuer.subject == issuer.issuer:
            return True
        certificate = issuer
    return False


def _issued(certificate: x509.Certificate, issuer: x509.Certificate, now: datetime) -> bool:
    from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm

    if not _is_valid(issuer, now) or not _is_authority(issuer):
        return False
    try:
        certificate.verify_directly_issued_by(issuer)
    except (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm):
        return False
    return True


def _is_valid(certificate: x509.Certificate, now: datetime) -> bool:
    return certificate.not_valid_before_utc <= now <= certificate.not_valid_after_utc


def _is_authority(certificate: x509.Certificate) -> bool:
    from cryptography import x509

    try:
        return certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except (x509.ExtensionNotFound, x509.DuplicateExtension, ValueError):
        return False


def _is_cards(certificate: x509.Certificate) -> bool:
    from cryptography import x509

    try:
        usage = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    except (x509.ExtensionNotFound, x509.DuplicateExtension, ValueError):
        return False
    return any(each.dotted_string == CARD_AUTHENTICATION for each in usage) and not _is_authority(certificate)
