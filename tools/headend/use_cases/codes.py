"""The one-time codes (product.md S4; contracts.md: code sent -> verified | expired | superseded | locked).

A code is good once, for its time, and until the next one for the same purpose is sent. Only its HMAC is kept, over
account and purpose, so that no code is good for anything else; wrong ones are counted as in ``attempts``.
"""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from tools.headend.clock import rfc3339
from tools.headend.delivery import Message
from tools.headend.domain.catalogue import Operator
from tools.headend.domain.declined import Declined
from tools.headend.domain.outgoing import masked, target
from tools.headend.storage import identity
from tools.headend.storage.identity import StoredCode
from tools.headend.use_cases.attempts import Guarded, attempt, locked
from tools.headend.use_cases.work import Work

SENT, VERIFIED, SUPERSEDED = "sent", "verified", "superseded"
RESET = "pin-reset"
"""The purpose of the codes by which a PIN is reset."""


@dataclass(frozen=True, slots=True)
class Recipient:
    """Where a code goes: ``value`` is an address, or a telephone number without its country."""

    channel: str
    value: str


class CodeMaker:
    """Makes codes and what is kept of them, with a key of the service's."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def make(self, digits: int) -> str:
        return f"{secrets.randbelow(10**digits):0{digits}d}"

    def digest(self, account_id: int, purpose: str, code: str) -> bytes:
        return hmac.digest(self._key, f"{account_id}|{purpose}|{code}".encode(), sha256)


def guarded_code(operator: Operator, purpose: str) -> Guarded:
    """The lock of a purpose's codes: a new code does not bring new tries."""
    return Guarded(f"code-{purpose}", "code_wrong", "code_locked", operator.identity.code.wrong)


def send_code(
    work: Work, maker: CodeMaker, purpose: str, to: Recipient, *, text: str, language: str | None
) -> dict[str, Any]:
    """Send a new code, which voids the one before; ``text`` names its wording. Declined: too soon, or locked."""
    declined = locked(work, guarded_code(work.operator, purpose))
    if declined is not None:
        raise declined
    operator, rules = work.operator, work.operator.identity
    before = identity.code_of(work.connection, work.account_id, purpose)
    if before is not None and before.state == SENT and work.now < before.sent_at + rules.code.again:
        left = (before.sent_at + rules.code.again - work.now).total_seconds()
        raise Declined("code_too_soon", retry_after=left)
    code = maker.make(rules.code.digits)
    expires_at = work.now + rules.code.life
    kept = StoredCode(maker.digest(work.account_id, purpose, code), SENT, work.now, expires_at)
    identity.put_code(work.connection, work.account_id, purpose, kept)
    spoken = language or rules.language
    minutes = int(rules.code.life.total_seconds()) // 60
    work.send(
        Message(
            to.channel,
            target(to.channel, to.value, operator.phone_pattern),
            rules.subject[spoken],
            rules.texts[text][spoken].format(code=code, minutes=minutes),
        )
    )
    return {
        "channel": to.channel,
        "target": masked(to.channel, to.value, operator.phone_pattern),
        "digits": rules.code.digits,
        "expires_at": rfc3339(expires_at),
        "send_again_at": rfc3339(work.now + rules.code.again),
    }


def void_code(work: Work, purpose: str) -> None:
    """The code that was sent last is good no longer."""
    identity.set_code_state(work.connection, work.account_id, purpose, SUPERSEDED)


def take_code(work: Work, maker: CodeMaker, purpose: str, code: str) -> Declined | None:
    """Use a code up: None where it was the one that is good now. A wrong one counts, so return what comes."""
    kept = identity.code_of(work.connection, work.account_id, purpose)

    def right() -> bool:
        if kept is None or kept.state != SENT or work.now > kept.expires_at:
            return False
        return hmac.compare_digest(kept.digest, maker.digest(work.account_id, purpose, code))

    declined = attempt(work, guarded_code(work.operator, purpose), right)
    if declined is None:
        identity.set_code_state(work.connection, work.account_id, purpose, VERIFIED)
    elif declined.code == "code_locked":
        identity.set_code_state(work.connection, work.account_id, purpose, "locked")
    return declined
