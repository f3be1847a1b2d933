"""One running service of each operator for all account tests; before each its clock moves on, limits are gone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.support.headend_server import START, RunningHeadend, running_headend
from tests.support.postgres import POSTGRES_PEER, Postgres


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.needs_peer(POSTGRES_PEER))])
def url(request: pytest.FixtureRequest, postgres: Postgres, tmp_path: Path) -> Iterator[str]:
    """A new database, for a service or a command that is killed."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'headend.db'}"
        return
    with postgres.database() as made:
        yield made


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningHeadend]:
    with running_headend(tmp_path_factory.mktemp("mts")) as running:
        yield running


@pytest.fixture(scope="module")
def polaris_service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningHeadend]:
    with running_headend(tmp_path_factory.mktemp("polaris"), operator="polaris") as running:
        yield running


@pytest.fixture
def headend(service: RunningHeadend) -> RunningHeadend:
    """The accounts of mts on the day they were seeded; some minutes have passed since the test before."""
    service.clock.advance(60)
    assert service.clock.now() < START + timedelta(hours=3), "days must not change under these tests"
    return service


@pytest.fixture
def polaris(polaris_service: RunningHeadend) -> RunningHeadend:
    polaris_service.clock.advance(60)
    return polaris_service
