"""The card adapter with the simulated PIV card in the virtual slot: real APDUs, real signatures."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from device.adapters.card_watcher import CardWatcher
from device.adapters.smart_card import SmartCard
from device.api.waiting import wait_until
from device.ports.card import CardFailure, ReaderFailure
from smartcard.reader import CardReader
from tools.card_sim.cards import card_of_household
from tools.card_sim.core import MuteCard, SimulatedCard
from tools.card_sim.vpcd import VpcdFace
from tools.card_sim.vpcd_reader import VpcdReader
from tools.provisioning import KeyRing


class Slot:
    def __init__(self, folder: Path, ring: KeyRing) -> None:
        self.ring = ring
        self.reader = VpcdReader(f"unix:{folder / 'c.sock'}", reset_limit=0.3)
        self.face: VpcdFace | None = None

    def insert(self, card: SimulatedCard | str) -> int:
        before = self.reader.state().generation
        put = card_of_household(card, self.ring) if isinstance(card, str) else card
        self.face = VpcdFace(put, self.reader.address)
        self.face.start()
        return wait_until(lambda: self._present(before), limit=5, what="the card")

    def _present(self, before: int) -> int:
        state = self.reader.state()
        return state.generation if state.present and state.generation > before else 0

    def pull(self) -> None:
        if self.face is not None:
            self.face.stop()
            self.face = None
            wait_until(lambda: not self.reader.state().present, limit=5, what="the empty slot")


@pytest.fixture(scope="module")
def ring(tmp_path_factory: pytest.TempPathFactory) -> KeyRing:
    return KeyRing(tmp_path_factory.mktemp("keys"))


@pytest.fixture
def slot(tmp_path: Path, ring: KeyRing) -> Iterator[Slot]:
    slot = Slot(tmp_path, ring)
    yield slot
    slot.pull()
    slot.reader.close()


CHALLENGE = {"audience": "https://a", "nonce": "n-1", "chip_id": "884100270011", "jkt": "j"}


def test_reads_tests_and_proves(slot: Slot) -> None:
    card = SmartCard(slot.reader)
    facts = card.read(slot.insert("family"))
    assert (facts.kind, facts.serial, facts.generation) == ("piv", "410273345801", 1)
    evidence = card.prove(facts, **CHALLENGE)
    assert evidence.certificate is not None and evidence.proof is not None
    assert facts.owner == hashlib.sha256(evidence.certificate).hexdigest()
    key = x509.load_der_x509_certificate(evidence.certificate).public_key()
    assert isinstance(key, ec.EllipticCurvePublicKey)
    message = b"stb-card-proof-v1|https://a|n-1|884100270011|410273345801|j"
    key.verify(evidence.proof, message, ec.ECDSA(hashes.SHA256()))


def test_another_insertion_is_another_card_even_with_the_same_one(slot: Slot) -> None:
    card = SmartCard(slot.reader)
    facts = card.read(slot.insert("family"))
    slot.pull()
    with pytest.raises(CardFailure) as gone:
        card.prove(facts, **CHALLENGE)
    assert gone.value.code == "card_removed"
    generation = slot.insert("family/kitchen")
    with pytest.raises(CardFailure) as swapped:
        card.prove(facts, **CHALLENGE)
    assert swapped.value.code == "card_removed"
    with pytest.raises(CardFailure):
        card.read(generation - 2)
    assert card.read(generation).serial == "410273345819"


def test_a_mute_card_and_a_closed_reader(slot: Slot) -> None:
    card = SmartCard(slot.reader)
    generation = slot.insert(MuteCard())
    with pytest.raises(CardFailure) as mute:
        card.read(generation)
    assert mute.value.code == "card_mute"
    slot.pull()
    with pytest.raises(CardFailure) as empty:
        card.read(generation + 1)
    assert empty.value.code == "card_removed"
    slot.reader.close()
    with pytest.raises(ReaderFailure) as closed:
        card.read(generation + 1)
    assert closed.value.code == "reader_gone"


def test_a_part_that_cannot_be_signed_is_a_failure_of_its_own_and_the_card_stays(slot: Slot) -> None:
    card = SmartCard(slot.reader)
    facts = card.read(slot.insert("family"))
    with pytest.raises(CardFailure) as raised:
        card.prove(facts, **{**CHALLENGE, "nonce": "a|b"})
    assert raised.value.code == "proof_part"
    assert card.prove(facts, **CHALLENGE).proof


def test_the_watcher_tells_each_change_and_a_reader_that_goes(slot: Slot) -> None:
    slots: list[tuple[bool, int]] = []
    failures: list[str] = []
    watcher = CardWatcher(slot.reader, lambda present, number: slots.append((present, number)), failures.append)
    watcher.start()
    wait_until(lambda: slots == [(False, 0)], limit=5, what="the empty slot")
    slot.insert("family")
    wait_until(lambda: slots[1:] == [(True, 1)], limit=5, what="the card")
    slot.pull()
    wait_until(lambda: slots[2:] == [(False, 2)], limit=5, what="its removal")
    slot.reader.close()
    wait_until(lambda: failures == ["reader_gone"], limit=5, what="the reader's failure")
    watcher.stop()
    assert isinstance(slot.reader, CardReader)
