"""Every operation of the OpenAPI document, by its name: SQLite and PostgreSQL answer it the same, and nobody reads or
changes by it what is another account's (quality.md, Correct and safe). An operation that nobody does here fails."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from tests.support.headend_server import RunningHeadend, running_headend
from tests.support.household_viewer import Viewer
from tests.support.paying_home import standing_in
from tests.support.postgres import POSTGRES_PEER, Postgres
from tests.support.whole_account import HOUSEHOLDS, WholeAccount
from tools.headend.storage.tables import metadata

pytestmark = pytest.mark.needs_peer(POSTGRES_PEER)

MINE = "ending"
IDS_IN_BODIES = {
    "quote_id": "quote_id",
    "order_id": "order_id",
    "transfer_id": "transfer_id",
    "entry_id": "entry_id",
    "payment_method_id": "method_id",
    "number_id": "number_id",
    "to_room": "room_id",
}
OF_NO_ACCOUNT = {"GET /v1/events", "GET /v1/pairing-codes/{pairing_id}"}
"""What never ends; and what is asked by a box that is of no account yet, where to know the id is to be that box."""
REFUSED = (400, 403, 404, 409)

Operations = dict[str, dict[str, Any]]


@pytest.fixture(scope="module")
def wholes(postgres: Postgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, WholeAccount]]:
    """The same life on both databases, by the kind of database."""
    with ExitStack() as stack:
        urls = {"sqlite": "", "postgresql": stack.enter_context(postgres.database())}
        made = {kind: _whole(tmp_path_factory.mktemp(kind), url, stack) for kind, url in urls.items()}
        for whole in made.values():
            whole.live()
        yield made


def _whole(folder: Path, url: str, stack: ExitStack) -> WholeAccount:
    def start(**options: Any) -> RunningHeadend:
        return stack.enter_context(running_headend(folder, database_url=url, **options))

    headend, stand_in = stack.enter_context(standing_in(start, households=HOUSEHOLDS))
    return WholeAccount(headend, stand_in)


@pytest.fixture(scope="module")
def operations(wholes: dict[str, WholeAccount]) -> Operations:
    whole = wholes["sqlite"]
    document = whole.viewer.box.http.get(f"{whole.headend.origin}/openapi.json").json()
    return {
        f"{method.upper()} {path}": operation
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    }


def test_every_operation_is_done_here(wholes: dict[str, WholeAccount], operations: Operations) -> None:
    for whole in wholes.values():
        assert sorted(set(operations) - {operation for operation, _, _ in whole.calls}) == []


def test_both_databases_answer_the_same(wholes: dict[str, WholeAccount]) -> None:
    sqlite, postgresql = (wholes[kind].calls for kind in ("sqlite", "postgresql"))
    for ours, theirs in zip(sqlite, postgresql, strict=True):
        assert ours == theirs


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_nothing_is_read_or_changed_across_accounts(
    kind: str, wholes: dict[str, WholeAccount], operations: Operations
) -> None:
    whole = wholes[kind]
    mine, words = Viewer(whole.headend, MINE), words_of(whole)
    before = rows_of(whole)
    asked = 0
    for name, operation in operations.items():
        for path, body, guessable in requests_about(whole, name, operation):
            method = name.partition(" ")[0]
            answer = mine.ask(method, path, body)
            assert answer.status_code < 500, (name, answer.text)
            shown = [word for word in words if re.search(rf"(?<!\w){re.escape(word)}(?!\w)", answer.text)]
            assert not shown, f"{name} shows {shown}"
            if not guessable:
                assert answer.status_code in REFUSED, (name, path, body, answer.status_code, answer.text)
            asked += 1
    assert asked > 60
    assert rows_of(whole) == before


def requests_about(whole: WholeAccount, name: str, operation: dict[str, Any]) -> Iterator[tuple[str, Any, bool]]:
    """Path and body of what the operation can be asked about what is the other account's, and whether it means
    something of one's own as well: ids of rows and rooms are counted in each account anew. Reads that name nothing are
    asked too, changes that name nothing are not."""
    method, template = name.split(" ")
    if not template.startswith("/v1/") or name in OF_NO_ACCOUNT:
        return
    parameters = [each for each in re.findall(r"\{(\w+)\}", template) if each != "provider"]
    path = re.sub(r"\{(\w+)\}", lambda found: whole.ids.get(found[1], "yookassa"), template)
    missing = [each for each in parameters if each not in whole.ids]
    assert not missing, f"the account that owns everything has no {missing}, which {name} is about"
    [content] = operation.get("requestBody", {"content": {"": {}}})["content"].values()
    example = content.get("example") or {}
    named = [key for key in IDS_IN_BODIES if key in example]
    for key in named or ([""] if parameters or method == "GET" else []):
        plain = {each: value for each, value in example.items() if each not in named}
        body = {**plain, key: whole.ids[IDS_IN_BODIES[key]]} if key else plain
        ids = [*(whole.ids[each] for each in parameters), *([body[key]] if key else [])]
        guessable = not any(len(each) > 30 for each in ids)
        yield path, None if method == "GET" else body, guessable


def words_of(whole: WholeAccount) -> list[str]:
    """What tells who the other accounts are, and every id of theirs that cannot be guessed."""
    found = [each for each in whole.ids.values() if len(each) > 30]
    for name in ("family", "together"):
        household = Viewer(whole.headend, name).household
        found += [household.account_number, household.contract_number, household.holder.name, household.holder.phone]
        found += [each for box in household.boxes for each in (box.chip_id, box.card_number)]
    return found


def rows_of(whole: WholeAccount) -> dict[str, list[str]]:
    """Everything in the database that is not the asker's own."""
    own = Viewer(whole.headend, MINE).account_id
    with whole.headend.prepared.database.read() as connection:
        return {
            table.name: sorted(repr(tuple(row)) for row in connection.execute(select(table).where(column != own)))
            for table in metadata.sorted_tables
            if (column := table.c.get("account_id")) is not None and table.name != "sessions"
        }
