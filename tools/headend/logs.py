"""Log lines as JSON, one a line, with nothing in them that must stay secret (device.api.redaction)."""

from __future__ import annotations

import json
import logging
import re
import sys
from datetime import UTC, datetime
from typing import Any

from device.api.redaction import HIDDEN, redact, redact_text

NAME = "headend"
_DETAIL = re.compile(r"^(DETAIL: ).*$", re.MULTILINE)
"""Where PostgreSQL says which row failed, all of it: names, addresses, texts."""


class JsonFormatter(logging.Formatter):
    """``{"at", "level", "event", …}``; ``record.fields`` (a dict) is put beside them, redacted by key and value, and
    ``record.plain`` as it is: what this service made itself, and knows to hold nothing secret."""

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        line: dict[str, Any] = {"at": at, "level": record.levelname.lower(), "event": redact_text(record.getMessage())}
        line.update(getattr(record, "plain", {}))
        fields = getattr(record, "fields", None)
        if isinstance(fields, dict):
            line.update(redact(fields))
        if record.exc_info:
            trace = _DETAIL.sub(rf"\1{HIDDEN}", self.formatException(record.exc_info))
            line["trace"] = redact_text(trace)
        return json.dumps(line, ensure_ascii=False, default=str)


def set_up_logging(level: int = logging.INFO) -> None:
    """Send the service's and uvicorn's lines to stderr in this form; stdout carries the listening line alone."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonFormatter())
    for name, least in ((NAME, level), ("uvicorn", logging.WARNING), ("alembic", logging.WARNING)):
        logger = logging.getLogger(name)
        logger.handlers = [handler]
        logger.setLevel(least)
        logger.propagate = False
