"""The one way in which a request changes an account: admission, one effect a key, one transaction, events after it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response

from tools.headend.api.answers import json_response
from tools.headend.api.guard import Admitted
from tools.headend.api.problems import answer_response, declined_answer
from tools.headend.api.requests import idempotency_key
from tools.headend.api.services import Services
from tools.headend.domain.declined import Declined
from tools.headend.identity.records import CARD_AND_PIN
from tools.headend.identity.refusals import refuse
from tools.headend.storage.changes import Change
from tools.headend.storage.registry import use_up
from tools.headend.use_cases.work import Work, begin, finish

T = TypeVar("T")
UseCase = Callable[[Work], dict[str, Any] | Declined]
"""Does the change and answers; raises Declined where it may not be, which undoes everything. A Declined that is
returned is committed first: a failure that was counted. May run again, so it has no other effect."""


def change(services: Services, request: Request, body: bytes, use_case: UseCase, *, step_up: bool) -> Response:
    """Run ``use_case`` once for this request's Idempotency-Key; ``step_up``: only with the PIN (product.md S4).

    A change that was made is answered without the PIN too: the box that lost the answer may have lost the PIN's session
    with it, and must not take the change for undone.
    """
    admitted = services.guard.change(request)
    key = idempotency_key(request)
    after = _Afterwards()

    def effect(connection: Connection) -> dict[str, Any] | Declined:
        return _run(services, admitted, connection, use_case, after)

    change_ = Change(admitted.session.account_id, f"{request.method} {request.url.path}", key, body, admitted.jti)
    if step_up and admitted.session.acr != CARD_AND_PIN:
        known = services.changes.answered(change_)
        if known is None:
            refuse("insufficient_user_authentication")
        return answer_response(known)
    answer = services.changes.run(change_, effect, declined_answer)
    after.do(services)
    return answer_response(answer)


def change_without_key(
    services: Services, admitted: Admitted, use_case: Callable[[Work], dict[str, Any] | Declined]
) -> Response:
    """The same for PINs and codes: no key is taken and nothing of body or answer is kept (contracts.md).

    A Declined that is raised undoes everything; one that is returned is committed first: a failure that was counted.
    """
    after = _Afterwards()

    def effect(connection: Connection) -> dict[str, Any] | Declined:
        use_up(connection, [admitted.jti])
        return _run(services, admitted, connection, use_case, after)

    outcome = services.database.write(effect)
    after.do(services)
    if isinstance(outcome, Declined):
        raise outcome
    return json_response(outcome)


def _run(
    services: Services, admitted: Admitted, connection: Connection, use_case: Callable[[Work], T], after: _Afterwards
) -> T:
    after.work = None
    session = admitted.session
    work = begin(connection, services.operator, services.clock.now(), session.account_id, chip_id=session.chip_id)
    outcome = use_case(work)
    finish(work)
    after.work = work
    return outcome


@dataclass(slots=True)
class _Afterwards:
    """What follows a commit, of the run that was committed."""

    work: Work | None = None

    def do(self, services: Services) -> None:
        if self.work is None:
            return
        if self.work.touched:
            services.hub.saw(self.work.account_id, self.work.version)
        services.courier.send(self.work.messages)
