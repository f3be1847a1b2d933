"""pcscd is killed again and again while a card is in use: each time the box is back at its card within two seconds."""

from __future__ import annotations

import signal
import threading
import time
from functools import partial
from pathlib import Path

import pytest

from device.api.waiting import wait_until
from smartcard.errors import SmartCardError
from smartcard.identity import identify
from smartcard.pcsc.reader import PcscReader
from smartcard.proof import CardProof
from tests.unit.smartcard.pcsc.daemon import FIRST_READER, PEERS, PcscDaemon
from tools.card_sim.cards import card_of_profile
from tools.card_sim.vpcd import VpcdFace
from tools.provisioning import KeyRing

pytestmark = pytest.mark.needs_peer(*PEERS)
KILLS = 20
RECOVERY = 2.0


class User:
    """Proves the card's identity without a pause, and connects anew whenever that fails: what a box does.

    Anything but a typed error ends its thread, which pytest tells as an error.
    """

    def __init__(self, reader: PcscReader) -> None:
        self.proofs = 0
        self._reader = reader
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def is_past(self, proofs: int) -> bool:
        return self.proofs > proofs

    def stop(self) -> None:
        self._ended.set()
        self._thread.join(30)

    def _run(self) -> None:
        proof = CardProof.selftest("00" * 16)
        while not self._ended.is_set():
            try:
                with self._reader.connect() as connection:
                    while not self._ended.is_set():
                        identify(connection, proof).prove(proof)
                        self.proofs += 1
            except SmartCardError:
                self._ended.wait(0.02)


def children() -> set[int]:
    """Processes of this one that live, or wait to be collected."""
    return {int(each) for task in Path("/proc/self/task").iterdir() for each in (task / "children").read_text().split()}


def descriptors_open() -> int:
    return sum(1 for _ in Path("/proc/self/fd").iterdir())


def test_recovery_and_nothing_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    daemon = PcscDaemon(tmp_path)
    monkeypatch.setenv("PCSCLITE_CSOCK_NAME", str(daemon.socket))
    before, descriptors = children(), descriptors_open()
    face = VpcdFace(card_of_profile("piv", KeyRing(tmp_path / "keys")), f"127.0.0.1:{daemon.port}")
    daemon.start()
    face.start()
    reader = PcscReader(FIRST_READER)
    user = User(reader)
    times = []
    try:
        wait_until(lambda: user.proofs, limit=15, what="the first proof")
        for _ in range(KILLS):
            daemon.stop(signal.SIGKILL)
            began = time.monotonic()
            daemon.start()
            proofs = user.proofs
            wait_until(partial(user.is_past, proofs + 1), limit=15, what="a proof after a kill", every=0.01)
            times.append(time.monotonic() - began)
            assert len(children() - before) == 2, "one pcscd and one worker"
    finally:
        user.stop()
        reader.close()
        face.stop()
        daemon.stop()
    assert max(times) < RECOVERY, [round(each, 2) for each in times]
    assert children() == before
    assert descriptors_open() <= descriptors
