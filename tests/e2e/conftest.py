"""Homes that are started once a session: starting one takes seconds."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.e2e.homes import StartedHome, started_home


@pytest.fixture(scope="session")
def family_home() -> Iterator[StartedHome]:
    with started_home("--household", "family") as home:
        yield home


@pytest.fixture
def family(family_home: StartedHome) -> Iterator[StartedHome]:
    """The family in Russian; put back as it was after each test."""
    yield family_home
    family_home.put_back()


@pytest.fixture(scope="session")
def english_home() -> Iterator[StartedHome]:
    with started_home("--household", "family", "--language", "en") as home:
        yield home
