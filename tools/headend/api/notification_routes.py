"""``/v1/notifications`` and ``/v1/news``: what the account is told, and what it wants to hear (product.md N1, A6)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from tools.headend.api import talk_schemas as documents
from tools.headend.api.answers import json_response, money
from tools.headend.api.bodies import PathId, parsed, takes
from tools.headend.api.changing import change
from tools.headend.api.device_routes import Body
from tools.headend.api.openapi import CHANGE_CODES, IDEMPOTENCY_KEY, READ_CODES, problems
from tools.headend.api.problems import RequestInvalid
from tools.headend.api.promise_routes import minor_units
from tools.headend.api.reading import reading
from tools.headend.api.services import Services
from tools.headend.clock import from_milliseconds, milliseconds, rfc3339
from tools.headend.delivery.letters import worded
from tools.headend.domain.catalogue import Operator
from tools.headend.domain.declined import Declined
from tools.headend.domain.news import News, shown
from tools.headend.domain.notices import TOPICS, Channels, Topic
from tools.headend.domain.texts import LANGUAGES
from tools.headend.storage import notices
from tools.headend.storage.notices import Choices, StoredNotice
from tools.headend.use_cases import notices as use_cases
from tools.headend.use_cases.work import Work

LINES_MOST = 20
"""Lines that a TV is given at a time."""


def notification_routes(services: Services) -> APIRouter:
    router = APIRouter(prefix="/v1", tags=["messages"])
    operator = services.operator
    rules = operator.notices

    @router.get("/notifications", response_model=documents.Notifications, responses=problems(*READ_CODES))
    def settings(request: Request) -> Response:
        """What the account is told of, and how."""
        with reading(services, request) as view:
            chosen = notices.all_channels(view.connection, view.account_id)
            choices = notices.choices(view.connection, view.account_id, rules)
        return json_response(_settings(operator, choices, chosen))

    @router.post(
        "/notifications",
        response_model=documents.Notifications,
        responses=problems("request_invalid", "notice_required", *CHANGE_CODES),
        openapi_extra=takes(documents.NotificationsChange),
    )
    def choose(request: Request, body: Body) -> Response:
        """Choose channels by topic, the balance to be warned below, the language; what is left out stays."""
        wanted = parsed(documents.NotificationsChange, body)
        least, most = rules.low_range
        low = None if wanted.balance_low is None else minor_units(wanted.balance_low, operator, "balance_low")
        if low is not None and not least <= low <= most:
            raise RequestInvalid("balance_low", f"expected {least} to {most}")
        channels = {Topic(each.topic): Channels(each.sms, each.email, each.tv) for each in wanted.topics or []}
        if len(channels) != len(wanted.topics or []):
            raise RequestInvalid("topics", "a topic stands here twice")

        def use_case(work: Work) -> dict[str, Any]:
            choices, chosen = use_cases.choose(work, channels, language=wanted.language, balance_low=low)
            return _settings(operator, choices, chosen)

        return change(services, request, body, use_case, step_up=False)

    @router.get("/notifications/tv", response_model=documents.TvLines, responses=problems(*READ_CODES))
    def lines(request: Request) -> Response:
        """Lines that no TV of the account has shown yet, oldest first."""
        with reading(services, request) as view:
            since = milliseconds(view.now - timedelta(hours=rules.tv_hours))
            found = notices.tv_lines(view.connection, view.account_id, since, LINES_MOST)
        return json_response({"seconds": rules.tv_seconds, "items": [_line(each, operator) for each in found]})

    @router.post(
        "/notifications/tv/{notice_id}/shown",
        response_model=documents.Shown,
        responses=problems("request_invalid", "not_found", *CHANGE_CODES),
        openapi_extra=IDEMPOTENCY_KEY,
    )
    def shown_on_tv(request: Request, notice_id: PathId, body: Body) -> Response:
        """A TV has shown a line; no other one shows it again."""

        def use_case(work: Work) -> dict[str, Any]:
            newly = notices.mark_shown(work.connection, work.account_id, notice_id, milliseconds(work.now))
            if newly is None:
                raise Declined("not_found", "this account has no such line")
            work.touched = newly
            return {"id": notice_id, "shown": True}

        return change(services, request, body, use_case, step_up=False)

    @router.get("/news", response_model=documents.NewsList, responses=problems(*READ_CODES))
    def news(request: Request) -> Response:
        """News and offers for the account's region, newest first."""
        with reading(services, request) as view:
            wanted = notices.choices(view.connection, view.account_id, rules).news
            items = shown(operator.news, view.region.id, view.today) if wanted else []
        return json_response({"shown": wanted, "items": [_news(each) for each in items]})

    @router.post(
        "/news/settings",
        response_model=documents.NewsShown,
        responses=problems("request_invalid", *CHANGE_CODES),
        openapi_extra=takes(documents.NewsChoice),
    )
    def choose_news(request: Request, body: Body) -> Response:
        """Switch news and offers off, or on again; the operator's messages stay."""
        wanted = parsed(documents.NewsChoice, body)

        def use_case(work: Work) -> dict[str, Any]:
            use_cases.choose(work, {}, news=wanted.shown)
            return {"shown": wanted.shown}

        return change(services, request, body, use_case, step_up=False)

    return router


def _settings(operator: Operator, choices: Choices, chosen: dict[Topic, Channels]) -> dict[str, Any]:
    rules = operator.notices
    least, most = rules.low_range
    return {
        "language": choices.language,
        "balance_low": money(choices.balance_low, operator.currency),
        "balance_low_limits": {"least": money(least, operator.currency), "most": money(most, operator.currency)},
        "topics": [_topic(topic, rules.wanted(topic, chosen.get(topic)), operator) for topic in Topic],
    }


def _topic(topic: Topic, wanted: Channels, operator: Operator) -> dict[str, Any]:
    return {
        "topic": topic.value,
        "title": dict(operator.notices.titles[topic]),
        "fixed": topic in operator.notices.fixed,
        "sms": wanted.sms,
        "email": wanted.email,
        "tv": wanted.tv,
    }


def _line(notice: StoredNotice, operator: Operator) -> dict[str, Any]:
    return {
        "id": notice.notice_id,
        "at": rfc3339(from_milliseconds(notice.at)),
        "topic": TOPICS[notice.event].value,
        "text": {language: worded(notice, operator, language) for language in LANGUAGES},
    }


def _news(news: News) -> dict[str, Any]:
    return {
        "id": news.id,
        "kind": news.kind,
        "since": news.first.isoformat(),
        "until": news.last.isoformat() if news.last else None,
        "item": news.item,
        "title": dict(news.title),
        "text": dict(news.text),
    }
