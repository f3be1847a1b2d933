"""The account service for the tests by feature: every one runs on SQLite and on PostgreSQL.

``world``      the running service of mts with all households; one a test file and database, so the tests of a file
               share its state and its clock goes on from test to test
``headend``    the same, a minute after the test before
``polaris``    the service of the other operator
``new_world``  makes a service for one test alone: ``with new_world(households=("family",)) as headend: …``
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.support.headend_server import RunningHeadend, running_headend
from tests.support.paying_home import PayingHome, standing_in
from tests.support.payment_stand_in import RunningStandIn
from tests.support.postgres import POSTGRES_PEER, Postgres

NewWorld = Callable[..., AbstractContextManager[RunningHeadend]]


@pytest.fixture(
    scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.needs_peer(POSTGRES_PEER))]
)
def database_kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def running(
    database_kind: str, postgres: Postgres, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[..., RunningHeadend]]:
    """Starts services on this kind of database that end with the file."""
    with ExitStack() as stack:

        def start(**options: Any) -> RunningHeadend:
            return stack.enter_context(_service(database_kind, postgres, tmp_path_factory.mktemp("world"), options))

        yield start


@pytest.fixture(scope="module")
def world(running: Callable[..., RunningHeadend]) -> RunningHeadend:
    return running()


@pytest.fixture(scope="module")
def polaris(running: Callable[..., RunningHeadend]) -> RunningHeadend:
    return running(operator="polaris")


@pytest.fixture
def headend(world: RunningHeadend) -> RunningHeadend:
    world.clock.advance(60)
    return world


@pytest.fixture
def new_world(database_kind: str, postgres: Postgres, tmp_path: Path) -> NewWorld:
    count = iter(range(1000))

    def make(**options: Any) -> AbstractContextManager[RunningHeadend]:
        folder = tmp_path / f"world{next(count)}"
        folder.mkdir()
        return _service(database_kind, postgres, folder, options)

    return make


@contextmanager
def _service(kind: str, postgres: Postgres, folder: Path, options: dict[str, Any]) -> Iterator[RunningHeadend]:
    with ExitStack() as stack:
        url = stack.enter_context(postgres.database()) if kind == "postgresql" else ""
        yield stack.enter_context(running_headend(folder, database_url=url, **options))


@pytest.fixture(scope="module")
def paying(running: Callable[..., RunningHeadend]) -> Iterator[tuple[RunningHeadend, RunningStandIn]]:
    """The service of mts with a payment stand-in beside it."""
    with standing_in(running, households=("family", "debt", "ending")) as both:
        yield both


@pytest.fixture
def home(paying: tuple[RunningHeadend, RunningStandIn]) -> Iterator[PayingHome]:
    """The household family as on the day it was seeded, and nothing open at the provider."""
    home = PayingHome(*paying)
    yield home
    home.quiet()
