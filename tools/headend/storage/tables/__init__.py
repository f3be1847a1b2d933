"""The schema. One on SQLite and PostgreSQL; no triggers, no deferrable constraints (architecture.md).

``account_id`` leads every primary key of an account's tables, so that they can be spread over shards by it; look-up
tables (boxes, cards, sessions, what was used up) are led by their own key and name only the account. Instants are
milliseconds since 1970 (UTC), sums are minor units, days are of the region's time zone.
"""

from __future__ import annotations

from tools.headend.storage.tables.bonus import bonus_entries, bonus_exchanges, bonus_grants, bonus_members
from tools.headend.storage.tables.core import (
    accounts,
    boxes,
    cards,
    idempotency_keys,
    ledger_entries,
    messages,
    rooms,
    sessions,
    settings,
    single_use,
    subscriptions,
)
from tools.headend.storage.tables.entitlements import ca_cards, card_refreshes
from tools.headend.storage.tables.equipment import equipment
from tools.headend.storage.tables.help import applications, ticket_messages, tickets
from tools.headend.storage.tables.identity import account_pins, attempts, codes, contacts
from tools.headend.storage.tables.internet import internet_traffic
from tools.headend.storage.tables.metadata import metadata
from tools.headend.storage.tables.notices import notice_channels, notice_settings, notices, outbox
from tools.headend.storage.tables.numbers import linked_numbers, number_owners
from tools.headend.storage.tables.orders import orders
from tools.headend.storage.tables.pairing import pairing_codes
from tools.headend.storage.tables.parental import parental
from tools.headend.storage.tables.payments import (
    autopays,
    payment_links,
    payment_methods,
    payment_references,
    payments,
    provider_payments,
)
from tools.headend.storage.tables.terms import credits, promises, suspensions, transfer_outbox, transfers, transfers_in

__all__ = [
    "account_pins",
    "accounts",
    "applications",
    "attempts",
    "autopays",
    "bonus_entries",
    "bonus_exchanges",
    "bonus_grants",
    "bonus_members",
    "boxes",
    "ca_cards",
    "card_refreshes",
    "cards",
    "codes",
    "contacts",
    "credits",
    "equipment",
    "idempotency_keys",
    "internet_traffic",
    "ledger_entries",
    "linked_numbers",
    "messages",
    "metadata",
    "notice_channels",
    "notice_settings",
    "notices",
    "number_owners",
    "orders",
    "outbox",
    "pairing_codes",
    "parental",
    "payment_links",
    "payment_methods",
    "payment_references",
    "payments",
    "promises",
    "provider_payments",
    "rooms",
    "sessions",
    "settings",
    "single_use",
    "subscriptions",
    "suspensions",
    "ticket_messages",
    "tickets",
    "transfer_outbox",
    "transfers",
    "transfers_in",
]
