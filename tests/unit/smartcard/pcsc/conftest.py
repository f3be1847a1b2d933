"""A pcscd of the test's own, a simulated card, and readers that are closed at the end."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from smartcard.pcsc.connection import Limits
from smartcard.pcsc.reader import PcscReader
from tests.unit.smartcard.pcsc.daemon import PcscDaemon
from tools.card_sim.cards import card_of_profile
from tools.card_sim.core import SimulatedCard
from tools.card_sim.vpcd import VpcdFace
from tools.provisioning import KeyRing

OpenReader = Callable[..., PcscReader]
PutIn = Callable[..., VpcdFace]


@pytest.fixture
def daemon(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[PcscDaemon]:
    """Not started yet; clients of this process, and of those it starts, find it."""
    made = PcscDaemon(tmp_path)
    monkeypatch.setenv("PCSCLITE_CSOCK_NAME", str(made.socket))
    yield made
    made.stop()


@pytest.fixture
def card(tmp_path_factory: pytest.TempPathFactory) -> SimulatedCard:
    return card_of_profile("piv", KeyRing(tmp_path_factory.mktemp("keys")))


@pytest.fixture
def open_pcsc(daemon: PcscDaemon) -> Iterator[OpenReader]:
    with ExitStack() as stack:
        yield lambda name="", **limits: stack.enter_context(PcscReader(name, limits=Limits(**limits)))


@pytest.fixture
def put_in(daemon: PcscDaemon) -> Iterator[PutIn]:
    """Put a card into reader 0 or 1."""
    with ExitStack() as stack:

        def put(card: SimulatedCard, slot: int = 0) -> VpcdFace:
            face = VpcdFace(card, f"127.0.0.1:{daemon.port + slot}")
            face.start()
            stack.callback(face.stop)
            return face

        yield put
