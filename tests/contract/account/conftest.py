"""One running service of each operator for all account tests; before each its clock moves on, limits are gone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from tests.support.headend_server import START, RunningHeadend, running_headend


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
