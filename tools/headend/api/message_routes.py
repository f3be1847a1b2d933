"""``/v1/messages`` and ``/v1/events``: what the operator tells, and that something changed."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

from fastapi import APIRouter, Request
from sqlalchemy import Connection
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response, StreamingResponse

from tools.headend.api import schemas
from tools.headend.api.account_routes import Cursor, Limit
from tools.headend.api.answers import cursor_of, json_response, text_cursor
from tools.headend.api.device_routes import Body
from tools.headend.api.openapi import CHANGE_CODES, EVENT_STREAM, IDEMPOTENCY_KEY, READ_CODES, problems
from tools.headend.api.problems import declined_answer
from tools.headend.api.requests import idempotency_key
from tools.headend.api.services import Services
from tools.headend.clock import from_milliseconds, rfc3339
from tools.headend.identity.records import Session
from tools.headend.storage import accounts
from tools.headend.storage.changes import Change, Declined


def message_routes(services: Services) -> APIRouter:
    router = APIRouter(prefix="/v1", tags=["messages"])

    @router.get("/messages", response_model=schemas.Messages, responses=problems("request_invalid", *READ_CODES))
    def messages(request: Request, limit: Limit = 50, cursor: Cursor = None) -> Response:
        """The operator's messages to this account, newest first."""
        session = services.guard.read(request)
        after = text_cursor(cursor)
        with services.database.read() as connection:
            rows = accounts.messages_of(connection, session.account_id, limit + 1, after)
        shown, more = rows[:limit], len(rows) > limit
        next_cursor = cursor_of(shown[-1].at, shown[-1].message_id) if more else None
        return json_response({"items": [_message(each) for each in shown], "next_cursor": next_cursor})

    @router.post(
        "/messages/{message_id}/read",
        response_model=schemas.MessageRead,
        responses=problems("request_invalid", "not_found", *CHANGE_CODES),
        openapi_extra=IDEMPOTENCY_KEY,
    )
    def read(request: Request, message_id: str, body: Body) -> Response:
        """The viewer has read a message."""
        admitted = services.guard.change(request)
        account_id = admitted.session.account_id
        changed = False

        def effect(connection: Connection) -> dict[str, Any]:
            nonlocal changed
            newly = accounts.mark_read(connection, account_id, message_id, services.clock.now())
            if newly is None:
                raise Declined(404, "not_found", "this account has no such message")
            changed = newly
            return {"id": message_id, "read": True}

        change = Change(account_id, f"POST {request.url.path}", idempotency_key(request), body, admitted.jti)
        answer = services.changes.run(change, effect, declined_answer)
        if changed:
            services.hub.tell(account_id)
        media_type = "application/json" if answer.status < 400 else "application/problem+json"
        return Response(answer.body, answer.status, media_type=media_type)

    @router.get("/events", responses={**EVENT_STREAM, **problems(*READ_CODES)})
    async def events(request: Request) -> Response:
        """Server-sent events: ``account.changed``; a comment every few seconds; ends with the session."""
        session = await run_in_threadpool(services.guard.read, request)
        return StreamingResponse(_stream(services, session), media_type="text/event-stream")

    return router


async def _stream(services: Services, session: Session) -> AsyncIterator[str]:
    """WHATWG HTML, section 9.2. The session is looked at whenever the stream wakes up, and the box comes back anew."""
    services.metrics.count("headend_event_streams")
    try:
        with services.hub.listening(session.account_id) as listener:
            yield ": connected\n\n"
            while True:
                left = (session.expires_at - services.clock.now()).total_seconds()
                await listener.wait(max(0.0, min(services.keep_alive, left)))
                if listener.closing or not await run_in_threadpool(services.guard.still_admits, session):
                    return
                if listener.changed:
                    listener.changed = False
                    at = rfc3339(services.clock.now())
                    yield f'event: account.changed\ndata: {{"at": "{at}"}}\n\n'
                else:
                    yield ": keep-alive\n\n"
    finally:
        services.metrics.count("headend_event_streams", by=-1)


def _message(message: accounts.StoredMessage) -> dict[str, Any]:
    return {
        "id": message.message_id,
        "at": rfc3339(from_milliseconds(message.at)),
        "title": message.title,
        "text": message.text,
        "read": message.read_at is not None,
    }
