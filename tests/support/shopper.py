"""Somebody in front of the TV who orders things: quote, confirm, undo, and what the account shows of it."""

from __future__ import annotations

import itertools
from typing import Any

import httpx

from tests.support.headend_server import RunningHeadend
from tests.support.signin_box import SignInBox
from tools.headend.api.order_schemas import Orders, PlacedOrder, Quote, Subscriptions
from tools.headend.api.sales_schemas import SoldPackages, SoldTariffs, TariffHistory, TvChannels
from tools.headend.api.schemas import Document

DOCUMENTS: dict[str, type[Document]] = {
    "/v1/subscriptions": Subscriptions,
    "/v1/subscriptions/orders": Orders,
    "/v1/tariffs": SoldTariffs,
    "/v1/tariffs/history": TariffHistory,
    "/v1/packages": SoldPackages,
    "/v1/channels": TvChannels,
}
_KEYS = itertools.count(1)


class Shopper:
    """A signed-in box of a household whose PIN is known; ``pin``: it was typed just now."""

    def __init__(self, headend: RunningHeadend, household: str = "family", box: str = "", *, pin: bool = True) -> None:
        self.headend = headend
        self.box: SignInBox = headend.box(household, box)
        self.holder = {"family": ("Иван", "Петров"), "ending": ("Елена", "Морозова")}.get(household, ("", ""))
        self.sign_in(pin=pin)

    def sign_in(self, *, pin: bool = True) -> None:
        """Anew: tokens live 10 min, with the PIN 5 min."""
        self.box.sign_in()
        if pin:
            secret = "4071" if self.headend.operator == "mts" else "407192"
            if not self.get("/v1/pin")["set"]:
                self.box.set_pin(secret, first_name=self.holder[0], last_name=self.holder[1])
            self.box.step_up(secret)

    def get(self, path: str) -> dict[str, Any]:
        answer = self.box.request("GET", path)
        assert answer.status_code == 200, answer.text
        if path.partition("?")[0] in DOCUMENTS:
            DOCUMENTS[path.partition("?")[0]].model_validate_json(answer.content)
        found: dict[str, Any] = answer.json()
        return found

    def post(self, path: str, body: dict[str, Any], key: str = "") -> httpx.Response:
        return self.box.request("POST", path, body=body, key=key or f"shopper-{next(_KEYS)}")

    def try_quote(self, *changes: dict[str, Any]) -> httpx.Response:
        return self.post("/v1/subscriptions/quotes", {"changes": list(changes)})

    def quote(self, *changes: dict[str, Any]) -> dict[str, Any]:
        return _ok(self.try_quote(*changes), Quote)

    def try_confirm(self, quote: dict[str, Any], key: str = "") -> httpx.Response:
        return self.post("/v1/subscriptions", {"quote_id": quote["id"]}, key)

    def confirm(self, quote: dict[str, Any]) -> dict[str, Any]:
        return _ok(self.try_confirm(quote), PlacedOrder)

    def order(self, *changes: dict[str, Any]) -> dict[str, Any]:
        return self.confirm(self.quote(*changes))

    def try_undo(self, order: dict[str, Any]) -> httpx.Response:
        return self.post("/v1/subscriptions/undo", {"order_id": order["id"]})

    def undo(self, order: dict[str, Any]) -> dict[str, Any]:
        return _ok(self.try_undo(order), PlacedOrder)

    def balance(self) -> int:
        return int(self.get("/v1/account")["balance"]["amount"])

    def entries(self, count: int = 200) -> list[dict[str, Any]]:
        """The ledger's newest entries, newest first."""
        found: list[dict[str, Any]] = self.get(f"/v1/ledger/entries?limit={count}")["items"]
        return found

    def held(self) -> dict[str, dict[str, Any]]:
        """What is paid for, by item; rooms by ``room``."""
        return {each["item"]: each for each in self.get("/v1/subscriptions")["items"]}


def connect(item: str) -> dict[str, Any]:
    return {"op": "connect", "item": item}


def disconnect(subscription: str) -> dict[str, Any]:
    return {"op": "disconnect", "subscription": subscription}


def tariff(item: str, when: str = "now") -> dict[str, Any]:
    return {"op": "change_tariff", "item": item, "when": when}


def channels(*ids: str) -> dict[str, Any]:
    return {"op": "set_channels", "channels": list(ids)}


def code_of(answer: httpx.Response) -> str:
    """The problem's code; the answer must be one."""
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    return str(answer.json()["code"])


def _ok(answer: httpx.Response, document: type[Document]) -> dict[str, Any]:
    """The answer, which must be as it is documented."""
    assert answer.status_code == 200, answer.text
    document.model_validate_json(answer.content)
    found: dict[str, Any] = answer.json()
    return found
