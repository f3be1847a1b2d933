"""What every test may rely on: a peer of Debian that is missing skips by name, and fails where CI=true."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from tests.support.postgres import Postgres
from tests.support.scheduling import ByFile

# Tests do not time: a loaded machine is no reason to fail
settings.register_profile("project", deadline=None)
settings.load_profile("project")


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """This test process's PostgreSQL, started by the first test that asks it for a database; such a test is marked
    ``needs_peer(POSTGRES_PEER)``."""
    made = Postgres()
    yield made
    made.close()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--report", metavar="DIR", help="where pages about pictures that differ are written")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByFile:
    return ByFile(config, log)


def pytest_runtest_setup(item: pytest.Item) -> None:
    for marker in item.iter_markers("needs_peer"):
        missing = [peer for peer in marker.args if not _present(str(peer))]
        if missing:
            reason = f"needs {', '.join(missing)}: `make test` installs it where it may"
            if os.environ.get("CI") == "true":
                pytest.fail(reason, pytrace=False)
            pytest.skip(reason)


def _present(peer: str) -> bool:
    """``NAME`` is a program on PATH, ``NAME:FILE`` a file."""
    _, colon, path = peer.partition(":")
    return Path(path).exists() if colon else shutil.which(peer) is not None
