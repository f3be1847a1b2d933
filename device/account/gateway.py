"""account.request and account.pending: the app's way to the account service, with what is known when it is silent."""

from __future__ import annotations

import asyncio
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any

from device.account.exchange import Exchange, is_final
from device.account.journal import Journal
from device.account.raised import RaisedSession
from device.account.request import account_request
from device.account.resender import NetworkTrouble, refusal, unknown
from device.api.errors import ApiError, Offline
from device.ports.account_service import AccountAnswer, AccountRequest, Grant, Unreachable
from device.ports.card import CardFacts
from device.ports.clock import Clock
from device.rpc.server import Call
from device.signin.keeper import SessionKeeper
from device.workers import Workers

SESSION_SECONDS = 3.5
"""How long a viewer's request waits for a sign-in that is under way."""
ANSWER_SECONDS = 4.5
"""In all; the app waits 5. What hangs longer goes on in the background, and the viewer sees what is known."""

Sent = tuple[AccountAnswer, str]


@dataclass(frozen=True)
class GatewayParts:
    """``workers`` exchange with the service; ``storage`` is the one that only touches the disk and so never hangs
    with a network. ``answer_seconds``: see above."""

    keeper: SessionKeeper
    exchange: Exchange
    journal: Journal
    workers: Workers
    storage: Workers
    clock: Clock
    answer_seconds: float = ANSWER_SECONDS


