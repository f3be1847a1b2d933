"""A PIV card whose keys come from a key ring, and an address of its own for each test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tools.card_sim.cards import card_of_profile
from tools.card_sim.piv_card import PivCard
from tools.card_sim.vpcd_reader import VpcdReader
from tools.provisioning import KeyRing


@pytest.fixture(scope="session")
def ring(tmp_path_factory: pytest.TempPathFactory) -> KeyRing:
    return KeyRing(tmp_path_factory.mktemp("keys"))


@pytest.fixture
def card(ring: KeyRing) -> PivCard:
    made = card_of_profile("piv", ring)
    assert isinstance(made, PivCard)
    return made


@pytest.fixture
def address(tmp_path: Path) -> str:
    return f"unix:{tmp_path / 'card.sock'}"


@pytest.fixture
def reader(address: str) -> Iterator[VpcdReader]:
    with VpcdReader(address, reset_limit=2.0, answer_limit=5.0) as opened:
        yield opened
