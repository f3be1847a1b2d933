"""One head-end behind one relay for all; whoever needs another certificate or stops it makes his own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.contract.device.world import Box, Headend, Network
from tools.provisioning import KeyRing

MakeBox = Callable[..., Box]


@pytest.fixture(scope="session")
def ring(tmp_path_factory: pytest.TempPathFactory) -> KeyRing:
    return KeyRing(tmp_path_factory.mktemp("ring") / "keys")


@pytest.fixture(scope="session")
def relay() -> Iterator[Network]:
    network = Network()
    yield network
    network.close()


@pytest.fixture(scope="session")
def headend(tmp_path_factory: pytest.TempPathFactory, ring: KeyRing, relay: Network) -> Iterator[Headend]:
    headend = Headend(tmp_path_factory.mktemp("headend"), ring, origin=relay.url)
    yield headend
    assert headend.program.end() == 0


@pytest.fixture
def network(relay: Network, headend: Headend) -> Network:
    """The way to the shared head-end; whole at the beginning of each test."""
    relay.to(headend)
    return relay


@pytest.fixture
def make_box(tmp_path: Path, ring: KeyRing) -> Iterator[MakeBox]:
    """``make_box(service_url, household="family", box=None)``; ended with the test."""
    with ExitStack() as boxes:
        count = 0

        def make(service: str, *, household: str = "family", box: str | None = None) -> Box:
            nonlocal count
            count += 1
            folder = tmp_path / f"box{count}"
            folder.mkdir()
            return boxes.enter_context(Box(folder, ring, service, household=household, box=box))

        yield make
