"""Loads ``households/*.yaml``; every complaint names file and line, what was expected and what stands there."""

from __future__ import annotations

import re
from datetime import time
from pathlib import Path

from device.api.errors import ConfigError
from device.api.money import Money
from device.api.yaml_file import YamlNode, load_yaml
from tools.headend.domain.catalogue import ItemKind, Operator
from tools.headend.domain.numbers import NumberState, Reason
from tools.headend.households.model import (
    Holder,
    Household,
    HouseholdBox,
    HouseholdCorrection,
    HouseholdEquipment,
    HouseholdMessage,
    HouseholdNumber,
    HouseholdPayment,
    HouseholdService,
    HouseholdTraffic,
    Ordered,
    RelativeDay,
    Suspension,
)
from tools.headend.operators import load_operator, local_text, operator_names

FOLDER = Path(__file__).parent
_ACCOUNT = re.compile(r"\d{12}")
_IDENTIFIER = re.compile(r"[A-Za-z0-9-]{6,32}")
_NAME = re.compile(r"[a-z0-9-]+")
_FIRST = RelativeDay(30, 1)


def household_names(folder: Path = FOLDER) -> tuple[str, ...]:
    """The households that can be chosen, by name."""
    return tuple(sorted(path.stem for path in folder.glob("*.yaml")))


def load_household(name: str, operator: str | Operator, folder: Path = FOLDER) -> Household:
    """The household ``name`` under an operator (its name, or loaded); ConfigError where it cannot be used."""
    if name not in household_names(folder):
        raise ConfigError(f"no household is named '{name}'", remedy=f"known: {', '.join(household_names(folder))}")
    brand = load_operator(operator) if isinstance(operator, str) else operator
    return _Reader(brand).household(name, load_yaml(folder / f"{name}.yaml"))


