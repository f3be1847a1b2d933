"""``/v1/tariffs``, ``/v1/packages``, ``/v1/channels``: what is sold where the account is (product.md T1-T4)."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from tools.headend.api import sales_schemas
from tools.headend.api.account_routes import Cursor, Limit
from tools.headend.api.answers import cursor_of, json_response, text_cursor
from tools.headend.api.bodies import ID_PATTERN
from tools.headend.api.openapi import READ_CODES, problems
from tools.headend.api.problems import RequestInvalid
from tools.headend.api.reading import reading
from tools.headend.api.sales_view import channels_view, packages_view, shop, tariff_history_view, tariffs_view
from tools.headend.api.services import Services

ItemId = Annotated[str | None, Query(pattern=ID_PATTERN, description="Of this tariff or package", examples=["sport"])]
GenreId = Annotated[str | None, Query(pattern=ID_PATTERN, description="Of this genre", examples=["news"])]


def sales_routes(services: Services) -> APIRouter:
    router = APIRouter(prefix="/v1", tags=["sales"])

    @router.get("/tariffs", response_model=sales_schemas.SoldTariffs, responses=problems(*READ_CODES))
    def tariffs(request: Request) -> Response:
        """The tariffs of the account's region, to compare with the one that it has."""
        with reading(services, request) as view:
            return json_response(tariffs_view(shop(view)))

    @router.get("/tariffs/history", response_model=sales_schemas.TariffHistory, responses=problems(*READ_CODES))
    def tariff_history(request: Request) -> Response:
        """Which tariffs the account had, has and will have."""
        with reading(services, request) as view:
            return json_response(tariff_history_view(view))

    @router.get("/packages", response_model=sales_schemas.SoldPackages, responses=problems(*READ_CODES))
    def packages(request: Request) -> Response:
        """Channel packages, options and paid subscriptions of the account's region."""
        with reading(services, request) as view:
            return json_response(packages_view(view))

    @router.get(
        "/channels",
        response_model=sales_schemas.TvChannels,
        responses=problems("request_invalid", *READ_CODES),
    )
    def channels(
        request: Request, item: ItemId = None, genre: GenreId = None, limit: Limit = 50, cursor: Cursor = None
    ) -> Response:
        """All channels by number, with what each costs by itself."""
        operator, after = services.operator, text_cursor(cursor)
        if item is not None and item not in operator.items:
            raise RequestInvalid("item", "not a tariff or package of this operator")
        if genre is not None and genre not in operator.genres:
            raise RequestInvalid("genre", "not a genre of this operator")
        found = sorted(
            (
                each
                for each in operator.channels.values()
                if (item is None or item in each.items)
                and (genre is None or genre == each.genre)
                and (after is None or each.number > after[0])
            ),
            key=lambda each: each.number,
        )
        shown, more = found[:limit], len(found) > limit
        next_cursor = cursor_of(shown[-1].number, shown[-1].id) if more else None
        with reading(services, request) as view:
            return json_response({"items": channels_view(shop(view), shown), "next_cursor": next_cursor})

    return router
