"""A card in a simulated slot, over a real socket: PivCard, VpcdFace, VpcdReader, CardConnection, PivApplication."""

from __future__ import annotations

import stat
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from device.api.waiting import wait_until
from smartcard.errors import (
    CardAbsent,
    CardMute,
    CardRemoved,
    ProtocolError,
    ReaderBusy,
    ReaderGone,
    ReaderUnavailable,
)
from smartcard.identity import identify
from smartcard.piv import PivApplication
from smartcard.proof import CardProof
from smartcard.reader import ReaderState
from tools.card_sim.core import MuteCard, SimulatedCard
from tools.card_sim.piv_card import PivCard
from tools.card_sim.vpcd import VpcdFace
from tools.card_sim.vpcd_reader import VpcdReader

SELECT = bytes.fromhex("00A4040009A0000003080000100000")
PROOF = CardProof.selftest("00" * 16)


class SlowCard(SimulatedCard):
    """Answers an APDU with that APDU's first bytes when it is let."""

    def __init__(self, atr: bytes) -> None:
        self.atr = atr
        self.asked = threading.Event()
        self.may_answer = threading.Event()
        self.resets = 0

    def reset(self) -> bytes:
        self.resets += 1
        return self.atr

    def process(self, apdu: bytes) -> bytes:
        self.asked.set()
        self.may_answer.wait(10)
        return apdu[:4] + b"\x90\x00"


def put_in(card: SimulatedCard, reader: VpcdReader) -> VpcdFace:
    """The card, seen by the reader."""
    before = reader.state().generation
    face = VpcdFace(card, reader.address)
    face.start()
    assert reader.wait_for_change(before, 5) == ReaderState(True, before + 1)
    return face


def in_thread(work: Callable[[], object]) -> tuple[threading.Thread, list[object]]:
    outcome: list[object] = []

    def run() -> None:
        try:
            outcome.append(work())
        except (CardRemoved, CardMute, ReaderGone) as error:
            outcome.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    return thread, outcome


def test_identity_and_proof_through_the_whole_trace(card: PivCard, reader: VpcdReader) -> None:
    assert reader.state() == ReaderState(False, 0)
    with pytest.raises(CardAbsent):
        reader.connect()
    face = put_in(card, reader)
    with reader.connect() as connection:
        assert (connection.atr.raw, connection.protocol, connection.generation) == (card.atr, 1, 1)
        credential = identify(connection)
        assert credential.identity.serial == "990000000001"
        signature = credential.prove(PROOF)
        assert signature is not None
        application = PivApplication(connection)
        public = application.read_certificate().public_key()
        assert isinstance(public, ec.EllipticCurvePublicKey)
        public.verify(signature, PROOF.message, ec.ECDSA(hashes.SHA256()))
        assert application.read_chuid()[0] == 0x30
        connection.reset()
        assert connection.transmit(SELECT)[1] == 0x9000
    face.stop()


def test_the_same_over_tcp(card: PivCard) -> None:
    with VpcdReader("127.0.0.1:0") as reader:
        face = put_in(card, reader)
        with reader.connect() as connection:
            assert identify(connection).prove(PROOF)
        face.stop()


def test_pulling_the_card_ends_its_connection(card: PivCard, reader: VpcdReader) -> None:
    face = put_in(card, reader)
    connection = reader.connect()
    face.stop()
    assert reader.wait_for_change(1, 5) == ReaderState(False, 2)
    for call in (lambda: connection.transmit(SELECT), connection.reset):
        with pytest.raises(CardRemoved):
            call()
    connection.close()
    with pytest.raises(CardAbsent):
        reader.connect()


def test_pulling_the_card_in_the_middle_of_a_command(card: PivCard, reader: VpcdReader) -> None:
    slow = SlowCard(card.atr)
    face = put_in(slow, reader)
    connection = reader.connect()
    thread, outcome = in_thread(lambda: connection.transmit(SELECT))
    assert slow.asked.wait(5)
    puller = threading.Thread(target=face.stop)
    puller.start()
    thread.join(5)
    assert isinstance(outcome[0], CardRemoved)
    slow.may_answer.set()
    puller.join(5)
    assert reader.wait_for_change(1, 5) == ReaderState(False, 2)


def test_a_swap_faster_than_any_look_is_two_changes(card: PivCard, reader: VpcdReader) -> None:
    """The old connection is dead and never reaches the new card, however fast the swap was."""
    old = SlowCard(card.atr)
    old.may_answer.set()
    first = put_in(old, reader)
    connection = reader.connect()
    assert connection.transmit(SELECT) == (SELECT[:4], 0x9000)
    new = SlowCard(card.atr)
    new.may_answer.set()
    second = VpcdFace(new, reader.address)
    second.start()
    first.stop()
    wait_until(lambda: reader.state().generation != 1 and reader.state().present, limit=5, what="the new card")
    assert reader.state() == ReaderState(True, 3)
    with pytest.raises(CardRemoved):
        connection.transmit(SELECT)
    with pytest.raises(CardRemoved):
        connection.reset()
    connection.close()
    assert (new.asked.is_set(), new.resets) == (False, 0)
    with reader.connect() as again:
        assert again.generation == 3
        assert again.transmit(SELECT)[1] == 0x9000
    second.stop()