class _Reader:
    """Reads one document with the eyes of one operator."""

    def __init__(self, operator: Operator) -> None:
        self._operator = operator

    def household(self, name: str, node: YamlNode) -> Household:
        node.only(
            "account_number",
            "contract_number",
            "holder",
            "region",
            "balance",
            "bonus",
            "stopped",
            "suspension",
            "history_months",
            "pin",
            "inserted",
            "boxes",
            "services",
            "payments",
            "corrections",
            "messages",
            "linked_numbers",
            "traffic",
            "spare_boxes",
            "equipment",
        )
        number = node["account_number"]
        if not _ACCOUNT.fullmatch(number.text()):
            raise number.error(f"expected 12 digits, found '{number.text()}'")
        boxes = self._boxes(node["boxes"])
        stopped, suspension, bonus = node.get("stopped"), node.get("suspension"), node.get("bonus")
        return Household(
            name=name,
            operator=self._operator,
            account_number=number.text(),
            contract_number=node["contract_number"].text(),
            holder=self._holder(node["holder"]),
            region=self._operator.regions[self._mine(node["region"]).choice(*self._operator.regions)],
            balance=Money(self._mine(node["balance"]).integer(), self._operator.currency),
            bonus=bonus.integer(0) if bonus else 0,
            stopped=stopped.boolean() if stopped else False,
            suspension=_suspension(suspension) if suspension else None,
            history_months=node["history_months"].integer(0, 12),
            pin=self._pin(node.get("pin")),
            inserted=_inserted(node["inserted"]),
            boxes=boxes,
            services=tuple(self._service(each, boxes) for each in node["services"].items()),
            payments=tuple(self._payment(each) for each in _list(node, "payments")),
            corrections=tuple(self._correction(each) for each in _list(node, "corrections")),
            messages=tuple(_message(each) for each in _list(node, "messages")),
            numbers=tuple(self._number(each) for each in _list(node, "linked_numbers")),
            traffic=_traffic(traffic) if (traffic := node.get("traffic")) else None,
            spares=_spares(node, boxes),
            equipment=tuple(self._equipment(each) for each in _list(node, "equipment")),
        )

    def _pin(self, node: YamlNode | None) -> str | None:
        if node is None:
            return None
        pin, digits = self._mine(node), self._operator.identity.pin_digits
        if not re.fullmatch(rf"[0-9]{{{digits}}}", pin.text()):
            raise pin.error(f"expected a PIN of {digits} digits")
        return pin.text()

    def _mine(self, node: YamlNode) -> YamlNode:
        """The value of this operator in a mapping ``{mts: …, polaris: …}``."""
        return node.only(*operator_names())[self._operator.name]

    def _holder(self, node: YamlNode) -> Holder:
        node.only("name", "address", "phone", "email")
        phone = self._mine(node["phone"])
        if not phone.text().isdigit() or len(phone.text()) != self._operator.phone_digits:
            raise phone.error(f"expected {self._operator.phone_digits} digits, found '{phone.text()}'")
        return Holder(node["name"].text(), self._mine(node["address"]).text(), phone.text(), node["email"].text())

    def _boxes(self, node: YamlNode) -> tuple[HouseholdBox, ...]:
        boxes: list[HouseholdBox] = []
        for each in node.items():
            each.only(
                "id", "room", "chip_id", "card_number", "model", "first", "since", "card_kind", "revoked", "rented"
            )
            since, kind, first, revoked = (each.get(key) for key in ("since", "card_kind", "first", "revoked"))
            rented = each.get("rented")
            box = HouseholdBox(
                id=_matching(each["id"], _NAME, "a name of small letters, digits and hyphens"),
                room=each["room"].text(),
                chip_id=_matching(each["chip_id"], _IDENTIFIER, "6 to 32 letters and digits"),
                card_number=_matching(each["card_number"], _IDENTIFIER, "6 to 32 letters and digits"),
                model=each["model"].text(),
                first=first.boolean() if first else False,
                since=_day(since.only("months_ago", "day")) if since else _FIRST,
                card_kind=_matching(kind, _NAME, "a kind of card") if kind else "piv",
                revoked=revoked.boolean() if revoked else False,
                rented=rented.boolean() if rented else False,
            )
            if any(box.id == other.id for other in boxes):
                raise each["id"].error(f"'{box.id}' stands here twice")
            boxes.append(box)
        if sum(box.first for box in boxes) != 1:
            raise node.error("expected exactly one box with 'first: true'")
        if len(boxes) > self._operator.rooms_max:
            raise node.error(f"{len(boxes)} boxes, operator {self._operator.name} allows {self._operator.rooms_max}")
        return tuple(boxes)

    def _service(self, node: YamlNode, boxes: tuple[HouseholdBox, ...]) -> HouseholdService:
        node.only("item", "since", "until", "ends_in_days", "ordered")
        items = [item.id for item in self._operator.items.values() if item.kind is not ItemKind.ROOM]
        until, ends, ordered = node.get("until"), node.get("ends_in_days"), node.get("ordered")
        return HouseholdService(
            item=self._operator.items[node["item"].choice(*items)],
            since=_day(node["since"].only("months_ago", "day")),
            ordered=_ordered(ordered, boxes) if ordered else Ordered("salon", None),
            until_months_ago=until.only("months_ago")["months_ago"].integer(1) if until else None,
            ends_in_days=ends.integer(0, 31) if ends else None,
        )

    def _equipment(self, node: YamlNode) -> HouseholdEquipment:
        node.only("kind", "model", "number", "rented", "item", "since")
        item = node.get("item")
        return HouseholdEquipment(
            kind=node["kind"].choice("router"),
            model=node["model"].text(),
            number=_matching(node["number"], _IDENTIFIER, "6 to 32 letters and digits"),
            rented=node["rented"].boolean(),
            item=item.choice(*self._operator.items) if item else None,
            since=_day(node["since"].only("months_ago", "day")),
        )

    def _number(self, node: YamlNode) -> HouseholdNumber:
        node.only("number", "state", "reason", "days_ago")
        state, reason, number = node["state"].choice(*NumberState), node.get("reason"), self._mine(node["number"])
        if not number.text().isdigit() or len(number.text()) != self._operator.phone_digits:
            raise number.error(f"expected {self._operator.phone_digits} digits, found '{number.text()}'")
        if (state == NumberState.REFUSED) != (reason is not None):
            raise node.error("'reason' belongs to state refused, and to no other")
        days_ago = node["days_ago"].integer(0, 400)
        return HouseholdNumber(number.text(), state, reason.choice(*Reason) if reason else None, days_ago)

    def _payment(self, node: YamlNode) -> HouseholdPayment:
        node.only("months_ago", "day", "time", "amount", "method")
        return HouseholdPayment(
            _day(node),
            _time(node),
            self._mine(node["amount"]).integer(1),
            node["method"].choice("sbp", "card", "terminal", "salon"),
        )

    def _correction(self, node: YamlNode) -> HouseholdCorrection:
        node.only("months_ago", "day", "amount")
        amount = self._mine(node["amount"])
        if amount.integer() == 0:
            raise amount.error("a correction of nothing")
        return HouseholdCorrection(_day(node), amount.integer())


