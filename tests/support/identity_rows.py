"""What the tests of PIN, codes and contacts share: an account that starts anew, and short words for answers."""

from __future__ import annotations

from typing import Any

import httpx
from sqlalchemy import Connection, delete, update

from tests.support.headend_server import RunningHeadend
from tests.support.signin_box import SignInBox
from tools.headend.storage import tables

ACCOUNT = 102733458021
PHONE, EMAIL = "9005550134", "ivan.petrov@example.org"


def forget_identity(headend: RunningHeadend, **contract: str) -> None:
    """Family has no PIN, no tries, no codes, no further contacts; ``contract`` replaces columns of its account."""

    def work(connection: Connection) -> None:
        for table in (tables.account_pins, tables.attempts, tables.codes, tables.contacts):
            connection.execute(delete(table).where(table.c.account_id == ACCOUNT))
        named = {"holder_name": "Иван Петров", "phone": PHONE, "email": EMAIL} | contract
        connection.execute(update(tables.accounts).where(tables.accounts.c.account_id == ACCOUNT).values(named))

    headend.service.services.database.write(work)


def signed_in(headend: RunningHeadend, household: str = "family", box: str = "") -> SignInBox:
    client = headend.box(household, box)
    client.sign_in()
    return client


def later(headend: RunningHeadend, seconds: float) -> SignInBox:
    """A box of family that signs in ``seconds`` later."""
    headend.clock.advance(seconds)
    return signed_in(headend)


def problem(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def outcome(answer: httpx.Response) -> tuple[int, str]:
    """``(200, "")``, or status and code of the problem."""
    return (200, "") if answer.status_code == 200 else problem(answer)


def not_that(code: str) -> str:
    """Another code of the same length."""
    return f"{(int(code) + 1) % 10 ** len(code):0{len(code)}d}"


def rows(headend: RunningHeadend, sql: Any) -> list[Any]:
    """What a statement of SQLAlchemy finds."""
    with headend.service.services.database.read() as connection:
        return list(connection.execute(sql))
