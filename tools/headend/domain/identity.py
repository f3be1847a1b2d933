"""Names, PINs, telephone numbers and e-mail addresses: what counts as right (product.md S2-S4, A2). Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from tools.headend.domain.limits import Limit
from tools.headend.domain.texts import LocalText

SMS, EMAIL = "sms", "email"
CHANNELS = (SMS, EMAIL)

EMAIL_MAX = 254
"""RFC 5321 section 4.5.3.1.3, without the angle brackets."""
_EMAIL = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,63}"
)
"""What HTML's ``<input type=email>`` takes, and a domain that has a dot."""
_SEPARATORS = re.compile(r"[\s().\u2010-\u2015-]+")


@dataclass(frozen=True, slots=True)
class CodeRules:
    """A code has ``digits`` digits and is good for ``life``; the next one is sent no sooner than ``again`` after it;
    ``wrong`` tries in a row lock."""

    digits: int
    life: timedelta
    again: timedelta
    wrong: Limit


@dataclass(frozen=True, slots=True)
class HelpLine:
    """A number to call; ``where``: from which telephones, and what it costs."""

    number: str
    where: LocalText


@dataclass(frozen=True, slots=True)
class IdentityRules:
    """An operator's rules for PIN, codes, contacts and look-up."""

    pin_digits: int
    pin_wrong: Limit
    names_wrong: Limit
    step_up_life: timedelta
    code: CodeRules
    lookup_limit: Limit
    """Refused look-ups from one address."""
    lookup_deliveries: Limit
    """Whole account numbers that are sent to one account's contacts."""
    phone_prefixes: tuple[str, ...]
    """What may stand before a telephone number and is dropped."""
    contacts_max: int
    """Contacts for notifications, besides the contract's."""
    language: str
    """The language of what is sent, where the box does not say one."""
    help_lines: tuple[HelpLine, ...]
    salon: LocalText
    """Where a PIN can be reset without any contact, and what to bring."""
    subject: LocalText
    """Of every e-mail."""
    texts: Mapping[str, LocalText]
    """What is sent, by purpose; what has to be put in stands in braces."""


def same_name(first_name: str, last_name: str, holder: str) -> bool:
    """Whether these are first and last name of ``holder`` (first name first, last name last, perhaps a patronymic
    between them, which nobody is asked for). Letter case, ё/е, hyphens and spaces do not matter."""
    words = holder.split()
    first, last = _plain(first_name), _plain(last_name)
    if not first or not last:
        return False
    return any(
        first == _plain("".join(words[:ends])) and last == _plain("".join(words[begins:]))
        for ends in range(1, len(words))
        for begins in (ends, ends + 1)
        if begins < len(words)
    )


def _plain(name: str) -> str:
    composed = unicodedata.normalize("NFKC", name).casefold().replace("ё", "е")
    return "".join(each for each in composed if each.isalnum())


def phone_digits(text: str, digits: int, prefixes: tuple[str, ...]) -> str | None:
    """The number without what stands before it (A2: 10 digits; a leading +7, 7 or 8 is dropped); None: it is none."""
    written = _SEPARATORS.sub("", text)
    for prefix in ("", *prefixes):
        rest = written.removeprefix(prefix)
        if written.startswith(prefix) and len(rest) == digits and rest.isascii() and rest.isdigit():
            return rest
    return None


def email_address(text: str) -> str | None:
    """The address without spaces around it; None where nothing can be sent to it."""
    address = text.strip()
    return address if len(address) <= EMAIL_MAX and _EMAIL.fullmatch(address) else None