def _list(node: YamlNode, key: str) -> list[YamlNode]:
    child = node.get(key)
    return list(child.items()) if child else []


def _matching(node: YamlNode, pattern: re.Pattern[str], what: str) -> str:
    if not pattern.fullmatch(node.text()):
        raise node.error(f"expected {what}, found '{node.text()}'")
    return node.text()


def _day(node: YamlNode) -> RelativeDay:
    return RelativeDay(node["months_ago"].integer(0, 240), node["day"].integer(1, 31))


def _time(node: YamlNode) -> time:
    child = node["time"]
    try:
        return time.fromisoformat(child.text())
    except ValueError:
        raise child.error(f"expected a time as \"19:41\", found '{child.text()}'") from None


def _spares(node: YamlNode, boxes: tuple[HouseholdBox, ...]) -> tuple[HouseholdBox, ...]:
    taken = {box.id for box in boxes}
    found: list[HouseholdBox] = []
    for each in _list(node, "spare_boxes"):
        each.only("id", "chip_id", "card_number", "model")
        box = HouseholdBox(
            id=_matching(each["id"], _NAME, "a name of small letters, digits and hyphens"),
            room="",
            chip_id=_matching(each["chip_id"], _IDENTIFIER, "6 to 32 letters and digits"),
            card_number=_matching(each["card_number"], _IDENTIFIER, "6 to 32 letters and digits"),
            model=each["model"].text(),
            first=False,
        )
        if box.id in taken:
            raise each["id"].error(f"'{box.id}' stands here twice")
        taken.add(box.id)
        found.append(box)
    return tuple(found)


def _suspension(node: YamlNode) -> Suspension:
    node.only("started_days_ago", "days")
    days = node["days"].integer(1, 30)
    return Suspension(node["started_days_ago"].integer(0, days - 1), days)


def _traffic(node: YamlNode) -> HouseholdTraffic:
    node.only("days", "mib")
    return HouseholdTraffic(node["days"].integer(1, 62), node["mib"].integer(1))


def _inserted(node: YamlNode) -> str:
    value = node.text()
    household, slash, box = value.partition("/")
    if value not in ("own", "none") and not (slash and _NAME.fullmatch(household) and _NAME.fullmatch(box)):
        raise node.error(f"expected own, none or HOUSEHOLD/BOX, found '{value}'")
    return value


def _ordered(node: YamlNode, boxes: tuple[HouseholdBox, ...]) -> Ordered:
    node.only("channel", "room")
    channel, room = node["channel"].choice("tv", "phone", "salon"), node.get("room")
    if (channel == "tv") != (room is not None):
        raise node.error("'room' belongs to channel tv, and to no other")
    return Ordered(channel, room.choice(*(box.id for box in boxes)) if room else None)


def _message(node: YamlNode) -> HouseholdMessage:
    node.only("days_ago", "time", "title", "text", "read")
    return HouseholdMessage(
        node["days_ago"].integer(0),
        _time(node),
        local_text(node["title"]),
        local_text(node["text"]),
        node["read"].boolean(),
    )
