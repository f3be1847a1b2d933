"""The one place for redaction: by key and by value, for logs, dumps and reports.

PIN, codes, keys, tokens and payment card numbers never appear; smart-card numbers, Chip IDs and account numbers
appear as their last four digits (quality.md, "Correct and safe"). Where a text leaves a doubt, it is hidden.
"""

from __future__ import annotations

import logging
import re
from enum import Enum
from functools import lru_cache
from itertools import accumulate
from typing import Any

HIDDEN = "[hidden]"
_MAX_DEPTH = 64

_SECRET = re.compile(
    r"(?:^|_)(?:(?:pin|puk|otp|password|token|secret)_(?:code|value|hash|text)|pin_?code|pin|puk|otp|cvv2?|cvc2?|pan"
    r"|pass(?:word|wd|code|phrase)|secret|token|cookie|authorization|dpop|assertion|proof|key|nonce|jti|pepper|пин"
    r"|пин_код)s?_?\d*$|^d$"
)
_NO_SECRET = re.compile(r"(?:^|_)(?:idempotency|public)_key$")
_CODE = re.compile(r"(?:^|_)(?:code|код)s?_?\d*$")
_NO_CODE = re.compile(r"(?:^|_)(?:status|exit|error|return|reason|country|language|currency)_code$")
_CODE_NAME = re.compile(r"(?!(?:\D*\d){4})[a-z]+(?:_[a-z0-9]+)*|[A-Z]{1,2}-\d\d|-?\d{1,3}|-\d+|None|null")
"""What an error's code looks like (``card_revoked``, ``C-01``, 404, -32601); anything else was made to be secret."""
_IDENTIFIER = re.compile(r"(?:^|_)(?:chip_?id|card_number|account_number|contract_number|serial_number)s?$")
_NUMBER = re.compile(r"(?:^|_)(?:number|serial|iss|sub)s?$")
_JWK_PRIVATE = frozenset({"d", "p", "q", "dp", "dq", "qi", "k", "oth"})

_NAME = re.compile(r"[^\W\d]{0,39}|…\w{0,4}")
"""One word without a digit, or what ``tail`` left: no rule below says anything of it, and most values of a log are
such."""
_PEM = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|\Z)", re.DOTALL)
_JWT = re.compile(r"eyJ[A-Za-z0-9_-]{6,}(?:\.[A-Za-z0-9_-]*){1,4}")
_SCHEME = re.compile(r"\b(DPoP|Bearer|Basic)([ \t]+)([A-Za-z0-9._~+/=-]{8,})", re.IGNORECASE)
_RANDOM = re.compile(r"[A-Za-z0-9_-]{40,}")
_KEYED = re.compile(r"(?<!\w)([^\W\d][\w-]{0,63}+)[\"'\\]{0,3}[ \t]{0,3}(?:=>|[:=])[ \t]{0,3}")
_VALUE = re.compile(
    r"b?\"(?:[^\"\\\n]|\\.){0,4096}\"|b?'(?:[^'\\\n]|\\.){0,4096}'|[\[(][^\])\n]{0,4096}[\])]|\{[^}\n]{0,4096}\}"
    r"|[^\s,;&}\]]+"
)
_SAID = re.compile(
    r"(?<![^\W\d_])((?:pin|puk|otp|cv[vc]2?|pass?code|code|пин|код|kód|código|clave)(?:[-_ ]?(?:code|код|kód))?"
    r"[^\W\d_]{0,2}(?:[^\w\n]{1,4}[^\W\d]{2,14})?[^\w\n,;]{0,4})(?<![\s:=]-)\d(?:[ -]?\d){3,7}(?!\d)",
    re.IGNORECASE,
)
_CHIP_ID = re.compile(r"(\bchip[ _-]?id\b[^\w\n]{1,4})(?=[^\W_]*\d)([^\W_]{5,})", re.IGNORECASE)
_ESCAPE = re.compile(r"(\\x[0-9a-f]{2}|\\u[0-9a-f]{4}|\\U[0-9a-f]{8})")
"""A character in JSON or repr: its digits are none of the number beside it."""
_GROUPED = re.compile(
    r"(?:(?<!\d)|(?<=\\x[0-9a-f]{2})|(?<=\\u[0-9a-f]{4})|(?<=\\U[0-9a-f]{8}))\d{4}"
    r"([^\w\n]{1,3}|%[0-9A-F]{2}|\\x[0-9a-f]{2}|\\u[0-9a-f]{4})(?:\d{4}\1\d{4}\1\d{4}|\d{6}\1\d{5})(?!\d)"
)
_GAP = r"[ \t\xa0\u2007\u2009\u202f_\-\u2010-\u2015\u2212]{0,2}"
_LONG = re.compile(
    r"(?P<date>(?<!\d)(?:19|20)\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])"
    r"(?:(?=[T ]\d\d:\d\d)|(?![ _-]{0,2}\d(?!\d{3}-\d\d-))))"
    r"|(?P<id>(?<![^\W_])(?=[\d-]*[a-f])(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{16}|[0-9a-f]{32}"
    r"|[0-9a-f]{40}|[0-9a-f]{64})(?![^\W_]))|(?P<atr>(?<![^\W_])3[BF](?:[0-9A-F]{2}){1,32}(?![^\W_]))"
    rf"|\d(?:{_GAP}\d){{9,}}"
)
"""Dates, ids in hex (UUID, request id, hash) and ATRs are set apart from the long numbers that they may contain."""


