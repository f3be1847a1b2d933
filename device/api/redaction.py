"""The one place for redaction: by key and by value, for logs, dumps and reports.

PIN, codes, keys, tokens and payment card numbers never appear; smart-card numbers, Chip IDs and account numbers
appear as their last four digits (quality.md, "Correct and safe").
"""

from __future__ import annotations

import logging
import re
from typing import Any

HIDDEN = "[hidden]"

_SECRET_KEYS = re.compile(
    r"(^|_)(pin|puk|code|otp|password|secret|token|access_token|authorization|dpop|assertion|proof|private_key|key|nonce|jti|pepper|d)$",
    re.IGNORECASE,
)
_TAIL_KEYS = re.compile(
    r"(^|_)(chip_id|card_number|account_number|number|serial|serial_number|iss|sub)$", re.IGNORECASE
)
_JWT = re.compile(r"eyJ[A-Za-z0-9_-]{6,}(?:\.[A-Za-z0-9_-]*){1,4}")
_BEARER = re.compile(r"\b(DPoP|Bearer)\s+[A-Za-z0-9._~+/=-]{8,}")
_PEM = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|\Z)", re.DOTALL)
_PIN_WORD = re.compile(r"(?i)\b(pin|code|otp|пин|код)(\s*[=:]\s*)['\"]?\d{4,8}\b")
_DIGITS = re.compile(r"(?<![\d.])\d(?:[ -]?\d){9,18}(?![\d.])")


def tail(identifier: str) -> str:
    """An identifier as its last four characters: ``…5678``."""
    return f"…{identifier[-4:]}" if len(identifier) > 4 else "…"


def _digits(match: re.Match[str]) -> str:
    digits = re.sub(r"[ -]", "", match.group())
    return HIDDEN if len(digits) >= 13 and _luhn(digits) else tail(digits)


def _luhn(digits: str) -> bool:
    """ISO/IEC 7812-1 annex B: how payment card numbers are told from other long numbers."""
    doubled = [int(d) * 2 if i % 2 else int(d) for i, d in enumerate(reversed(digits))]
    return sum(d - 9 if d > 9 else d for d in doubled) % 10 == 0


def redact_text(text: str) -> str:
    """``text`` without secrets, long numbers cut to their last four digits."""
    text = _PEM.sub(HIDDEN, text)
    text = _JWT.sub(HIDDEN, text)
    text = _BEARER.sub(lambda m: f"{m.group(1)} {HIDDEN}", text)
    text = _PIN_WORD.sub(lambda m: f"{m.group(1)}{m.group(2)}{HIDDEN}", text)
    return _DIGITS.sub(_digits, text)


def redact(value: Any) -> Any:
    """A JSON-like value without secrets: dicts by key, texts by what they look like."""
    if isinstance(value, dict):
        return {key: _by_key(str(key), each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [redact(each) for each in value]
    if isinstance(value, str):
        return redact_text(value)
    if isinstance(value, bytes):
        return HIDDEN
    return value


def _by_key(key: str, value: Any) -> Any:
    if _SECRET_KEYS.search(key) and not isinstance(value, dict | list) and value is not None:
        # an error's code ("card_revoked", "C-01") is a name, not a secret: only digits and key material are hidden
        if isinstance(value, str) and key == "code" and not value.isdigit():
            return redact_text(value)
        return HIDDEN
    if _TAIL_KEYS.search(key) and isinstance(value, str | int) and not isinstance(value, bool):
        return tail(str(value))
    return redact(value)


class RedactingFormatter(logging.Formatter):
    """Formats as usual, then redacts the whole line: a traceback's texts too."""

    def format(self, record: logging.LogRecord) -> str:
        return redact_text(super().format(record))