class AccountGateway:
    """On the event loop; an exchange that began ends on its worker even when its caller is gone."""

    def __init__(self, parts: GatewayParts) -> None:
        self._parts = parts
        self._keeper = parts.keeper
        self._exchange = parts.exchange
        self._raised = RaisedSession(parts.clock)

    async def request(self, call: Call) -> dict[str, Any]:
        """account.request. InvalidParams; Offline; ``no_session``; ``answer_unknown`` for a change that may have got
        through, stays in account.pending and is sent again by itself."""
        request = account_request(call.params, call.request_id)
        deadline = asyncio.get_running_loop().time() + self._parts.answer_seconds
        grant = await self._keeper.session(limit=min(SESSION_SECONDS, self._parts.answer_seconds))
        card = self._keeper.card
        if grant is None or card is None:
            return await self._without_session(request)
        try:
            answer, as_of = await self._answer(grant, card, request, deadline)
        except NetworkTrouble as error:
            if request.idempotency_key is not None:
                raise unknown(error.retry_after) from None
            if not request.reads:
                raise _sent_once(error) from None
            return await self._stale(card, request, error.retry_after)
        if request.idempotency_key is not None and not is_final(answer):
            raise unknown(None)
        if request.reads and answer.status >= 500:
            known = await self._known(card, request)
            if known is not None:
                return known
        return {"status": answer.status, "body": answer.body, "as_of": as_of, "stale": False}

    async def pending(self, call: Call) -> list[dict[str, Any]]:
        """account.pending, of the card in the slot only."""
        del call
        card = self._keeper.card
        if card is None:
            return []
        entries = await self._parts.storage.run(self._parts.journal.of, card.owner)
        return [entry.to_json() for entry in entries]

    async def _answer(self, grant: Grant, card: CardFacts, request: AccountRequest, deadline: float) -> Sent:
        """The answer of this session, with the token that the PIN opened where there is one, or of the next."""
        asked = self._parts.clock.boottime()
        once = not request.reads and request.idempotency_key is None
        sent_with = self._raised.over(grant, card)
        answer, as_of = await self._send(grant, card, request, deadline, sent_with)
        if sent_with is not grant and _session_ended(answer):
            self._raised.forget()
            if once:
                raise _session_over()
            answer, as_of = await self._send(grant, card, request, deadline, grant)
        if _session_ended(answer):
            if once:
                self._keeper.session_refused(grant, refusal(answer))
                raise _session_over()
            answer, as_of = await self._send_in_next_session(grant, card, request, answer, deadline)
        return self._raised.taken_from(card, request, answer, asked), as_of

    async def _send(
        self, grant: Grant, card: CardFacts, request: AccountRequest, deadline: float, sent_with: Grant
    ) -> Sent:
        if request.idempotency_key is None:
            sending = self._begin(sent_with, card, request)
        else:
            sending = await self._parts.storage.run(self._write_down_and_begin, sent_with, card, request)
        answer = asyncio.wrap_future(sending)
        left = deadline - asyncio.get_running_loop().time()
        try:
            return await asyncio.wait_for(asyncio.shield(answer), max(0.0, left))
        except TimeoutError:
            answer.add_done_callback(lambda late: self._answered_late(grant, late))
            raise Unreachable("http", "the service takes too long") from None
        except NetworkTrouble as error:
            self._keeper.session_failed(grant, error)
            raise
        finally:
            self._refuse_other_card(card)

    def _write_down_and_begin(self, grant: Grant, card: CardFacts, request: AccountRequest) -> Future[Sent]:
        """On the storage worker, in one go: what is written down is also sent, whoever goes away meanwhile."""
        self._exchange.write_down(card.owner, request)
        return self._begin(grant, card, request)

    def _begin(self, grant: Grant, card: CardFacts, request: AccountRequest) -> Future[Sent]:
        return self._parts.workers.submit(self._exchange.send, grant, card.owner, request)

    def _answered_late(self, grant: Grant, answer: asyncio.Future[Sent]) -> None:
        error = None if answer.cancelled() else answer.exception()
        if isinstance(error, NetworkTrouble):
            self._keeper.session_failed(grant, error)

    async def _send_in_next_session(
        self, grant: Grant, card: CardFacts, request: AccountRequest, refused: AccountAnswer, deadline: float
    ) -> Sent:
        """The service ended the session: once more in the next one, if there is one."""
        self._keeper.session_refused(grant, refusal(refused))
        left = deadline - asyncio.get_running_loop().time()
        fresh = await self._keeper.session(limit=max(0.0, left), other_than=grant)
        self._refuse_other_card(card)
        if fresh is None:
            if self._keeper.session_status()["state"] == "refused":
                raise self._no_session()
            raise Unreachable("http", "the session is over and there is no new one yet")
        return await self._send(fresh, card, request, deadline, fresh)

    def _refuse_other_card(self, card: CardFacts) -> None:
        """What was asked for one card is not shown to the next."""
        now = self._keeper.card
        if now is None or now.generation != card.generation:
            raise self._no_session()

    async def _without_session(self, request: AccountRequest) -> dict[str, Any]:
        status, card = self._keeper.session_status(), self._keeper.card
        if status["state"] not in ("offline", "starting") or card is None:
            raise self._no_session()
        return await self._stale(card, request, status["retry_after_s"])

    async def _stale(self, card: CardFacts, request: AccountRequest, retry_after: float | None) -> dict[str, Any]:
        known = await self._known(card, request) if request.reads else None
        if known is None:
            raise Offline("the account service cannot be reached; nothing was sent", retry_after=retry_after)
        return known

    async def _known(self, card: CardFacts, request: AccountRequest) -> dict[str, Any] | None:
        known = await self._parts.storage.run(self._exchange.last_known, card.owner, request)
        self._refuse_other_card(card)
        return None if known is None else {"status": 200, "body": known.body, "as_of": known.as_of, "stale": True}

    def _no_session(self) -> ApiError:
        status = self._keeper.session_status()
        return ApiError(f"there is no session: {status['code'] or status['state']}", code="no_session")


def _session_ended(answer: AccountAnswer) -> bool:
    return answer.status == 401 and not is_final(answer)


def _session_over() -> Offline:
    return Offline("the session was over, nothing was done", remedy="ask the viewer once more", retry_after=1.0)


def _sent_once(error: ApiError) -> ApiError:
    """What a PIN or a code gets that was sent once and not answered: it is never sent again by itself."""
    if isinstance(error, Unreachable) and error.step == "http":
        return ApiError(
            "whether the service took it is not known; it is not sent again",
            code="answer_unknown",
            remedy="ask what is true now, then the viewer once more",
            retry_after=error.retry_after,
        )
    return Offline("the account service cannot be reached; nothing was sent", retry_after=error.retry_after)
