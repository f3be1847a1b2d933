"""Who the card in the slot is, and how well it can show that."""

from __future__ import annotations

import hashlib
from abc import ABC, abstractmethod
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from smartcard.errors import ApduError, CardUnsupported, ProtocolError
from smartcard.piv import PivApplication

if TYPE_CHECKING:
    from cryptography import x509

    from smartcard.connection import CardConnection
    from smartcard.proof import CardProof


class Assurance(Enum):
    """How much an identity is worth."""

    PROVEN = "PROVEN"
    """The card can sign a fresh challenge with the key of its certificate (and does, in ``prove``)."""
    CLAIMED = "CLAIMED"
    """The card tells a number; a number can be copied."""


@dataclass(frozen=True)
class CardIdentity:
    """What one read of the card said. ``serial`` is printed on the card: an identifier, never a secret."""

    kind: str
    serial: str
    assurance: Assurance
    certificate: bytes | None
    """DER; None for cards that have no key."""


class CardCredential(ABC):
    """An identity together with the card that can prove it, while that card is in the slot."""

    identity: CardIdentity

    @abstractmethod
    def prove(self, proof: CardProof) -> bytes | None:
        """The card's signature over ``proof``, verified against its certificate; None where the card has no key.

        DER ECDSA, or PKCS#1 v1.5, over SHA-256 of the message. CardUntrue where the signature does not fit.
        """


class PivCredential(CardCredential):
    """A PIV card: its certificate names it, slot 9E proves it."""

    def __init__(self, application: PivApplication, identity: CardIdentity) -> None:
        self._application = application
        self.identity = identity

    def prove(self, proof: CardProof) -> bytes:
        return self._application.sign(hashlib.sha256(proof.message).digest())


def identify(connection: CardConnection) -> CardCredential:
    """Read the identity of the card on ``connection``: PIV by its certificate in slot 9E.

    CardUnsupported where the card has no application that tells one; ProtocolError where it answers nonsense;
    the connection's own errors where it left or fell silent.
    """
    application = PivApplication(connection)
    try:
        application.select()
        certificate = application.read_certificate()
    except ApduError as error:
        raise CardUnsupported(f"no identity on this card: {error.message}") from error
    identity = CardIdentity("piv", _subject_serial(certificate), Assurance.PROVEN, _der(certificate))
    return PivCredential(application, identity)


def _subject_serial(certificate: x509.Certificate) -> str:
    """The subject's serialNumber (X.520, 2.5.4.5): the card number, exactly one."""
    from cryptography.x509.oid import NameOID

    try:
        values = [each.value for each in certificate.subject.get_attributes_for_oid(NameOID.SERIAL_NUMBER)]
    except (ValueError, TypeError) as error:  # the library raises both for names it does not like
        raise ProtocolError("the certificate's subject cannot be read") from error
    if len(values) != 1 or not isinstance(values[0], str) or not values[0].strip():
        raise ProtocolError(f"the certificate's subject has {len(values)} usable serial numbers, one is needed")
    return values[0]


def _der(certificate: x509.Certificate) -> bytes:
    from cryptography.hazmat.primitives.serialization import Encoding

    return certificate.public_bytes(Encoding.DER)
