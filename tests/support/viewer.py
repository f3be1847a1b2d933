"""Somebody in front of the TV: reads, changes, orders, with the PIN where it is needed."""

from __future__ import annotations

import itertools
from typing import Any

import httpx

from tests.support.headend_server import RunningHeadend
from tests.support.signin_box import SignInBox

_KEYS = itertools.count(1)


class Viewer:
    """A signed-in box of a household whose holder is ``names``; ``pin``: the PIN was typed just now."""

    def __init__(self, headend: RunningHeadend, household: str, names: tuple[str, str], *, pin: bool = True) -> None:
        self.headend = headend
        self.box: SignInBox = headend.box(household)
        self.names = names
        self.pin = ""
        self.sign_in(pin=pin)

    def sign_in(self, *, pin: bool = True) -> None:
        self.box.sign_in()
        if pin:
            found = self.get("/v1/pin")
            self.pin = "407118"[: found["digits"]]
            if not found["set"]:
                self.box.set_pin(self.pin, *self.names)
            self.box.step_up(self.pin)

    def get(self, path: str) -> dict[str, Any]:
        answer = self.box.request("GET", path)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def post(self, path: str, body: dict[str, Any] | None = None) -> httpx.Response:
        return self.box.request("POST", path, body=body, key=f"viewer-{next(_KEYS)}")

    def did(self, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        answer = self.post(path, body)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def deleted(self, path: str) -> httpx.Response:
        return self.box.request("DELETE", path, key=f"viewer-{next(_KEYS)}")

    def order(self, *changes: dict[str, Any]) -> str:
        quote = self.did("/v1/subscriptions/quotes", {"changes": list(changes)})
        return str(self.did("/v1/subscriptions", {"quote_id": quote["id"]})["id"])
