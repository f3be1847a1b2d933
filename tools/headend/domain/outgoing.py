"""What people are sent: targets and wording (product.md S2, S4, A2). Pure."""

from __future__ import annotations

from collections.abc import Mapping

from tools.headend.domain import masking
from tools.headend.domain.identity import EMAIL, SMS


def masked(channel: str, value: str, phone_pattern: str) -> str:
    """A contact as it is shown before the PIN."""
    return masking.phone(value, phone_pattern) if channel == SMS else masking.email(value)


def international(digits: str, phone_pattern: str) -> str:
    """The number with its country, as every gateway takes it (ITU-T E.164): ``+79005550134``."""
    country = "".join(each for each in phone_pattern if each.isdigit())
    return f"+{country}{digits}"


def target(channel: str, value: str, phone_pattern: str) -> str:
    """Where a message to a contact is handed over."""
    return international(value, phone_pattern) if channel == SMS else value


def usable(contacts: Mapping[str, str]) -> dict[str, str]:
    """The contacts, by channel, that there are."""
    return {channel: contacts[channel] for channel in (SMS, EMAIL) if contacts.get(channel)}
