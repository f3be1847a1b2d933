"""One running service for all sign-in tests; before each its clock moves on, so that limits and sessions are gone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.headend_server import RunningHeadend, running_headend


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningHeadend]:
    folder: Path = tmp_path_factory.mktemp("headend")
    with running_headend(folder) as running:
        yield running


@pytest.fixture
def headend(service: RunningHeadend) -> RunningHeadend:
    service.clock.advance(20 * 60)
    return service
