"""Silent sign-in (contracts.md): the order of checks and what each failure may tell. No HTTP, no database.

Before the device signature held, everything answers like a box that does not exist, in the same time; card codes
come only after the card's proof held, and a card that is not registered answers like one whose proof does not hold.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import TypeVar

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_der_public_key
from joserfc import jws
from joserfc.jwk import ECKey

from tools.headend.clock import Clock
from tools.headend.domain.declined import Declined
from tools.headend.identity.assertion import Assertion, check_assertion, claimed_chip_id
from tools.headend.identity.card import ProofText, check_certificate, proof_holds
from tools.headend.identity.dpop import DpopChecker, Expected, jti_once
from tools.headend.identity.jose import ALGORITHM, Malformed, Message, parse
from tools.headend.identity.limits import FailureLimit
from tools.headend.identity.nonces import ChallengeNonces
from tools.headend.identity.records import (
    ACTIVE,
    CARD_CLAIMED,
    CARD_PROVEN,
    REVOKED,
    UNPAIRED,
    BoxRecord,
    CardRecord,
    IdentityStore,
    Once,
    Session,
)
from tools.headend.identity.refusals import Refusal, refuse

T = TypeVar("T")

SESSION_LIFE = timedelta(seconds=600)


@dataclass(frozen=True, slots=True)
class Attempt:
    """A request for a token: where from, the assertion, its DPoP headers, and the URL that they must name."""

    address: str
    assertion: str
    proofs: Sequence[str]
    url: str


@dataclass(frozen=True, slots=True)
class Grant:
    """A session was opened; ``token`` goes to the box and is kept nowhere."""

    token: str
    session: Session
    expires_in: int


@dataclass(frozen=True, slots=True)
class Judged:
    """A session that may be opened; ``once`` is used up together with it. Until then its token is worth nothing."""

    grant: Grant
    once: tuple[Once, ...]


@dataclass(frozen=True, slots=True)
class Unpaired:
    """A box that is of no account, and a card that is of no box: both have proved their keys. ``once`` has to be used
    up in the transaction that acts on it."""

    chip_id: str
    card_number: str
    once: tuple[Once, ...]


@dataclass(frozen=True, slots=True)
class _Verified:
    """Everything of an assertion that does not depend on whose box it is; ``card``: the one that it names."""

    assertion: Assertion
    box: BoxRecord
    card: CardRecord | None
    once: tuple[Once, ...]


@dataclass(frozen=True, slots=True)
class Limits:
    """Failures by box (after its signature held) and by address."""

    box: FailureLimit
    address: FailureLimit


class SignIn:
    """Decides from the registry, never from the request. Thread-safe."""

    def __init__(
        self,
        *,
        audience: str,
        store: IdentityStore,
        nonces: ChallengeNonces,
        dpop: DpopChecker,
        limits: Limits,
        authorities: Sequence[x509.Certificate],
        clock: Clock,
        random: Callable[[int], str] = secrets.token_urlsafe,
    ) -> None:
        self._audience = audience
        self._store = store
        self._nonces = nonces
        self._dpop = dpop
        self._limits = limits
        self._authorities = authorities
        self._clock = clock
        self._random = random
        # stand-ins for a key and a message that are none, so that refusing them costs a whole signature check
        dummy = ec.generate_private_key(ec.SECP256R1()).public_key()
        self._dummy_key = dummy.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        self._dummy_message = parse(jws.serialize_compact({"alg": ALGORITHM}, "{}", ECKey.generate_key("P-256")))

    def attempt(self, attempt: Attempt) -> Grant:
        """Sign in; Refusal with one of the codes of contracts.md. Counts the failures that limits go by."""
        return self.open(attempt, self.judge(attempt))

    def judge(self, attempt: Attempt) -> Judged:
        """All of ``attempt`` that only looks and computes: what ``open`` then writes."""
        return self._judged(attempt, self._granted)

    def open(self, attempt: Attempt, judged: Judged) -> Grant:
        """Write the session that ``judge`` found good; from now on its token is worth something."""
        with self._counting(attempt.address), self._counting_of_box(judged.grant.session.chip_id):
            self._store.open_session(judged.grant.session, judged.once)
        return judged.grant

    def attempt_unpaired(self, attempt: Attempt) -> Unpaired:
        """The same proof by a box that wants to be paired (contracts.md: unpaired, pending, paired).

        Refusal; Declined box_paired where it is of an account already.
        """
        return self._judged(attempt, self._unpaired)

    def _judged(self, attempt: Attempt, decide: Callable[[_Verified], T]) -> T:
        self._limits.address.check(attempt.address)
        with self._counting(attempt.address):
            message, box = self._identified(attempt.assertion)
            self._limits.box.check(box.chip_id)
            with self._counting_of_box(box.chip_id):
                return decide(self._verified(attempt, message, box))

    @contextmanager
    def _counting(self, address: str) -> Iterator[None]:
        try:
            yield
        except Refusal as refusal:
            # the repetition with a fresh DPoP nonce is a step of the protocol, and waiting is not failing
            if refusal.code not in ("use_dpop_nonce", "rate_limited"):
                self._limits.address.failed(address)
            raise

    @contextmanager
    def _counting_of_box(self, chip_id: str) -> Iterator[None]:
        try:
            yield
        except Refusal as refusal:
            if refusal.code != "use_dpop_nonce":
                self._limits.box.failed(chip_id)
            raise

    def _identified(self, assertion: str) -> tuple[Message, BoxRecord]:
        """The box whose enrolled key signed; one look-up and one signature check whatever comes."""
        try:
            message = parse(assertion)
        except Malformed:
            message = self._dummy_message
        box = self._store.box(claimed_chip_id(message) or "-")
        key = ECKey.import_key(_p256(box.public_key if box else self._dummy_key))
        if not message.signed_by(key) or box is None:
            refuse("box_unknown")
        return message, box

    def _verified(self, attempt: Attempt, message: Message, box: BoxRecord) -> _Verified:
        assertion = check_assertion(message, self._audience, self._clock.now())
        jti = jti_once("assertion", box.chip_id, assertion.jti, assertion.expires_at)
        nonce_digest = sha256(f"nonce|{assertion.nonce}".encode()).digest()
        known = self._store.known(assertion.card.number, (jti.digest, nonce_digest))
        if jti.digest in known.used:
            refuse("jti_used")
        nonce = Once(nonce_digest, self._nonces.check(assertion.nonce, box.chip_id), "nonce_used")
        if nonce_digest in known.used:
            refuse("nonce_used")
        proof = self._dpop.check(attempt.proofs, Expected("POST", attempt.url, box.jkt))
        if box.state == REVOKED:
            refuse("box_revoked")
        return _Verified(assertion, box, known.card, (jti, nonce, proof.jti))

    def _granted(self, verified: _Verified) -> Judged:
        assertion, box = verified.assertion, verified.box
        if box.account_id is None:
            refuse("box_unpaired")
        if box.state != ACTIVE:
            refuse("box_revoked")
        card, acr = self._proven_card(verified)
        if card.state == REVOKED:
            refuse("card_revoked")
        if card.chip_id != box.chip_id or card.account_id != box.account_id:
            refuse("card_other_box")
        token = self._random(32)
        session = Session(
            token_hash=token_hash(token),
            account_id=box.account_id,
            chip_id=box.chip_id,
            card_number=assertion.card.number,
            jkt=box.jkt,
            acr=acr,
            expires_at=self._clock.now() + SESSION_LIFE,
        )
        return Judged(Grant(token, session, int(SESSION_LIFE.total_seconds())), verified.once)

    def _unpaired(self, verified: _Verified) -> Unpaired:
        box = verified.box
        if box.account_id is not None:
            raise Declined("box_paired")
        card, acr = self._proven_card(verified)
        if acr != CARD_PROVEN:
            # a number that anybody can read off a card is not enough to give the box away with
            refuse("card_proof_required")
        if card.state == REVOKED:
            refuse("card_revoked")
        if card.state != UNPAIRED:
            refuse("card_other_box")
        return Unpaired(box.chip_id, card.number, verified.once)

    def _proven_card(self, verified: _Verified) -> tuple[CardRecord, str]:
        """The registered card that the assertion speaks of, and how far it has proved itself (acr)."""
        assertion, box, card = verified.assertion, verified.box, verified.card
        claim = assertion.card
        if card is not None and card.kind != claim.kind:
            card = None
        if claim.proof is None:
            # only a card that is registered as one that proves nothing may come without a proof
            if card is None or card.public_key is not None:
                refuse("card_proof_required")
            return card, CARD_CLAIMED
        public_key = card.public_key if card else None
        text = ProofText(self._audience, assertion.nonce, box.chip_id, claim.number, box.jkt)
        held = proof_holds(public_key or self._dummy_key, claim.proof, text)
        if card is None or public_key is None or not held:
            refuse("card_proof_invalid")
        check_certificate(
            claim.certificate,
            public_key=public_key,
            number=card.number,
            authorities=self._authorities,
            now=self._clock.now(),
        )
        return card, CARD_PROVEN


def token_hash(token: str) -> bytes:
    """What the service keeps of a token: SHA-256, enough for 256 random bits."""
    return sha256(token.encode()).digest()


def _p256(der: bytes) -> ec.EllipticCurvePublicKey:
    key = load_der_public_key(der)
    if not isinstance(key, ec.EllipticCurvePublicKey):
        raise TypeError("an enrolled device key is a P-256 key")
    return key
