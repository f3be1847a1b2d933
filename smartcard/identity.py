"""Who the card in the slot is, and how well it can show that."""

from __future__ import annotations

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from functools import partial
from typing import TYPE_CHECKING

from smartcard.applications.answer import AnswerError
from smartcard.applications.conax import Conax
from smartcard.applications.dre import Dre
from smartcard.applications.irdeto import Irdeto
from smartcard.applications.irdeto_acs import IrdetoAcs
from smartcard.applications.nagra import Nagra
from smartcard.applications.seca import Seca
from smartcard.applications.viaccess import Viaccess
from smartcard.errors import ApduError, CardUnsupported, ProtocolError
from smartcard.piv import PivApplication, commands_to_prove
from smartcard.processors import AskedAhead
from smartcard.tlv import TLVError

if TYPE_CHECKING:
    from cryptography import x509

    from smartcard.applications.application import CaApplication, CaCard
    from smartcard.connection import CardConnection
    from smartcard.proof import CardProof

PIV = "piv"
PIV_PROTOCOLS = frozenset({0, 1})
CA_APPLICATIONS: tuple[type[CaApplication], ...] = (Irdeto, IrdetoAcs, Dre, Conax, Nagra, Viaccess, Seca)
"""In the order in which they are tried on a card whose answer to reset says nothing: who checks most comes first."""


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
    details: tuple[tuple[str, str], ...] = ()
    """What else the card told of itself, by name, for a person to read: caid, country, providers, …"""

    def __post_init__(self) -> None:
        if (self.assurance is Assurance.PROVEN) != (self.certificate is not None):
            raise ValueError("proven is what has a certificate, and nothing else")


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
        return self._application.sign(_digest(proof))


def _digest(proof: CardProof) -> bytes:
    return hashlib.sha256(proof.message).digest()


class CaCredential(CardCredential):
    """A conditional-access card: it told a number, and cannot prove it."""

    def __init__(self, kind: str, card: CaCard) -> None:
        self.identity = CardIdentity(kind, card.serial, Assurance.CLAIMED, None, card.details)

    def prove(self, proof: CardProof) -> None:  # noqa: ARG002 - whatever is asked
        return None


def identify(connection: CardConnection, proof: CardProof | None = None) -> CardCredential:
    """Read the identity of the card on ``connection``, through the applications that its protocol can carry.

    First those whose cards the answer to reset looks like, then PIV, then the others. CardUnsupported where none of
    them tells one; ProtocolError where PIV is there and its certificate is nonsense; the connection's own errors where
    the card left or fell silent.

    Where a proof of ``proof`` is wanted next, the card is asked for it together with its identity: in one message where
    it is behind another process.
    """
    refusals = []
    for read in _candidates(connection, proof):
        try:
            return read(connection)
        except (ApduError, AnswerError, TLVError) as error:
            refusals.append(error)
    whys = "; ".join(dict.fromkeys(error.message for error in refusals)) or f"T={connection.protocol} is spoken by none"
    raise CardUnsupported(f"no identity on this card: {whys}")


def _candidates(
    connection: CardConnection, proof: CardProof | None
) -> list[Callable[[CardConnection], CardCredential]]:
    speaking = [each for each in CA_APPLICATIONS if connection.protocol in each.protocols]
    known = [each for each in speaking if each.recognizes(connection.atr)]
    others = [each for each in speaking if each not in known]
    piv = [partial(_read_piv, proof=proof)] if connection.protocol in PIV_PROTOCOLS else []
    return [*map(_ca_reader, known), *piv, *map(_ca_reader, others)]


def _ca_reader(application: type[CaApplication]) -> Callable[[CardConnection], CardCredential]:
    return lambda connection: CaCredential(application.kind, application(connection).read())


def _read_piv(connection: CardConnection, proof: CardProof | None) -> CardCredential:
    """By the certificate in slot 9E. A card that has PIV and cannot tell who it is, is no card of another kind."""
    if proof is not None:
        connection = AskedAhead(connection, commands_to_prove(_digest(proof)))
    application = PivApplication(connection)
    application.select()
    try:
        certificate = application.read_certificate()
    except ApduError as error:
        raise CardUnsupported(f"no identity on this card: {error.message}") from error
    except (AnswerError, TLVError) as error:
        raise ProtocolError(error.message) from error
    identity = CardIdentity(PIV, _subject_serial(certificate), Assurance.PROVEN, _der(certificate))
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
