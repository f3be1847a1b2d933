"""Somebody who adds, stops, starts and removes TVs (product.md M1)."""

from __future__ import annotations

from typing import Any

from tests.support.new_box import NewBox
from tests.support.shopper import Shopper


class RoomShopper(Shopper):
    """A ``Shopper`` with a few boxes in the cupboard."""

    def find(self, name: str = "bedroom") -> str:
        """The id of a spare box, found by its numbers."""
        answer = self.box.request("POST", "/v1/pairing-codes/claim-by-numbers", body=NewBox(self.headend, name).numbers)
        assert answer.status_code == 200, answer.text
        return str(answer.json()["id"])

    def add(self, box: str = "bedroom", name: str = "Спальня") -> dict[str, Any]:
        """The order that adds a spare box."""
        return self.order(add_room(self.find(box), name))

    def rooms(self) -> dict[str, dict[str, Any]]:
        """By name."""
        return {each["name"]: each for each in self.get("/v1/rooms")["items"]}

    def room_fees(self) -> dict[str, dict[str, Any]]:
        """What is paid for TVs, by the TV's name."""
        items = self.get("/v1/subscriptions")["items"]
        return {each["room"]: each for each in items if each["kind"] == "room"}


def add_room(box: str, name: str = "Спальня") -> dict[str, Any]:
    return {"op": "add_room", "box": box, "name": name}


def stop(room: dict[str, Any]) -> dict[str, Any]:
    return {"op": "stop_room", "room": room["id"]}


def start(room: dict[str, Any]) -> dict[str, Any]:
    return {"op": "start_room", "room": room["id"]}


def remove(room: dict[str, Any]) -> dict[str, Any]:
    return {"op": "remove_room", "room": room["id"]}
