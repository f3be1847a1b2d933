"""What all refusals share."""

from __future__ import annotations

from typing import Any

import httpx
from cryptography.hazmat.primitives.asymmetric import ec


def refused(answer: httpx.Response, code: str, status: int = 401) -> dict[str, Any]:
    """The problem document of a refusal, checked for what all of them share."""
    body: dict[str, Any] = answer.json()
    assert (body["code"], answer.status_code) == (code, status), answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert body["status"] == status
    assert body["type"] == f"urn:stb:problem:{code}"
    assert body["error"]
    assert set(body) <= {"type", "title", "status", "detail", "code", "error"}
    return body


def new_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())
