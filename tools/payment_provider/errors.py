"""Errors as the API words them: ``{"type": "error", "id", "code", "description", "parameter"}``."""

from __future__ import annotations

from typing import Any
from uuid import uuid4


class ApiProblem(Exception):
    """An answer other than 200."""

    def __init__(self, status: int, code: str, description: str, parameter: str = "") -> None:
        super().__init__(description)
        self.status = status
        self.code = code
        self.description = description
        self.parameter = parameter

    def document(self) -> dict[str, Any]:
        found = {"type": "error", "id": str(uuid4()), "code": self.code, "description": self.description}
        return {**found, "parameter": self.parameter} if self.parameter else found


def invalid(description: str, parameter: str = "") -> ApiProblem:
    return ApiProblem(400, "invalid_request", description, parameter)


def not_found() -> ApiProblem:
    return ApiProblem(404, "not_found", "there is no such object in this shop")
