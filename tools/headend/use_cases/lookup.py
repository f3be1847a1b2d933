"""Account number look-up by Chip ID and card number (product.md S2), for a box that is not signed in.

Both numbers are printed on the equipment, so they prove nothing: the answer is four digits, the whole goes to the
contract's contact. A wrong pair never tells which half was wrong, neither by its answer nor by its time.
"""

from __future__ import annotations

from typing import Any

from tools.headend.clock import Clock
from tools.headend.delivery import Message
from tools.headend.domain.catalogue import Operator
from tools.headend.domain.declined import Declined
from tools.headend.domain.identity import EMAIL, SMS
from tools.headend.domain.outgoing import masked, target
from tools.headend.identity.limits import FailureLimit
from tools.headend.identity.records import REVOKED
from tools.headend.storage import accounts
from tools.headend.storage.database import Database
from tools.headend.storage.registry import Registry


class Lookup:
    """Thread-safe; its limits are counted in memory (identity/limits.py)."""

    def __init__(self, operator: Operator, registry: Registry, database: Database, clock: Clock) -> None:
        self._operator = operator
        self._registry = registry
        self._database = database
        self._refused = FailureLimit(operator.identity.lookup_limit, clock)
        self._delivered = FailureLimit(operator.identity.lookup_deliveries, clock)

    def find(
        self, address: str, chip_id: str, card_number: str, deliver: str | None, language: str | None
    ) -> tuple[dict[str, Any], list[Message]]:
        """The answer and what is to be sent. Refusal rate_limited by ``address``; Declined lookup_refused,
        contact_missing."""
        self._refused.check(address)
        account_id = self._account_of(chip_id, card_number)
        if account_id is None:
            self._refused.failed(address)
            raise Declined("lookup_refused")
        number = f"{account_id:012d}"
        found: dict[str, Any] = {"account_number_tail": number[-4:], "delivered": None}
        if deliver is None:
            return found, []
        with self._database.read() as connection:
            account = accounts.account(connection, account_id)
        value = {SMS: account.phone, EMAIL: account.email}[deliver]
        if not value:
            raise Declined("contact_missing")
        # everybody who has read the label could otherwise have the subscriber's telephone ring all night
        self._delivered.check(number)
        self._delivered.failed(number)
        rules, pattern = self._operator.identity, self._operator.phone_pattern
        spoken = language or rules.language
        text = rules.texts["account_number"][spoken].format(number=number)
        found["delivered"] = {"channel": deliver, "target": masked(deliver, value, pattern)}
        return found, [Message(deliver, target(deliver, value, pattern), rules.subject[spoken], text)]

    def _account_of(self, chip_id: str, card_number: str) -> int | None:
        """Both look-ups are made whatever the first one finds."""
        box, card = self._registry.box(chip_id), self._registry.card(card_number)
        if box is None or card is None or card.chip_id != box.chip_id or card.account_id != box.account_id:
            return None
        return None if REVOKED in (box.state, card.state) else box.account_id
