"""The card through our own smartcard package: read, self-tested, and asked for proofs that we build ourselves."""

from __future__ import annotations

import hashlib
import secrets

from device.ports.card import Card, CardEvidence, CardFacts, CardFailure, ReaderFailure
from smartcard.errors import CardAbsent, ReaderError, SmartCardError
from smartcard.reader import CardReader


class SmartCard(Card):
    """Keeps the connection to the card between sign-ins; after any error it is made anew and everything proven anew
    (a swap between two polls leaves a handle that talks to the new card: facts/smartcard.md)."""

    def __init__(self, reader: CardReader) -> None:
        self._reader = reader
        self._open: _OpenCard | None = None

    def read(self, generation: int) -> CardFacts:
        self.forget()
        try:
            card = self._open = _OpenCard(self._reader)
            if card.generation != generation:
                raise CardFailure("the card changed while it was read", code="card_removed")
            card.selftest()
            return card.facts()
        except SmartCardError as error:
            self.forget()
            raise _translated(error) from error

    def prove(self, facts: CardFacts, *, audience: str, nonce: str, chip_id: str, jkt: str) -> CardEvidence:
        try:
            if self._open is None:
                self._open = _OpenCard(self._reader)
            card = self._open
            if card.generation != facts.generation or card.owner != facts.owner:
                raise CardFailure("another card is in the slot", code="card_removed")
            return card.evidence(audience=audience, nonce=nonce, chip_id=chip_id, jkt=jkt)
        except SmartCardError as error:
            raise _translated(error) from error
        finally:
            self._keep_if_whole()

    def forget(self) -> None:
        if self._open is not None:
            self._open.close()
            self._open = None

    def _keep_if_whole(self) -> None:
        if self._open is not None and not self._open.whole:
            self.forget()


class _OpenCard:
    """One connection and the credential that was read through it."""

    def __init__(self, reader: CardReader) -> None:
        # with these comes cryptography: not on the way to the first answer
        from smartcard.identity import identify
        from smartcard.proof import CardProof

        self._connection = reader.connect()
        self.generation = self._connection.generation
        self.whole = False
        try:
            # named together with the question who the card is, so that a reader may ask both in one request
            self._proof = CardProof.selftest(secrets.token_hex(32))
            self._credential = identify(self._connection, self._proof)
        except SmartCardError:
            self._connection.close()
            raise
        identity = self._credential.identity
        marks = identity.certificate or f"{identity.kind}|{identity.serial}".encode()
        self.owner = hashlib.sha256(marks).hexdigest()
        self.whole = True

    def selftest(self) -> None:
        """The card signed a fresh local challenge; a card without a key was read anew, which is all it can do."""
        self.whole = False
        self._credential.prove(self._proof)
        self.whole = True

    def facts(self) -> CardFacts:
        identity = self._credential.identity
        return CardFacts(
            generation=self.generation,
            kind=identity.kind,
            serial=identity.serial,
            atr=self._connection.atr.raw.hex().upper(),
            owner=self.owner,
        )

    def evidence(self, *, audience: str, nonce: str, chip_id: str, jkt: str) -> CardEvidence:
        from smartcard.proof import CardProof

        identity = self._credential.identity
        proof = CardProof.sign_in(audience=audience, nonce=nonce, chip_id=chip_id, card_number=identity.serial, jkt=jkt)
        self.whole = False
        signature = self._credential.prove(proof)
        self.whole = True
        return CardEvidence(identity.serial, identity.kind, signature, identity.certificate)

    def close(self) -> None:
        self._connection.close()


def _translated(error: SmartCardError) -> CardFailure | ReaderFailure:
    if isinstance(error, ReaderError):
        return ReaderFailure(error.message, code=error.kind)
    if isinstance(error, CardAbsent):
        return CardFailure(error.message, code="card_removed")
    return CardFailure(error.message, code=error.kind)
