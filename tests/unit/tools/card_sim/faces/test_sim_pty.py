"""The pseudo-terminal, with plain pyserial as its client."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import serial

from tests.unit.tools.card_sim.line.rig import T1_ATR, FixedCard
from tools.card_sim.dressed import FaultyCard
from tools.card_sim.faults import Faults
from tools.card_sim.pty import PtyFace

ANSWERS = {"00200080": "63C3"}
ATR = b"\x3b\x00"
VERIFY = bytes.fromhex("0020008000")


@pytest.fixture
def face() -> Iterator[PtyFace]:
    face = PtyFace(FixedCard("3B00", ANSWERS))
    face.start()
    yield face
    face.stop()


def opened(face: PtyFace, timeout: float = 5) -> serial.Serial:
    return serial.serial_for_url(face.path, baudrate=9600, timeout=timeout)


def descriptors() -> int:
    return sum(1 for _ in Path("/proc/self/fd").iterdir())


def test_every_open_is_a_reset(face: PtyFace) -> None:
    for _ in range(3):
        with opened(face) as port:
            assert port.read(2) == ATR
            port.write(VERIFY)
            assert port.read(7) == VERIFY + b"\x63\xc3"


def test_closed_and_opened_at_once_is_a_reset_too(face: PtyFace) -> None:
    """In the middle of a command, of which nothing is left; what was not read is gone as well."""
    for _ in range(20):
        with opened(face) as port:
            assert port.read(2) == ATR
            port.write(VERIFY + VERIFY[:3])
    with opened(face) as port:
        assert port.read(2) == ATR
        port.write(VERIFY)
        assert port.read(7) == VERIFY + b"\x63\xc3"


def test_a_flush_behind_the_open_does_not_lose_the_answer() -> None:
    face = PtyFace(FixedCard("3B00", ANSWERS), settled=0.4)
    face.start()
    try:
        with opened(face, timeout=0.06) as port:
            for _ in range(8):
                port.reset_input_buffer()
                assert port.read(1) == b""
            port.timeout = 5
            assert port.read(2) == ATR
    finally:
        face.stop()


def test_every_byte_goes_through_as_it_is() -> None:
    """No echo, no translation of the terminal's own."""
    sent = bytes(range(256))
    face = PtyFace(FixedCard("3B00", lambda apdu: apdu[5:] + b"\x90\x00"), echo=False)
    face.start()
    try:
        with opened(face) as port:
            port.read(2)
            for half in (sent[:128], sent[128:]):
                port.write(b"\x00\xd6\x00\x00\x80" + half)
                assert port.read(3) == b"\xd6\x61\x80"
                port.write(b"\x00\xc0\x00\x00\x80")
                assert port.read(131) == b"\xc0" + half + b"\x90\x00"
    finally:
        face.stop()


def test_the_card_goes_and_another_one_comes(face: PtyFace) -> None:
    with opened(face, timeout=0.1) as port:
        port.timeout = 5
        port.read(2)
        face.remove()
        port.write(VERIFY)
        assert port.read(5) == VERIFY
        port.timeout = 0.1
        assert port.read(1) == b""
        port.timeout = 5
        face.insert(FixedCard(T1_ATR, ANSWERS))
        assert port.read(4).hex().upper() == T1_ATR


def test_a_client_that_reads_nothing_does_not_stop_the_card() -> None:
    faults = Faults(["null-flood:always"])
    face = PtyFace(FaultyCard(FixedCard("3B00", ANSWERS), faults), faults=faults, hz=10**9)
    face.start()
    try:
        with opened(face) as port:
            port.write(VERIFY)
            face.remove()
        with opened(face, timeout=0.1) as port:
            assert port.read(1) == b""
    finally:
        face.stop()


def test_the_end_of_the_terminal() -> None:
    face = PtyFace(FixedCard("3B00", ANSWERS))
    face.start()
    with opened(face) as port:
        port.read(2)
        before = descriptors()
        face.stop()
        assert descriptors() == before - 5
        with pytest.raises((serial.SerialException, OSError)):
            port.read(1)
