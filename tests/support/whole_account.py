"""An account on which every operation of the API is done: what both databases must answer the same, and an owner of
something of every kind that nobody else may see."""

from __future__ import annotations

import json
import re
from itertools import groupby
from typing import Any

import httpx

from tests.support.headend_server import RunningHeadend
from tests.support.household_viewer import Viewer
from tests.support.new_box import NewBox
from tests.support.paying_home import PayingHome
from tests.support.payment_stand_in import RunningStandIn

HOUSEHOLDS = ("family", "together", "ending")
RECIPIENT = "102733458749"
QUESTION = "why-charged"
_RANDOM = ("access_token", "nonce", "code", "url", "qr")
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class WholeAccount:
    """``calls``: every operation that was done, with its status and what was answered; ``ids``: what the account has
    afterwards, by the name that paths and bodies give it."""

    def __init__(self, headend: RunningHeadend, stand_in: RunningStandIn) -> None:
        self.headend = headend
        self.home = PayingHome(headend, stand_in)
        self.calls: list[tuple[str, int, Any]] = []
        self.ids: dict[str, str] = {}
        self._names: dict[str, str] = {}

    @property
    def viewer(self) -> Viewer:
        return self.home.viewer

    def live(self) -> None:
        """Do everything."""
        for part in (
            self._sign_in,
            self._pins,
            self._reads,
            self._payments,
            self._orders,
            self._rooms,
            self._money,
            self._bonus,
            self._parental,
            self._talk,
            self._contacts,
            self._rest,
        ):
            part()
            self.headend.clock.advance(61)

    def note(self, operation: str, answer: httpx.Response) -> Any:
        """Keep what an operation answered; the document."""
        is_json = answer.headers.get("content-type", "").startswith("application/json")
        document = answer.json() if is_json else None
        assert answer.status_code < 300, f"{operation}: {answer.status_code} {answer.text}"
        self.calls.append((operation, answer.status_code, self._same_everywhere(document)))
        return document

    def do(self, operation: str, body: Any = None, *, by: Viewer | None = None, query: str = "", **ids: str) -> Any:
        """An operation by its name in the document, ``POST /v1/rooms/{room_id}``."""
        method, template = operation.split(" ")
        path = template.format(**ids) + query
        viewer = by or self.viewer
        self.headend.clock.advance(1)
        answer = viewer.ask(method, path, {} if body is None and method == "POST" else body)
        return self.note(operation, answer)

    def _same_everywhere(self, value: Any) -> Any:
        """Without what is random: an id is the number of its first appearance."""
        if isinstance(value, dict):
            return {
                key: "random" if key in _RANDOM and isinstance(each, str) else self._same_everywhere(each)
                for key, each in value.items()
            }
        if isinstance(value, list):
            return [self._same_everywhere(each) for each in _in_one_order(value)]
        if isinstance(value, str):
            return _UUID.sub(lambda found: self._names.setdefault(found[0], f"id {len(self._names) + 1}"), value)
        return value

    def _sign_in(self) -> None:
        kitchen = self.headend.box("family", "kitchen")
        chip = {"chip_id": kitchen.chip_id}
        self.note("POST /v1/device/challenge", kitchen.http.post(f"{kitchen.origin}/v1/device/challenge", json=chip))
        signed_in = kitchen.ask_token(kitchen.assertion(kitchen.challenge()))
        kitchen.token = self.note("POST /v1/device/token", signed_in)["access_token"]
        headers = {
            "Authorization": f"DPoP {kitchen.token}",
            "DPoP": kitchen.proof("GET", "/v1/events", token=kitchen.token),
        }
        with kitchen.http.stream("GET", f"{kitchen.origin}/v1/events", headers=headers) as stream:
            assert next(stream.iter_lines()) == ": connected"
            self.calls.append(("GET /v1/events", stream.status_code, None))
        self.note("DELETE /v1/device/session", kitchen.request("DELETE", "/v1/device/session"))
        pair = {**chip, "card_number": kitchen.card.number}
        self.note("POST /v1/lookup", kitchen.http.post(f"{kitchen.origin}/v1/lookup", json=pair))
        for path in ("/health", "/metrics"):
            self.note(f"GET {path}", kitchen.http.get(f"{kitchen.origin}{path}"))

    def _pins(self) -> None:
        """Of another account: this one's viewer goes on with the PIN that it has."""
        box = self.headend.box("ending")
        box.sign_in()
        for operation, body in (
            ("POST /v1/pin", {"first_name": "Елена", "last_name": "Морозова", "pin": "4071"}),
            ("POST /v1/step-up", {"pin": "4071"}),
            ("POST /v1/pin/change", {"old_pin": "4071", "new_pin": "4072"}),
            ("POST /v1/pin/codes", {"channel": "sms", "language": "ru"}),
        ):
            method, path = operation.split(" ")
            self.note(operation, box.request(method, path, body=body))
        reset = {"code": self.headend.sent_code(), "new_pin": "4071"}
        self.note("POST /v1/pin/reset", box.request("POST", "/v1/pin/reset", body=reset))

    def _reads(self) -> None:
        for path in (
            "account",
            "ledger/months",
            "pin",
            "personal",
            "contacts",
            "tariffs",
            "tariffs/history",
            "packages",
            "channels",
            "parental",
            "internet",
            "help",
            "news",
            "equipment",
        ):
            self.do(f"GET /v1/{path}")
        self.ids["entry_id"] = self.do("GET /v1/ledger/entries", query="?month=2026-11")["items"][-1]["id"]
        self.ids["receipt_id"] = self.do("GET /v1/receipts")["items"][0]["id"]
        self.do("GET /v1/receipts/{receipt_id}", receipt_id=self.ids["receipt_id"])
        self.do("POST /v1/receipts/{receipt_id}/email", receipt_id=self.ids["receipt_id"])
        self.do("GET /v1/statements", query="?from=2026-10-01&to=2026-11-21")
        self.do("POST /v1/statements/email", {"from": "2026-10-01", "to": "2026-11-21"})
        self.ids["message_id"] = self.do("GET /v1/messages")["items"][0]["id"]
        self.do("POST /v1/messages/{message_id}/read", message_id=self.ids["message_id"])

    def _payments(self) -> None:
        body = {"amount": self.viewer.money(200_000), "method": "card", "save": True}
        self.ids["payment_id"] = self.do("POST /v1/payments", body)["id"]
        self.home.cashier.wait_idle()
        self.home.approve()
        self.do("GET /v1/payments/{payment_id}", payment_id=self.ids["payment_id"])
        self.do("GET /v1/payments")
        [card] = self.do("GET /v1/payment-methods")["items"]
        paying = {"mode": "threshold", "day": None, "payment_method_id": card["id"]}
        self.do("POST /v1/autopay", paying)
        self.do("GET /v1/autopay")
        self.do("DELETE /v1/autopay")
        self.do("DELETE /v1/payment-methods/{method_id}", method_id=card["id"])
        self.ids["method_id"] = self.home.save_card()
        hook = {"event": "payment.succeeded", "object": {"id": "22d6d597-000f-5000-9000-145f6df21d6f"}}
        url = f"{self.headend.origin}/v1/webhooks/yookassa"
        self.note("POST /v1/webhooks/{provider}", self.viewer.box.http.post(url, json=hook))

    def _orders(self) -> None:
        def quoted(item: str) -> str:
            found = self.do("POST /v1/subscriptions/quotes", {"changes": [{"op": "connect", "item": item}]})
            return str(found["id"])

        self.ids["order_id"] = self.do("POST /v1/subscriptions", {"quote_id": quoted("music")})["id"]
        undone = self.do("POST /v1/subscriptions", {"quote_id": quoted("science")})["id"]
        self.do("POST /v1/subscriptions/undo", {"order_id": undone})
        self.do("GET /v1/subscriptions")
        self.do("GET /v1/subscriptions/orders")
        self.ids["quote_id"] = quoted("archive")

    def _rooms(self) -> None:
        rooms = {each["name"]: each["id"] for each in self.do("GET /v1/rooms")["items"]}
        kitchen, living = rooms["Кухня"], rooms["Гостиная"]
        self.ids["room_id"] = kitchen
        self.do("POST /v1/rooms/{room_id}", {"name": "Дача"}, room_id=kitchen)
        for _ in range(2):
            self.do("POST /v1/rooms/{room_id}/move", {"to_room": kitchen}, room_id=living)
        new = NewBox(self.headend)
        shown = self.note("POST /v1/pairing-codes", new.try_show_code())
        self.ids["pairing_id"] = shown["id"]
        self.note("GET /v1/pairing-codes/{pairing_id}", new.poll(shown))
        self.do("POST /v1/pairing-codes/claim", {"code": shown["code"]})
        self.do("POST /v1/pairing-codes/claim-by-numbers", NewBox(self.headend, "nursery").numbers)
        self.do("GET /v1/entitlements")
        self.do("POST /v1/entitlements/refresh")

    def _money(self) -> None:
        sent = {"recipient": RECIPIENT, "amount": self.viewer.money(10_000)}
        self.do("POST /v1/transfers", {"transfer_id": self.do("POST /v1/transfers/quotes", sent)["id"]})
        self.headend.service.services.transfers.deliver_waiting()
        self.do("GET /v1/transfers")
        self.ids["transfer_id"] = self.do("POST /v1/transfers/quotes", sent)["id"]
        shown = self.do("GET /v1/credit")
        self.do("POST /v1/credit", {"mode": "credit", "limit": shown["quote"]["limit"]})
        self.do("POST /v1/credit", {"mode": "advance"})
        period = {"first_day": "2026-12-05", "days": 3}
        together = Viewer(self.headend, "together")
        for who in (self.viewer, together):
            self.do("GET /v1/suspensions/quote", by=who, query="?first_day=2026-12-05&days=3")
        ordered = self.do("POST /v1/suspensions", period, by=together)["id"]
        self.do("DELETE /v1/suspensions/{suspension_id}", by=together, suspension_id=ordered)
        self.do("GET /v1/suspensions", by=together)
        balance = self.viewer.balance()
        self.viewer.spend_to(0)
        self.do("POST /v1/promised-payments", {"amount": self.viewer.money(10_000)})
        self.do("GET /v1/promised-payments")
        self.viewer.spend_to(balance)

    def _bonus(self) -> None:
        for operation in ("POST /v1/bonus/join", "GET /v1/bonus", "GET /v1/bonus/entries", "POST /v1/bonus/leave"):
            self.do(operation)
        self.do("POST /v1/bonus/exchanges", {"reward": "discount-100"})

    def _parental(self) -> None:
        self.do("POST /v1/parental", {"age_limit": 16, "hidden_packages": ["night"]})
        for operation, body in (
            ("POST /v1/parental/pin", {"pin": "5823"}),
            ("POST /v1/parental/with-pin", {"age_limit": 12, "pin": "5823"}),
            ("POST /v1/parental/unlock", {"pin": "5823", "whose": "parents"}),
        ):
            self.do(operation, body)
        self.do("DELETE /v1/parental/pin")

    def _talk(self) -> None:
        thread = self.do("POST /v1/tickets", {"subject": "picture", "text": "Нет картинки"})["id"]
        self.ids["ticket_id"] = thread
        for operation, body in (
            ("POST /v1/tickets/{ticket_id}/messages", {"text": "Теперь есть"}),
            ("POST /v1/tickets/{ticket_id}/read", None),
            ("GET /v1/tickets/{ticket_id}", None),
        ):
            self.do(operation, body, ticket_id=thread)
        chat = self.do("POST /v1/tickets/chats", {"question": QUESTION})["id"]
        self.do("POST /v1/tickets/{ticket_id}/questions", {"question": QUESTION}, ticket_id=chat)
        self.do("POST /v1/tickets/{ticket_id}/close", ticket_id=chat)
        self.do("POST /v1/tickets/disputes", {"entry_id": self._a_charge(), "text": "Что это?"})
        self.do("POST /v1/tickets/call-backs", {"span": "morning", "phone": "+7 900 555-01-34"})
        self.do("GET /v1/tickets")
        day = self.do("GET /v1/applications/slots")["days"][1]
        visit = self.do("POST /v1/applications", {"kind": "repair", "day": day, "slot": "morning"})["id"]
        self.do("POST /v1/applications/{application_id}/move", {"day": day, "slot": "evening"}, application_id=visit)
        self.do("POST /v1/applications/{application_id}/cancel", application_id=visit)
        self.ids["application_id"] = self.do("POST /v1/applications", {"kind": "repair", "day": day, "slot": "day"})[
            "id"
        ]
        self.do("GET /v1/applications")

    def _a_charge(self) -> str:
        items = self.viewer.get("/v1/ledger/entries?limit=200")["items"]
        self.ids["entry_id"] = next(each["id"] for each in items if each["kind"] == "package_fee")
        return self.ids["entry_id"]

    def _contacts(self) -> None:
        def added(value: str) -> str:
            body = {"use": "notifications", "channel": "sms", "value": value, "language": "ru"}
            made = self.do("POST /v1/contacts", body)["id"]
            self.do("POST /v1/contacts/{contact_id}/confirm", {"code": self.headend.sent_code()}, contact_id=made)
            return str(made)

        self.do("DELETE /v1/contacts/{contact_id}", contact_id=added("+7 900 555-01-77"))
        self.headend.clock.advance(61)
        self.ids["contact_id"] = added("+7 900 555-01-78")

    def _rest(self) -> None:
        self.do("POST /v1/news/settings", {"shown": False})
        topic = {"topic": "payment", "sms": False, "email": True, "tv": True}
        self.do("POST /v1/notifications", {"language": "ru", "topics": [topic]})
        self.do("GET /v1/notifications")
        self.viewer.pay(100)
        line = self.do("GET /v1/notifications/tv")["items"][0]["id"]
        self.do("POST /v1/notifications/tv/{notice_id}/shown", notice_id=line)
        self.ids["notice_id"] = line
        asked = self.do("POST /v1/linked-numbers", {"number": "+7 900 555-01-71"})["id"]
        self.do("DELETE /v1/linked-numbers/{number_id}", number_id=asked)
        self.ids["number_id"] = self.do("POST /v1/linked-numbers", {"number": "+7 900 555-01-72"})["id"]
        self.do("GET /v1/linked-numbers")
        block = self.do(
            "POST /v1/suspensions", {"first_day": "2026-12-05", "days": 3}, by=Viewer(self.headend, "together")
        )
        self.ids["suspension_id"] = block["id"]


def _in_one_order(rows: list[Any]) -> list[Any]:
    """What is of one instant is listed by its id, which is random: by the rest of it."""

    def instant(row: Any) -> Any:
        return row.get("at") if isinstance(row, dict) else None

    def rest(row: Any) -> str:
        return _UUID.sub("", json.dumps(row, sort_keys=True)) if instant(row) else ""

    return [row for _, same in groupby(rows, instant) for row in sorted(same, key=rest)]
