"""The only messages that a card's key signs for us (contracts.md, "Silent sign-in" 2).

A proof is built here from named parts, so that no method of the product signs a caller's bytes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

from smartcard.errors import ProofPartError

SEPARATOR = "|"
MAX_PART = 512
_RANDOM = re.compile(r"[0-9A-Fa-f]{32,128}")


class ProofPurpose(Enum):
    """The first part of the message; two purposes never give the same bytes."""

    SIGN_IN = "stb-card-proof-v1"
    SELFTEST = "stb-card-selftest-v1"


_PARTS = {
    ProofPurpose.SIGN_IN: ("audience", "nonce", "chip_id", "card_number", "jkt"),
    ProofPurpose.SELFTEST: ("random",),
}


@dataclass(frozen=True)
class CardProof:
    """A message to be signed: ``purpose|part|part…`` in ASCII. Use ``sign_in`` or ``selftest``."""

    purpose: ProofPurpose
    parts: tuple[str, ...]

    def __post_init__(self) -> None:
        names = _PARTS[self.purpose]
        if len(self.parts) != len(names):
            raise ProofPartError(f"{self.purpose.value} has {len(names)} parts, not {len(self.parts)}")
        for name, part in zip(names, self.parts, strict=True):
            _check(name, part)
        if self.purpose is ProofPurpose.SELFTEST and not _RANDOM.fullmatch(self.parts[0]):
            raise ProofPartError("the random part of a self-test is 32 to 128 hexadecimal digits")

    @classmethod
    def sign_in(cls, *, audience: str, nonce: str, chip_id: str, card_number: str, jkt: str) -> CardProof:
        """``audience``: the service's origin from the box's own config; ``jkt``: RFC 7638 thumbprint, base64url."""
        return cls(ProofPurpose.SIGN_IN, (audience, nonce, chip_id, card_number, jkt))

    @classmethod
    def selftest(cls, random_hex: str) -> CardProof:
        """``random_hex``: 128 fresh random bits or more, in hexadecimal."""
        return cls(ProofPurpose.SELFTEST, (random_hex,))

    @property
    def message(self) -> bytes:
        """The bytes whose SHA-256 is signed."""
        return SEPARATOR.join((self.purpose.value, *self.parts)).encode("ascii")


def _check(name: str, part: str) -> None:
    """A part is 1 to 512 printable ASCII characters with no separator and no space; its value is never told."""
    if not 1 <= len(part) <= MAX_PART:
        raise ProofPartError(f"{name} is {len(part)} characters long, 1 to {MAX_PART} are taken")
    if SEPARATOR in part:
        raise ProofPartError(f"{name} contains '{SEPARATOR}', which separates the parts")
    if not all("!" <= character <= "~" for character in part):
        raise ProofPartError(f"{name} contains something other than printable ASCII")