def test_a_second_card_waits_until_the_first_is_out(card: PivCard, reader: VpcdReader) -> None:
    first = put_in(card, reader)
    second = VpcdFace(MuteCard(), reader.address)
    second.start()
    assert reader.wait_for_change(1, 0.1) == ReaderState(True, 1)
    with reader.connect() as connection:
        assert connection.transmit(SELECT)[1] == 0x9000
    first.stop()
    assert wait_until(lambda: reader.state().generation == 3, limit=5, what="the second card")
    second.stop()


def test_a_mute_card_is_in_and_says_nothing(reader: VpcdReader) -> None:
    face = put_in(MuteCard(), reader)
    for _ in range(2):
        with pytest.raises(CardMute, match="answer to reset"):
            reader.connect()
    assert reader.state() == ReaderState(True, 1)
    face.stop()


def test_a_card_that_falls_silent(card: PivCard, address: str) -> None:
    """Its late answer is never taken for the answer to the next command."""
    with VpcdReader(address, reset_limit=5.0, answer_limit=0.1) as reader:
        slow = SlowCard(card.atr)
        face = put_in(slow, reader)
        connection = reader.connect()
        with pytest.raises(CardMute, match=r"within 0\.1 s"):
            connection.transmit(bytes.fromhex("00010203"))
        slow.may_answer.set()
        next_command = bytes.fromhex("00040506")
        answer = wait_until(lambda: _answer(connection.transmit, next_command), limit=5, what="an answer")
        assert answer == next_command
        face.stop()


def _answer(transmit: Callable[[bytes], tuple[bytes, int]], command: bytes) -> bytes:
    try:
        return transmit(command)[0]
    except CardMute:
        return b""


def test_a_card_that_answers_half_a_status_word(card: PivCard, reader: VpcdReader) -> None:
    class Broken(SlowCard):
        def process(self, apdu: bytes) -> bytes:
            return b"\x90"

    face = put_in(Broken(card.atr), reader)
    with reader.connect() as connection, pytest.raises(ProtocolError):
        connection.transmit(SELECT)
    face.stop()


def test_the_card_stays_in_while_the_reader_restarts(card: PivCard, address: str) -> None:
    reader = VpcdReader(address)
    face = put_in(card, reader)
    connection = reader.connect()
    reader.close()
    with pytest.raises(ReaderGone):
        connection.transmit(SELECT)
    with VpcdReader(address) as restarted:
        assert restarted.wait_for_change(0, 5) == ReaderState(True, 1)
        with restarted.connect() as anew:
            assert identify(anew).identity.serial == "990000000001"
        face.stop()


def test_a_card_may_be_put_in_before_there_is_a_reader_and_put_in_again(card: PivCard, address: str) -> None:
    face = VpcdFace(card, address)
    face.start()
    face.start()
    with VpcdReader(address) as reader:
        assert reader.wait_for_change(0, 5).present
        face.stop()
        face.stop()
        assert reader.wait_for_change(1, 5) == ReaderState(False, 2)
        face.start()
        assert reader.wait_for_change(2, 5) == ReaderState(True, 3)
        face.stop()


def test_closing_the_reader_ends_a_wait_and_leaves_nothing(card: PivCard, tmp_path: Path) -> None:
    reader = VpcdReader(f"unix:{tmp_path / 'slot'}")
    face = put_in(card, reader)
    thread, outcome = in_thread(lambda: reader.wait_for_change(1, 60))
    reader.close()
    reader.close()
    thread.join(10)
    assert isinstance(outcome[0], ReaderGone)
    for call in (reader.state, reader.connect):
        with pytest.raises(ReaderGone):
            call()
    assert list(tmp_path.iterdir()) == []
    face.stop()


def test_one_connection_at_a_time(card: PivCard, reader: VpcdReader) -> None:
    face = put_in(card, reader)
    first = reader.connect()
    with pytest.raises(ReaderBusy):
        reader.connect()
    first.close()
    first.close()
    with pytest.raises(ReaderGone, match="connection was closed"):
        first.transmit(SELECT)
    with reader.connect() as second, pytest.raises(ProtocolError, match="4 bytes"):
        second.transmit(b"\x01")
    face.stop()


def test_a_reader_that_lives_is_not_robbed_of_its_socket(reader: VpcdReader, tmp_path: Path) -> None:
    path = tmp_path / "card.sock"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with pytest.raises(ReaderBusy):
        VpcdReader(reader.address)


def test_a_socket_left_behind_is_replaced(card: PivCard, tmp_path: Path) -> None:
    path = tmp_path / "stale.sock"
    path.write_bytes(b"")
    with VpcdReader(f"unix:{path}") as reader:
        put_in(card, reader).stop()


def test_where_nobody_can_listen(tmp_path: Path) -> None:
    for address in (f"unix:{tmp_path}/none/card.sock", f"unix:{tmp_path}/{'x' * 120}", "192.0.2.1:1"):
        with pytest.raises(ReaderUnavailable, match="cannot listen"):
            VpcdReader(address)
    assert list(tmp_path.iterdir()) == []
