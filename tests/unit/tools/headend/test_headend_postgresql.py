"""What is different on PostgreSQL: the schema's types, one state a read, pgbouncer between the service and it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, Executable, create_engine, func, insert, inspect, select, text, update
from sqlalchemy.exc import DBAPIError

from device.api.waiting import wait_until
from tests.support.account_rows import account_row
from tests.support.postgres import PGBOUNCER_PEER, POSTGRES_PEER, Postgres
from tools.headend.identity.records import ACTIVE, CARD_PROVEN, REVOKED, UNPAIRED, Once, Session
from tools.headend.identity.refusals import Refusal
from tools.headend.storage import accounts, tables
from tools.headend.storage.database import Database
from tools.headend.storage.registry import Registry
from tools.headend.storage.schema import open_database, upgrade
from tools.headend.storage.tables import metadata

pytestmark = pytest.mark.needs_peer(POSTGRES_PEER)
ACCOUNT = 102733458021


@pytest.fixture
def database(postgres: Postgres) -> Iterator[Database]:
    with postgres.database() as url:
        opened = open_database(url)
        yield opened
        opened.close()


@pytest.fixture
def bounced(postgres: Postgres) -> Iterator[Database]:
    with postgres.database(bouncer=True) as url:
        opened = open_database(url)
        yield opened
        opened.close()


def drop_connections(postgres: Postgres, database: Database) -> None:
    """As a restart of the server does it."""
    engine = create_engine(postgres.cluster.url("postgres"))
    theirs = text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name")
    with engine.begin() as connection:
        assert connection.execute(theirs, {"name": database.url.database}).all()
    engine.dispose()


def add_account(database: Database, account_id: int) -> None:
    database.write(lambda connection: connection.execute(insert(tables.accounts), account_row(account_id)))


def test_migrations_make_exactly_the_models_on_postgresql(postgres: Postgres) -> None:
    with postgres.database(schema=False) as url:
        database = open_database(url)
        upgrade(database)
        database.close()
        engine = create_engine(url)
        with engine.connect() as connection:
            options = {"compare_type": True, "compare_server_default": True}
            assert compare_metadata(MigrationContext.configure(connection, opts=options), metadata) == []
            made = inspect(connection)
            for table in metadata.tables.values():
                checks = {each["name"] for each in made.get_check_constraints(table.name)}
                assert checks == {str(each.name) for each in table.constraints if str(each.name).startswith("ck_")}
        engine.dispose()


def test_two_services_that_start_together_upgrade_once(postgres: Postgres) -> None:
    with postgres.database(schema=False) as url:
        opened: list[Database] = []
        threads = [threading.Thread(target=lambda: opened.append(open_database(url))) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(opened) == 3
        for each in opened:
            each.close()


def test_a_read_sees_one_state_whatever_is_committed_meanwhile(database: Database) -> None:
    add_account(database, ACCOUNT)

    def pay(connection: Connection) -> None:
        connection.execute(update(tables.accounts).values(balance=tables.accounts.c.balance + 100))

    with database.read() as connection:
        before = accounts.account(connection, ACCOUNT)
        database.write(pay)
        assert accounts.account(connection, ACCOUNT) == before
    with database.read() as connection:
        assert accounts.account(connection, ACCOUNT).balance == before.balance + 100


def test_rows_are_the_same_as_through_sqlalchemy(database: Database) -> None:
    """The hot statements go to the driver as they are: what they give must not differ."""
    add_account(database, ACCOUNT)
    with database.read() as connection:
        row = connection.execute(select(tables.accounts)).one()
        assert accounts.account(connection, ACCOUNT) == accounts.StoredAccount(*row)


def test_a_deadlock_is_run_again(database: Database) -> None:
    for number in (1, 2):
        add_account(database, number)
    both_hold = threading.Barrier(2, timeout=10)
    failed: list[Exception] = []

    def crossing(order: tuple[int, int]) -> None:
        first_time = [True]

        def work(connection: Connection) -> None:
            for account_id in order:
                mine = tables.accounts.c.account_id == account_id
                connection.execute(update(tables.accounts).where(mine).values(balance=tables.accounts.c.balance + 1))
                if first_time[0]:
                    first_time[0] = False
                    both_hold.wait()

        try:
            database.write(work)
        except Exception as error:  # noqa: BLE001 - the test's own thread says what it was
            failed.append(error)

    threads = [threading.Thread(target=crossing, args=(order,)) for order in ((1, 2), (2, 1))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    with database.read() as connection:
        assert [accounts.account(connection, number).balance for number in (1, 2)] == [
            account_row(1)["balance"] + 2,
            account_row(2)["balance"] + 2,
        ]


def test_a_connection_that_the_server_dropped_meanwhile_is_made_anew(
    postgres: Postgres, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    registry = Registry(database)
    assert registry.box("884100270011") is None
    drop_connections(postgres, database)
    with pytest.raises(DBAPIError):
        # used a moment ago, so it is not looked at: this request is told to come again
        registry.box("884100270011")
    assert registry.box("884100270011") is None
    drop_connections(postgres, database)
    monkeypatch.setattr("tools.headend.storage.database.IDLE_S", 0.0)
    assert registry.box("884100270011") is None


@pytest.mark.needs_peer(PGBOUNCER_PEER)
def test_nothing_is_prepared_behind_pgbouncer(bounced: Database) -> None:
    """Its transactions go to one server process after the other: a prepared statement would be there once."""
    registry = Registry(bounced)
    processes = set()
    # three at the same time, so that it has three; every read is two transactions, so that the turns shift
    with bounced.read() as first, bounced.read() as second, bounced.read() as third:
        for connection in (first, second, third):
            connection.execute(text("SELECT 1"))
    for _ in range(60):
        assert registry.box("884100270011") is None
        with bounced.read() as connection:
            processes.add(connection.execute(text("SELECT pg_backend_pid()")).scalar())
            assert connection.execute(select(tables.accounts)).all() == []
    assert len(processes) > 1, "pgbouncer gave every transaction the same process: this shows nothing"


def test_what_is_asked_often_is_prepared_without_pgbouncer(database: Database) -> None:
    for _ in range(20):
        with database.read() as connection:
            connection.execute(select(tables.accounts)).all()
            prepared = connection.execute(text("SELECT count(*) FROM pg_prepared_statements")).scalar()
    assert prepared


def test_what_is_not_waited_for_is_a_transaction_too(database: Database) -> None:
    add_account(database, ACCOUNT)
    mine = update(tables.accounts).values(balance=tables.accounts.c.balance + 100)

    def fail(connection: Connection) -> None:
        connection.execute(mine)
        raise RuntimeError

    with pytest.raises(RuntimeError):
        database.write(fail, flushed=False)
    with pytest.raises(DBAPIError):
        database.write(lambda connection: connection.execute(text("SELECT 1/0")), flushed=False)
    with database.read() as connection:
        assert accounts.account(connection, ACCOUNT).balance == account_row(1)["balance"]
    database.write(lambda connection: connection.execute(mine), flushed=False)
    with database.read() as connection:
        assert accounts.account(connection, ACCOUNT).balance == account_row(1)["balance"] + 100


def test_only_what_may_be_lost_with_the_power_is_not_waited_for(database: Database) -> None:
    def level(connection: Connection) -> str:
        return str(connection.execute(text("SHOW synchronous_commit")).scalar_one())

    # the tests' server waits for nothing; a session that does is what the transaction must differ from
    def waiting(connection: Connection) -> None:
        connection.execute(text("SET synchronous_commit TO on"))

    database.write(waiting)
    assert [database.write(level, flushed=flushed) for flushed in (True, False, True)] == ["on", "off", "on"]


def test_only_tables_that_changed_are_counted_again(database: Database) -> None:
    counted_at = text("SELECT relname, last_analyze FROM pg_stat_user_tables")

    def counted_when() -> dict[str, datetime | None]:
        with database.read() as connection:
            return {row.relname: row.last_analyze for row in connection.execute(counted_at)}

    database.gather_statistics()
    before = counted_when()
    assert all(before.values())
    for number in range(60):
        add_account(database, number)
    changed = "SELECT n_mod_since_analyze >= 60 FROM pg_stat_user_tables WHERE relname = 'accounts'"
    # the server's processes tell each other what they did when they have the time

    def seen() -> bool:
        with database.read() as connection:
            return bool(connection.execute(text(changed)).scalar_one())

    wait_until(seen, limit=20, what="the statistics to be told")
    database.gather_statistics()
    assert {name for name, at in counted_when().items() if at != before[name]} == {"accounts"}


def add_box_with_card(database: Database) -> Session:
    """A paired box with its card; a session that may be opened for them."""
    box = {
        "chip_id": "884100270011",
        "account_id": ACCOUNT,
        "public_key": b"k",
        "jkt": "j",
        "state": ACTIVE,
        "model": "m",
    }
    card = {"card_number": "7", "account_id": ACCOUNT, "kind": "piv", "public_key": b"k", "chip_id": "884100270011"}
    database.write(lambda connection: connection.execute(insert(tables.boxes), box))
    database.write(lambda connection: connection.execute(insert(tables.cards), {**card, "state": ACTIVE}))
    expires_at = datetime(2026, 11, 29, 10, 10, tzinfo=UTC)
    return Session(b"t" * 32, ACCOUNT, "884100270011", "7", "j", CARD_PROVEN, expires_at)


def once(*names: bytes) -> list[Once]:
    return [Once(name * 32, datetime(2026, 11, 29, 10, 2, tzinfo=UTC), "nonce_used") for name in names]


def counted(database: Database) -> tuple[int, int]:
    """Sessions, and values that are used up."""
    with database.read() as connection:
        sessions, used = (
            connection.execute(select(func.count()).select_from(each)).scalar_one()
            for each in (tables.sessions, tables.single_use)
        )
    return sessions, used


@pytest.mark.parametrize("kind", ["database", pytest.param("bounced", marks=pytest.mark.needs_peer(PGBOUNCER_PEER))])
def test_a_session_is_opened_in_one_statement(
    request: pytest.FixtureRequest, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    database: Database = request.getfixturevalue(kind)
    session = add_box_with_card(database)
    monkeypatch.setattr(Database, "write", None)
    registry = Registry(database)
    registry.open_session(session, once(b"a", b"b", b"c"))
    assert registry.session(session.token_hash) == session
    assert counted(database) == (1, 3)


@pytest.mark.parametrize(
    ("change", "refused"),
    [
        (update(tables.boxes).values(state=REVOKED), "box_revoked"),
        (update(tables.boxes).values(account_id=None, state=UNPAIRED), "box_unpaired"),
        (update(tables.cards).values(state=REVOKED), "card_revoked"),
        (update(tables.cards).values(chip_id="884100270012"), "card_other_box"),
        (update(tables.cards).values(account_id=ACCOUNT + 1), "card_other_box"),
        (insert(tables.single_use).values(digest=b"b" * 32, expires_at=0), "nonce_used"),
    ],
)
def test_a_session_that_must_not_be_opened_leaves_nothing(database: Database, change: Executable, refused: str) -> None:
    session = add_box_with_card(database)
    database.write(lambda connection: connection.execute(change))
    before = counted(database)
    with pytest.raises(Refusal) as refusal:
        Registry(database).open_session(session, once(b"a", b"b", b"c"))
    assert (refusal.value.code, counted(database)) == (refused, before)


def test_a_session_waits_for_the_revocation_that_is_under_way(database: Database) -> None:
    session = add_box_with_card(database)
    locked, refused = threading.Event(), []

    def open_session() -> None:
        locked.wait(10)
        try:
            Registry(database).open_session(session, once(b"a"))
        except Refusal as refusal:
            refused.append(refusal.code)

    opener = threading.Thread(target=open_session)
    opener.start()

    def revoke(connection: Connection) -> None:
        connection.execute(update(tables.boxes).values(state=REVOKED))
        locked.set()
        waits = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
        assert wait_until(lambda: connection.execute(waits).scalar_one(), limit=10, what="the lock is waited for")

    database.write(revoke)
    opener.join()
    assert (refused, counted(database)) == (["box_revoked"], (0, 0))
