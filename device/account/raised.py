"""The token that the viewer's PIN opened (contracts.md, step-up): it stays in this process, beside the session's own.

It belongs to the card that was in the slot, lives a few minutes, and is forgotten when the service does not know it
any more. What the PIN opens is asked with it; the session itself goes on with its own token.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from device.ports.account_service import AccountAnswer, AccountRequest, Grant
from device.ports.card import CardFacts
from device.ports.clock import Clock

STEP_UP = ("POST", "/v1/step-up")


@dataclass(frozen=True)
class _Raised:
    token: str = field(repr=False)
    acr: str
    until: float
    owner: str
    generation: int


class RaisedSession:
    """Lives on the event loop."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._raised: _Raised | None = None

    def over(self, grant: Grant, card: CardFacts) -> Grant:
        """What a request is sent with: ``grant`` itself, with the raised token while there is one for this card."""
        raised = self._raised
        if raised is None or (raised.owner, raised.generation) != (card.owner, card.generation):
            return grant
        if self._clock.boottime() >= raised.until:
            self._raised = None
            return grant
        return replace(grant, token=raised.token, acr=raised.acr)

    def forget(self) -> None:
        """The service does not take it any more, or it is no longer wanted."""
        self._raised = None

    def taken_from(
        self, card: CardFacts, request: AccountRequest, answer: AccountAnswer, asked: float
    ) -> AccountAnswer:
        """The answer without its token, which is kept here; every other answer as it is. ``asked``: boottime."""
        if (request.method, request.path) != STEP_UP or answer.status != 200 or not isinstance(answer.body, dict):
            return answer
        match answer.body:
            case {"access_token": str(token), "expires_in": int(seconds), "acr": str(acr)}:
                self._raised = _Raised(token, acr, asked + seconds, card.owner, card.generation)
        shown = {name: value for name, value in answer.body.items() if name not in ("access_token", "token_type")}
        return AccountAnswer(answer.status, shown)
