"""``/health`` and ``/metrics``: for whoever runs the service."""

from __future__ import annotations

from fastapi import APIRouter
from sqlalchemy import text
from starlette.responses import PlainTextResponse, Response

from tools.headend.api import schemas
from tools.headend.api.answers import json_response
from tools.headend.api.openapi import METRICS_TEXT, problems
from tools.headend.api.services import Services
from tools.headend.clock import rfc3339


def service_routes(services: Services) -> APIRouter:
    router = APIRouter(tags=["service"])

    @router.get("/health", response_model=schemas.Health, responses=problems("unavailable"))
    def health() -> Response:
        """200 while the service and its database answer."""
        with services.database.read() as connection:
            connection.execute(text("SELECT 1"))
        return json_response({"status": "ok", "time": rfc3339(services.clock.now())})

    @router.get("/metrics", response_class=PlainTextResponse, responses=METRICS_TEXT)
    def metrics() -> Response:
        """Counters in the text format of Prometheus."""
        return Response(services.metrics.text(), media_type="text/plain; version=0.0.4")

    return router
