"""Migrations and models are the same schema, and the schema keeps its rules."""

from __future__ import annotations

import stat
from datetime import date
from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, insert, inspect, select

from tests.support.account_rows import account_row
from tools.headend.domain.ledger import WALLET
from tools.headend.storage.database import Database
from tools.headend.storage.schema import HEAD, MIGRATIONS, open_database, upgrade
from tools.headend.storage.tables import accounts, ledger_entries, metadata, settings

LOOK_UPS = {
    "boxes",
    "ca_cards",
    "cards",
    "number_owners",
    "pairing_codes",
    "payment_links",
    "payment_references",
    "sessions",
    "settings",
    "single_use",
}


def test_migrations_make_exactly_the_models(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path / 'x.db'}")
    engine = create_engine(f"sqlite:///{tmp_path / 'x.db'}")
    with engine.connect() as connection:
        options = {"compare_type": True, "compare_server_default": True}
        difference = compare_metadata(MigrationContext.configure(connection, opts=options), metadata)
        assert difference == []
        made = inspect(connection)
        for table in metadata.tables.values():
            checks = {each["name"] for each in made.get_check_constraints(table.name)}
            assert checks == {str(each.name) for each in table.constraints if str(each.name).startswith("ck_")}
    engine.dispose()
    database.close()


def test_the_newest_revision_is_the_one_that_is_looked_for() -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    assert ScriptDirectory.from_config(config).get_heads() == [HEAD]


def test_upgrading_twice_changes_nothing(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path / 'x.db'}")
    upgrade(database)
    database.close()


def test_an_older_database_learns_the_day_of_its_newest_entries(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'x.db'}")

    def older(connection: Connection) -> None:
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS))
        config.attributes["connection"] = connection
        command.upgrade(config, "1")
        for number, last_entry in ((1, 2), (2, 0)):
            connection.execute(insert(accounts), account_row(number, last_entry=last_entry))
        entry = {"account_id": 1, "at": 0, "month": "2026-11", "kind": "payment", "amount": 1}
        sides = {"debit": "provider:bank", "credit": WALLET}
        for number, day in ((1, date(2026, 11, 5)), (2, date(2026, 11, 6))):
            connection.execute(insert(ledger_entries), {**entry, **sides, "entry_id": number, "day": day})

    database.write(older)
    upgrade(database)
    with database.read() as connection:
        days = connection.execute(select(accounts.c.settled_on).order_by(accounts.c.account_id)).scalars().all()
    assert list(days) == [date(2026, 11, 6), None]
    database.close()


def test_the_file_is_its_owners_alone(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path / 'x.db'}")
    for path in tmp_path.iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600, path
    database.close()


def test_a_reader_does_not_wait_for_the_writer(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path / 'x.db'}")

    def look_while_writing(writer: Connection) -> str:
        writer.execute(settings.insert().values(name="a", value="b"))
        with database.read() as reader:
            assert reader.execute(select(settings.c.value)).first() is None
            return str(reader.exec_driver_sql("PRAGMA journal_mode").scalar())

    assert database.write(look_while_writing) == "wal"
    database.close()


def test_account_id_leads_every_key_of_an_accounts_table() -> None:
    for table in metadata.tables.values():
        first = next(iter(table.primary_key.columns)).name
        assert (first == "account_id") != (table.name in LOOK_UPS), table.name
        for index in table.indexes:
            assert not index.unique, "UNIQUE without the shard key cannot be spread"


def test_only_what_may_be_lost_with_the_power_is_not_flushed(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path / 'x.db'}")

    def level(connection: Connection) -> int:
        return int(connection.exec_driver_sql("PRAGMA synchronous").scalar_one())

    full, normal = 2, 1
    assert [database.write(level, flushed=flushed) for flushed in (True, False, True)] == [full, normal, full]
    database.close()