class _Kind(Enum):
    plain = 0
    secret = 1
    code = 2
    identifier = 3
    number = 4


def tail(identifier: str) -> str:
    """An identifier as its last four characters: ``…5678``."""
    return f"…{identifier[-4:]}" if len(identifier) > 4 else "…"


def redact_text(text: str) -> str:
    """``text`` without secrets, long numbers cut to their last four digits."""
    if _NAME.fullmatch(text):
        return text
    text = _PEM.sub(HIDDEN, text)
    text = _JWT.sub(HIDDEN, text)
    text = _SCHEME.sub(lambda m: m[0] if _is_word(m[3]) else f"{m[1]}{m[2]}{HIDDEN}", text)
    text = _without_keyed(text)
    text = _SAID.sub(rf"\1{HIDDEN}", text)
    text = _CHIP_ID.sub(lambda m: f"{m[1]}{tail(m[2])}", text)
    text = _RANDOM.sub(lambda m: HIDDEN if _is_random(m[0]) else m[0], text)
    text = _GROUPED.sub(lambda m: HIDDEN if _luhn(_digits_of(m[0].replace(m[1], ""))) else m[0], text)
    return "".join(part if n % 2 else _LONG.sub(_long, part) for n, part in enumerate(_ESCAPE.split(text)))


def hide_card_numbers(text: str) -> str:
    """What a person wrote, without payment card numbers; telephone and account numbers stay, since somebody needs them
    to answer."""
    text = _GROUPED.sub(lambda m: HIDDEN if _luhn(_digits_of(m[0].replace(m[1], ""))) else m[0], text)
    return _LONG.sub(_card_number, text)


def redact(value: Any) -> Any:
    """A JSON-like value without secrets: dicts by key, everything by what it looks like.

    What JSON does not know comes back as redacted text, what is nested deeper than 64 as hidden.
    """
    return _redact(value, _MAX_DEPTH)


def _redact(value: Any, depth: int) -> Any:
    if isinstance(value, dict | list | tuple | set | frozenset):
        if depth == 0:
            return HIDDEN
        if not isinstance(value, dict):
            return [_redact(each, depth - 1) for each in value]
        jwk = "kty" in value
        return {
            _scalar(key): HIDDEN if jwk and key in _JWK_PRIVATE else _by_kind(_kind_of(key), each, depth - 1)
            for key, each in value.items()
        }
    return _scalar(value)


def _by_kind(kind: _Kind, value: Any, depth: int) -> Any:
    if value is None or isinstance(value, bool):
        return value
    if kind is _Kind.secret or _is_huge(value):
        return HIDDEN
    if kind is not _Kind.plain and isinstance(value, list | tuple | set | frozenset):
        return [_by_kind(kind, each, depth - 1) if depth > 0 else HIDDEN for each in value]
    if kind is _Kind.code:
        return value if isinstance(value, str | int) and _CODE_NAME.fullmatch(str(value)) else HIDDEN
    if isinstance(value, str | int) and kind in (_Kind.identifier, _Kind.number):
        cut = _cut(kind, str(value))
        return value if cut == str(value) else cut
    return _redact(value, depth)


