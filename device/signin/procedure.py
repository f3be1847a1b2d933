"""One silent sign-in from the challenge to the session, as contracts.md orders it; blocks, for a worker thread."""

from __future__ import annotations

import secrets
from typing import Protocol

from device.domain.assertion import ASSERTION_TYPE, assertion_claims
from device.domain.service_time import ServiceTime
from device.ports.account_service import AccountService, Grant
from device.ports.card import CardEvidence, CardFacts
from device.ports.chip_identity import ChipIdentity
from device.ports.key_store import KeyStore


class Prove(Protocol):
    """``Card.prove`` by way of the card's own worker, waited for."""

    def __call__(self, facts: CardFacts, *, audience: str, nonce: str, chip_id: str, jkt: str) -> CardEvidence: ...


class SignInProcedure:
    """Raises what its ports raise; device.domain.failure says what each amounts to."""

    def __init__(
        self,
        *,
        chip: ChipIdentity,
        keys: KeyStore,
        service: AccountService,
        service_time: ServiceTime,
        prove: Prove,
    ) -> None:
        self._chip = chip
        self._keys = keys
        self._service = service
        self._service_time = service_time
        self._prove = prove

    def run(self, card: CardFacts) -> Grant:
        """A session for ``card``. The box's own means are looked at first: without them the service is not asked."""
        chip_id = self._chip.read().value
        jkt = self._keys.thumbprint()
        audience = self._service.audience
        challenge = self._service.challenge(chip_id)
        evidence = self._prove(card, audience=audience, nonce=challenge.nonce, chip_id=chip_id, jkt=jkt)

        def make_assertion() -> str:
            claims = assertion_claims(
                chip_id=chip_id,
                audience=audience,
                issued_at=self._service_time.best(),
                nonce=challenge.nonce,
                jti=secrets.token_urlsafe(16),
                card=evidence,
            )
            return self._keys.sign_jwt(ASSERTION_TYPE, claims, show_key=False)

        return self._service.token(make_assertion)
