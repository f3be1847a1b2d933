"""A PIN from a request's body: its length by the operator's rule, its slow comparison before the transaction."""

from __future__ import annotations

from tools.headend.api.guard import Admitted
from tools.headend.api.problems import RequestInvalid
from tools.headend.api.services import Services
from tools.headend.identity.pins import TypedPin
from tools.headend.storage import identity
from tools.headend.use_cases.attempts import attempts_now
from tools.headend.use_cases.pins import ACCOUNT, guarded_pin


def new_pin(
    services: Services, pin: str, field: str = "pin", *, unlike: str | None = None, of: Admitted | None = None
) -> TypedPin:
    """A PIN that is to be set, encoded already; RequestInvalid that names ``field`` where its length is off.

    ``unlike``: compared already with that kind of PIN of the account that asks (``of``), from which it must differ.
    """
    typed = _typed(services, pin, field)
    typed.encoded()
    if unlike is not None and of is not None:
        with services.database.read() as connection:
            other = identity.pin_of(connection, of.session.account_id, unlike)
        if other is not None:
            typed.matches(other)
    return typed


def pin_to_check(services: Services, admitted: Admitted, pin: str, field: str = "pin", kind: str = ACCOUNT) -> TypedPin:
    """A PIN that has to be the account's: compared already, unless it is locked, so that guessing costs nothing here.

    What counts is decided in the transaction, which knows this comparison and whether another PIN came between.
    """
    typed = _typed(services, pin, field)
    account_id = admitted.session.account_id
    with services.database.read() as connection:
        purpose = guarded_pin(services.operator, kind).purpose
        locked = attempts_now(connection, account_id, purpose, services.clock.now()).locked_until
        encoded = identity.pin_of(connection, account_id, kind)
    if encoded is not None and locked is None:
        typed.matches(encoded)
    return typed


def _typed(services: Services, pin: str, field: str) -> TypedPin:
    digits = services.operator.identity.pin_digits
    if len(pin) != digits:
        raise RequestInvalid(field, f"expected {digits} digits")
    return TypedPin(services.pins, pin)
