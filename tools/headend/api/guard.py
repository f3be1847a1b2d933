"""Lets a request in: token, DPoP proof, session row; the same for every resource (contracts.md, step 5)."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime

from starlette.requests import Request

from device.api.redaction import tail
from tools.headend.clock import Clock
from tools.headend.domain.declined import Declined
from tools.headend.identity.dpop import DpopChecker, Expected, Proof
from tools.headend.identity.records import CARD_AND_PIN, CARD_CLAIMED, Once, Session
from tools.headend.identity.refusals import refuse
from tools.headend.identity.sign_in import token_hash
from tools.headend.storage.registry import Registry

_READS_MAX = 100_000
_TOKEN_MAX = 256


class SeenReads:
    """The jti values of reads, in bounded memory: a repeated read tells nothing new, so forgetting one is no harm."""

    def __init__(self, clock: Clock, most: int = _READS_MAX) -> None:
        self._clock = clock
        self._most = most
        self._seen: OrderedDict[bytes, datetime] = OrderedDict()
        self._lock = threading.Lock()

    def use_up(self, once: Once) -> None:
        """Refusal with its code where it was seen before."""
        now = self._clock.now()
        with self._lock:
            if once.digest in self._seen:
                refuse(once.code)
            self._seen[once.digest] = once.expires_at
            while len(self._seen) > self._most or next(iter(self._seen.values())) < now:
                self._seen.popitem(last=False)


@dataclass(frozen=True, slots=True)
class Admitted:
    """Who asks; ``jti`` has to be used up in the transaction of a change."""

    session: Session
    jti: Once


class Guard:
    """Judges the Authorization and DPoP headers of requests to resources. Thread-safe."""

    def __init__(
        self,
        *,
        registry: Registry,
        dpop: DpopChecker,
        clock: Clock,
        origin: str,
        claimed_reads: frozenset[str],
        first_only: frozenset[str] = frozenset(),
    ) -> None:
        self._registry = registry
        self._dpop = dpop
        self._clock = clock
        self._origin = origin
        self._claimed_reads = claimed_reads
        self._first_only = first_only
        self._reads = SeenReads(clock)

    def read(self, request: Request) -> Session:
        """Who reads; Refusal where nobody may. A request is let in once, however often it is asked for here."""
        known: Session | None = request.scope["state"].get("reader")
        if known is not None:
            return known
        session, proof = self._admit(request)
        if session.acr == CARD_CLAIMED and request.url.path not in self._claimed_reads:
            refuse("acr_insufficient")
        self._reads.use_up(proof.jti)
        request.scope["state"]["reader"] = session
        return session

    def change(self, request: Request) -> Admitted:
        """Who changes something; the caller uses the jti up together with the change. Declined extra_box_refused."""
        session, proof = self._admit(request)
        if session.acr == CARD_CLAIMED:
            refuse("acr_insufficient")
        if _feature(request) in self._first_only and self._registry.is_extra(session):
            raise Declined("extra_box_refused")
        return Admitted(session, proof.jti)

    def read_with_pin(self, request: Request) -> Session:
        """Who reads what only the PIN opens (product.md S4); insufficient_user_authentication without it."""
        session = self.read(request)
        _demand_pin(session)
        return session

    def change_with_pin(self, request: Request) -> Admitted:
        """Who changes what only the PIN opens."""
        admitted = self.change(request)
        _demand_pin(admitted.session)
        return admitted

    def end(self, request: Request) -> Admitted:
        """Who gives the session back, which every card may."""
        session, proof = self._admit(request)
        return Admitted(session, proof.jti)

    def still_admits(self, session: Session) -> bool:
        """Whether a session that was let in once is still good: for streams that stay open."""
        now = self._registry.session(session.token_hash)
        return now is not None and now.end_reason is None and now.expires_at > self._clock.now()

    def _admit(self, request: Request) -> tuple[Session, Proof]:
        token = _token(request)
        session = self._registry.session(token_hash(token))
        if session is None or session.expires_at <= self._clock.now():
            refuse("token_invalid")
        expected = Expected(request.method, url_of(request, self._origin), session.jkt, token)
        proof = self._dpop.check(request.headers.getlist("dpop"), expected)
        if session.end_reason is not None:
            refuse(session.end_reason)
        log = request.scope["state"]["log"]
        log["account"], log["chip"] = tail(f"{session.account_id:012d}"), tail(session.chip_id)
        return session, proof


def _feature(request: Request) -> str:
    """What the request is about, as the operator's rule names it (M3): ``transfers`` of ``/v1/transfers/quotes``."""
    return request.url.path.removeprefix("/v1/").partition("/")[0]


def _demand_pin(session: Session) -> None:
    if session.acr != CARD_AND_PIN:
        refuse("insufficient_user_authentication")


def url_of(request: Request, origin: str) -> str:
    """This request's URL as the box knows it, without query: what ``htu`` must say (RFC 9449 section 4.3)."""
    raw: bytes = request.scope.get("raw_path") or request.scope["path"].encode()
    return origin + raw.decode("latin-1")


def _token(request: Request) -> str:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "dpop" or not 1 <= len(token) <= _TOKEN_MAX or not token.isascii():
        refuse("token_invalid", "a request needs 'Authorization: DPoP TOKEN'")
    return token
