"""Several commands as one request to the worker: identity and proof of a card in a real pcscd."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.api.waiting import wait_until
from smartcard.errors import CardRemoved, ProtocolError, ReaderError, ReaderGone
from smartcard.identity import identify
from smartcard.pcsc.connection import PcscConnection
from smartcard.pcsc.process import Channel
from smartcard.pcsc.reader import PcscReader
from smartcard.pcsc.wire import Operation, pack, unpack
from smartcard.proof import CardProof
from tests.unit.smartcard.pcsc.conftest import OpenReader, PutIn
from tests.unit.smartcard.pcsc.daemon import PEERS, PcscDaemon
from tools.card_sim.cards import card_of_profile
from tools.card_sim.core import SimulatedCard
from tools.provisioning import KeyRing

needs_pcscd = pytest.mark.needs_peer(*PEERS)
PROOF = CardProof.selftest("00" * 16)
SELECT = bytes.fromhex("00A4040009A0000003080000100000")


class Answering(SimulatedCard):
    """T=0; answers by a function."""

    atr = b"\x3b\x00"

    def __init__(self, answer: Callable[[bytes], bytes]) -> None:
        self.answer = answer
        self.commands: list[bytes] = []

    def reset(self) -> bytes:
        return self.atr

    def process(self, apdu: bytes) -> bytes:
        self.commands.append(apdu)
        return self.answer(apdu)


@pytest.fixture
def requests(monkeypatch: pytest.MonkeyPatch) -> list[Operation]:
    """What is asked of any worker's card channel, in order; looks at the slot are not among them."""
    seen: list[Operation] = []
    ask = Channel.ask

    def counted(self: Channel, operation: Operation, payload: bytes = b"", *, limit: float) -> tuple[int, bytes]:
        if operation not in (Operation.STATUS, Operation.LIST):
            seen.append(operation)
        return ask(self, operation, payload, limit=limit)

    monkeypatch.setattr(Channel, "ask", counted)
    return seen


@pytest.fixture
def connect(daemon: PcscDaemon, open_pcsc: OpenReader, put_in: PutIn) -> Callable[..., PcscConnection]:
    """The card in the first reader, connected."""

    def connected(card: SimulatedCard, **limits: float) -> PcscConnection:
        daemon.start()
        put_in(card)
        reader = open_pcsc("", **limits)
        wait_until(lambda: _is_in(reader), limit=15, what="a card")
        return reader.connect()

    return connected


def _is_in(reader: PcscReader) -> bool:
    try:
        return reader.state().present
    except ReaderError:
        return False


@needs_pcscd
def test_identity_and_proof_are_one_request(
    connect: Callable[..., PcscConnection], card: SimulatedCard, requests: list[Operation]
) -> None:
    with connect(card) as connection:
        requests.clear()
        credential = identify(connection, PROOF)
        assert credential.prove(PROOF)
        assert requests == [Operation.EXCHANGE]
        other = CardProof.selftest("11" * 16)
        assert credential.prove(other) != credential.prove(PROOF)
        assert set(requests[1:]) == {Operation.TRANSMIT}


@needs_pcscd
def test_a_card_with_another_key_is_asked_for_the_signature_again(
    connect: Callable[..., PcscConnection], tmp_path: Path, requests: list[Operation]
) -> None:
    with connect(card_of_profile("piv-rsa", KeyRing(tmp_path / "keys"))) as connection:
        requests.clear()
        credential = identify(connection, PROOF)
        assert requests == [Operation.EXCHANGE]
        assert credential.prove(PROOF)
        assert len(requests) <= 4


@needs_pcscd
def test_an_exchange_ends_with_the_first_that_is_no_success(connect: Callable[..., PcscConnection]) -> None:
    answers = iter([b"\x01\x61\x02", b"\x02\x03\x90\x00", b"\x6c\x01", b"\x04\x90\x00", b"\x6a\x82"])
    card = Answering(lambda _: next(answers))
    with connect(card) as connection:
        assert connection.exchange([SELECT, b"\x00\xb0\x00\x00\x00", SELECT, SELECT]) == [
            (b"\x01\x02\x03", 0x9000),
            (b"\x04", 0x9000),
            (b"", 0x6A82),
        ]
        assert [each[1] for each in card.commands] == [0xA4, 0xC0, 0xB0, 0xB0, 0xA4]


@needs_pcscd
def test_nonsense_is_a_protocol_error_and_the_card_stays_connected(connect: Callable[..., PcscConnection]) -> None:
    card = Answering(lambda _: b"\x6c\x02")
    with connect(card) as connection:
        with pytest.raises(ProtocolError, match="refuses the length"):
            connection.exchange([SELECT])
        with pytest.raises(ProtocolError, match="header of 4 bytes"):
            connection.exchange([b"\x00"])
        card.answer = lambda _: b"\x90\x00"
        assert connection.exchange([SELECT]) == [(b"", 0x9000)]


@needs_pcscd
def test_a_card_that_vanishes_inside_an_exchange(daemon: PcscDaemon, open_pcsc: OpenReader, put_in: PutIn) -> None:
    daemon.start()
    card = Answering(lambda _: b"\x90\x00")
    face = put_in(card)
    reader = open_pcsc("")
    wait_until(lambda: _is_in(reader), limit=15, what="a card")
    connection = reader.connect()
    puller, may_answer = threading.Thread(target=face.stop), threading.Event()

    def pull(_: bytes) -> bytes:
        puller.start()
        may_answer.wait(10)
        return b"\x90\x00"

    card.answer = pull
    with pytest.raises(CardRemoved):
        connection.exchange([SELECT, SELECT, SELECT])
    may_answer.set()
    puller.join(10)
    assert len(card.commands) == 1
    with pytest.raises(CardRemoved):
        connection.exchange([SELECT])


@needs_pcscd
def test_an_exchange_that_hangs_is_given_up(connect: Callable[..., PcscConnection]) -> None:
    connection = connect(Answering(lambda _: b""), transmit=0.3)
    with pytest.raises(ReaderGone, match=r"EXCHANGE took longer than 0\.3 s"):
        connection.exchange([SELECT, SELECT])


@given(st.lists(st.binary(max_size=40)))
def test_what_is_packed_is_unpacked(parts: list[bytes]) -> None:
    assert unpack(pack(parts)) == parts


@given(st.binary(max_size=40))
def test_any_payload_is_parts_or_a_value_error(payload: bytes) -> None:
    try:
        parts = unpack(payload)
    except ValueError:
        return
    assert pack(parts) == payload
