"""``stb-card info`` and ``stb-card prove``: whose card it is, and what that is worth."""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass
from pathlib import Path

from smartcard.command.tool import Tool, failure_document, spaced
from smartcard.command.trust import is_trusted, load_authorities
from smartcard.connection import CardConnection
from smartcard.errors import CardUnsupported, SmartCardError
from smartcard.identity import Assurance, CardIdentity, identify
from smartcard.proof import CardProof
from smartcard.reader import CardReader

RANDOM_BYTES = 32


@dataclass(frozen=True)
class Facts:
    """What one look at a card gave; ``identity`` None where no application of it is known."""

    reader: str
    atr: bytes
    protocol: int
    identity: CardIdentity | None
    seconds: float
    """From the first command to the verified signature, or to the number where the card has no key."""

    @property
    def is_proven(self) -> bool:
        return self.identity is not None and self.identity.assurance is Assurance.PROVEN

    def document(self) -> dict[str, object]:
        """The shape of ``info --json``."""
        identity = self.identity
        return {
            "reader": self.reader,
            "atr": self.atr.hex().upper(),
            "protocol": self.protocol,
            "kind": None if identity is None else identity.kind,
            "serial": None if identity is None else identity.serial,
            "assurance": None if identity is None else identity.assurance.value,
        }


def look(reader: CardReader, connection: CardConnection) -> Facts:
    """Read the card and have it sign a fresh challenge where it can. SmartCardError, CardUntrue among them."""
    proof = CardProof.selftest(secrets.token_hex(RANDOM_BYTES))
    began = time.perf_counter()
    try:
        credential = identify(connection, proof)
    except CardUnsupported:
        return Facts(reader.name, connection.atr.raw, connection.protocol, None, time.perf_counter() - began)
    credential.prove(proof)
    seconds = time.perf_counter() - began
    return Facts(reader.name, connection.atr.raw, connection.protocol, credential.identity, seconds)


def run_info(tool: Tool, spec: str, *, as_json: bool) -> int:
    """0, whatever the card is; 1 where reader or card fail."""
    try:
        facts = _read(tool, spec)
    except SmartCardError as error:
        return _failed(tool, error, as_json=as_json)
    if as_json:
        tool.document(facts.document())
    else:
        tool.say(*_page(facts))
    return 0


def run_prove(tool: Tool, spec: str, ca: Path | None, *, as_json: bool) -> int:
    """0 where the card proved who it is, to ``ca`` where there is one; else 1."""
    try:
        facts = _read(tool, spec)
    except SmartCardError as error:
        return _failed(tool, error, as_json=as_json)
    authorities = load_authorities(ca) if ca is not None else None
    subject, trusted = None, None
    if facts.identity is not None and facts.identity.certificate is not None:
        from cryptography import x509

        certificate = x509.load_der_x509_certificate(facts.identity.certificate)
        subject = certificate.subject.rfc4514_string({x509.NameOID.SERIAL_NUMBER: "serialNumber"})
        trusted = is_trusted(certificate, authorities) if authorities is not None else None
    elif authorities is not None:
        trusted = False
    if as_json:
        document = {"seconds": round(facts.seconds, 6), "certificate_subject": subject, "trusted": trusted}
        tool.document(facts.document() | document)
    else:
        tool.say(*_page(facts), *_proof_page(facts, subject, trusted))
    return 0 if facts.is_proven and trusted is not False else 1


def _read(tool: Tool, spec: str) -> Facts:
    with tool.connected(spec) as (reader, connection), tool.patience("talking to the card"):
        return look(reader, connection)


def _failed(tool: Tool, error: SmartCardError, *, as_json: bool) -> int:
    if as_json:
        tool.document({"error": failure_document(error)})
    else:
        tool.note(error.message)
    return 1


def _page(facts: Facts) -> list[str]:
    lines = [
        f"reader     {facts.reader}",
        f"ATR        {spaced(facts.atr)}",
        f"protocol   T={facts.protocol}",
    ]
    if facts.identity is None:
        return [*lines, "card       no application that is known here"]
    return [
        *lines,
        f"card       {facts.identity.kind}",
        f"number     {facts.identity.serial}",
        f"assurance  {facts.identity.assurance.value}, {_worth(facts)}",
    ]


def _worth(facts: Facts) -> str:
    if facts.is_proven:
        return "it signed a fresh challenge with the key of its certificate"
    return "it only tells a number, which could be copied"


def _proof_page(facts: Facts, subject: str | None, trusted: bool | None) -> list[str]:
    lines = [] if subject is None else [f"subject    {subject}"]
    if trusted is not None:
        lines.append(f"trusted    {'yes, by the authority given' if trusted else 'no, not by the authority given'}")
    return [*lines, f"took       {facts.seconds * 1000:.1f} ms"]