def _scalar(value: Any) -> Any:
    """Itself where nothing in it is secret, else a text."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, bytes | bytearray | memoryview) or _is_huge(value):
        return HIDDEN
    if isinstance(value, int | float) and abs(value) < 10**10:
        return value  # seconds, sums; an identifier as a number is longer
    text = redact_text(str(value))
    return value if isinstance(value, int | float) and text == str(value) else text


def _is_huge(value: Any) -> bool:
    """A number that Python may refuse to write out (sys.set_int_max_str_digits)."""
    return isinstance(value, int) and abs(value) >= 10**64


def _kind_of(key: object) -> _Kind:
    return _kind(key[-64:]) if isinstance(key, str) else _Kind.plain


@lru_cache(maxsize=512)
def _kind(key: str) -> _Kind:
    """``accessToken``, ``Access-Token`` and ``access_token`` are one key."""
    dashed = re.sub(r"[\W_]+", "_", key)
    for name in (dashed.lower(), re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", dashed).lower()):
        if _SECRET.search(name) and not _NO_SECRET.search(name):
            return _Kind.secret
        if _CODE.search(name) and not _NO_CODE.search(name):
            return _Kind.code
        if _IDENTIFIER.search(name):
            return _Kind.identifier
        if _NUMBER.search(name):
            return _Kind.number
    return _Kind.plain


def _without_keyed(text: str) -> str:
    """``key=value``, ``key: value``, ``"key": "value"`` inside a text (query, form, JSON, repr, message)."""
    parts: list[str] = []
    done = position = 0
    while keyed := _KEYED.search(text, position):
        position = keyed.end()
        kind = _kind(keyed[1])
        value = None if kind is _Kind.plain else _VALUE.match(text, position)
        if value is None:
            continue
        shown = _shown(kind, value[0])
        if shown != value[0]:
            parts += (text[done:position], shown)
            done = position = value.end()
    return "".join((*parts, text[done:]))


def _shown(kind: _Kind, value: str) -> str:
    bare = value.strip("\"'\\.,:;!)")
    if _is_word(value.rstrip(".,:;!)")):
        return value  # "token: expected a text"
    if kind is _Kind.secret or (kind is _Kind.code and not _CODE_NAME.fullmatch(bare)):
        quote = value[0] if value[0] == value[-1] and value[0] in "\"'" else ""
        return f"{quote}{HIDDEN}{quote}"
    if kind is _Kind.code or not any(map(str.isdigit, bare)):
        return value
    if value[0] in "[({":
        return HIDDEN if kind is _Kind.identifier else value  # what stands inside is looked at by itself
    return _cut(kind, bare)


def _cut(kind: _Kind, identifier: str) -> str:
    if kind is _Kind.number and len(identifier) <= 5:
        return identifier
    if re.fullmatch(r"[\w-]+|[\d -]+", identifier):
        return tail(identifier)
    text = redact_text(identifier)
    return HIDDEN if HIDDEN in text else tail(text)


def _long(match: re.Match[str]) -> str:
    found = match[0]
    if match["date"] or match["atr"]:
        return found
    if match["id"]:
        return HIDDEN if _has_card_number(re.findall(r"\d{13,19}", found)) else found
    groups = re.findall(r"\d+", found)
    if _has_card_number(groups):
        return HIDDEN
    before, after = match.string[: match.start()][-2:], match.string[match.end() : match.end() + 2]
    if re.fullmatch(r"\d\.", before) or re.fullmatch(r"\.\d", after):
        return found  # part of a decimal number
    return tail("".join(groups))


def _card_number(match: re.Match[str]) -> str:
    groups = re.findall(r"\d+", match[0])
    return match[0] if match["date"] or match["id"] or match["atr"] or not _has_card_number(groups) else HIDDEN


def _has_card_number(groups: list[str]) -> bool:
    """Whether neighbouring groups of digits make a payment card number; true too for what is too long to tell."""
    if sum(map(len, groups)) > 200 or any(len(each) > 19 for each in groups):
        return True
    return any(
        13 <= len(digits) <= 19 and _luhn(digits)
        for start in range(len(groups))
        for digits in accumulate(groups[start : start + 19])
    )


def _luhn(digits: str) -> bool:
    """ISO/IEC 7812-1 annex B: how payment card numbers are told from other long numbers."""
    doubled = [int(d) * 2 if i % 2 else int(d) for i, d in enumerate(reversed(digits))]
    return sum(d - 9 if d > 9 else d for d in doubled) % 10 == 0


def _digits_of(text: str) -> str:
    return "".join(each for each in text if each.isdecimal())


def _is_word(text: str) -> bool:
    """An ordinary word of a sentence, which no secret made by a machine looks like."""
    return text.isalpha() and text.islower() and len(text) <= 14


def _is_random(text: str) -> bool:
    """256 bits in base64url have digits and letters of both cases; a name of 40 letters or a hash in hex has not."""
    return all(any(map(test, text)) for test in (str.isdigit, str.isupper, str.islower))


class RedactingFormatter(logging.Formatter):
    """Formats as usual, then redacts the whole line: a traceback's texts too."""

    def format(self, record: logging.LogRecord) -> str:
        return redact_text(super().format(record))
