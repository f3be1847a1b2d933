"""``/v1/messages`` and ``/v1/events``: what the operator tells, and that something changed."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response, StreamingResponse

from tools.headend.api import schemas
from tools.headend.api.account_routes import Cursor, Limit
from tools.headend.api.answers import cursor_of, json_response, text_cursor
from tools.headend.api.bodies import PathId
from tools.headend.api.changing import change
from tools.headend.api.device_routes import Body
from tools.headend.api.openapi import CHANGE_CODES, EVENT_STREAM, IDEMPOTENCY_KEY, READ_CODES, problems
from tools.headend.api.reading import reading
from tools.headend.api.services import Services
from tools.headend.api.watching import version_of
from tools.headend.clock import from_milliseconds, rfc3339
from tools.headend.domain.declined import Declined
from tools.headend.identity.records import Session
from tools.headend.storage import accounts
from tools.headend.use_cases.work import Work


def message_routes(services: Services) -> APIRouter:
    router = APIRouter(prefix="/v1", tags=["messages"])

    @router.get("/messages", response_model=schemas.Messages, responses=problems("request_invalid", *READ_CODES))
    def messages(request: Request, limit: Limit = 50, cursor: Cursor = None) -> Response:
        """The operator's messages to this account, newest first."""
        after = text_cursor(cursor)
        with reading(services, request) as view:
            rows = accounts.messages_of(view.connection, view.account_id, limit + 1, after)
        shown, more = rows[:limit], len(rows) > limit
        next_cursor = cursor_of(shown[-1].at, shown[-1].message_id) if more else None
        return json_response({"items": [_message(each) for each in shown], "next_cursor": next_cursor})

    @router.post(
        "/messages/{message_id}/read",
        response_model=schemas.MessageRead,
        responses=problems("request_invalid", "not_found", *CHANGE_CODES),
        openapi_extra=IDEMPOTENCY_KEY,
    )
    def read(request: Request, message_id: PathId, body: Body) -> Response:
        """The viewer has read a message."""

        def use_case(work: Work) -> dict[str, Any]:
            newly = accounts.mark_read(work.connection, work.account_id, message_id, work.now)
            if newly is None:
                raise Declined("not_found", "this account has no such message")
            work.touched = newly
            return {"id": message_id, "read": True}

        return change(services, request, body, use_case, step_up=False)

    @router.get("/events", response_class=StreamingResponse, responses={**EVENT_STREAM, **problems(*READ_CODES)})
    async def events(request: Request) -> Response:
        """Server-sent events: ``account.changed``; a comment every few seconds; ends with the session."""
        session = await run_in_threadpool(services.guard.read, request)
        return StreamingResponse(_stream(services, session), media_type="text/event-stream")

    return router


async def _stream(services: Services, session: Session) -> AsyncIterator[str]:
    """WHATWG HTML, section 9.2. The session is looked at whenever the stream wakes up, and the box comes back anew."""
    services.metrics.count("headend_event_streams")
    try:
        version = await run_in_threadpool(version_of, services.database, session.account_id)
        with services.hub.listening(session.account_id, version) as listener:
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
