"""The RFC 2217 face, with plain pyserial as its client."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress

import pytest
import serial

from device.api.waiting import wait_until
from tests.unit.tools.card_sim.line.rig import T1_ATR, FixedCard
from tools.card_sim.dressed import FaultyCard
from tools.card_sim.faults import Faults
from tools.card_sim.rfc2217 import Rfc2217Face

pytestmark = pytest.mark.filterwarnings(r"ignore:set(Daemon|Name)\(\):DeprecationWarning")  # pyserial's own

FAST = "3B109" + "5"
"""T=0, TA1 95: F 512, D 16."""
ANSWERS = {"00200080": "63C3", "00B00000FF": "FF" * 255 + "9000"}
VERIFY = bytes.fromhex("0020008000")
Start = Callable[..., Rfc2217Face]


@pytest.fixture
def start() -> Iterator[Start]:
    faces: list[Rfc2217Face] = []

    def begin(atr: str = FAST, **options: bool | int) -> Rfc2217Face:
        face = Rfc2217Face(FixedCard(atr, ANSWERS), **options)  # type: ignore[arg-type]
        faces.append(face)
        face.start()
        return face

    yield begin
    for face in faces:
        face.stop()


def opened(face: Rfc2217Face, parity: str = "E") -> serial.Serial:
    """RTS stays asserted, as pyserial leaves it: the card is in reset."""
    return serial.serial_for_url(face.url, baudrate=9600, parity=parity, stopbits=2, timeout=2)


def read_on(port: serial.Serial) -> None:
    while True:
        port.read(1)


def test_reset_pps_and_a_command_at_the_new_rate(start: Start) -> None:
    face = start()
    with closing(opened(face)) as port:
        assert port.cts and port.cd
        port.rts = False
        assert port.read(3).hex().upper() == FAST
        port.write(bytes.fromhex("FF10957A"))
        assert port.read(8).hex().upper() == "FF10957AFF10957A"
        port.baudrate = 111600
        port.write(VERIFY)
        assert port.read(7) == VERIFY + b"\x63\xc3"
        port.rts = True
        port.write(VERIFY)
        port.baudrate = 9600
        port.rts = False
        assert port.read(5 + 3) == VERIFY + bytes.fromhex(FAST)
    asserted = [(each.what, each.value) for each in face.journal]
    assert ("parity", "E") in asserted and ("stopbits", 2) in asserted
    edges = [each for each in asserted if each[0] in ("rts", "baudrate")]
    assert edges == [
        ("rts", True),
        ("rts", False),
        ("baudrate", 111600),
        ("rts", True),
        ("baudrate", 9600),
        ("rts", False),
    ]


def test_a_long_answer_is_paced_at_the_cards_rate(start: Start) -> None:
    """257 characters of 12 etu at 9600 baud are 0.32 s; every FF goes through Telnet's escape."""
    face = start(echo=False)
    with closing(opened(face)) as port:
        port.rts = False
        port.read(3)
        begin = time.monotonic()
        port.write(bytes.fromhex("00B00000FF"))
        answer = port.read(258)
        took = time.monotonic() - begin
    assert answer == b"\xb0" + b"\xff" * 255 + b"\x90\x00"
    assert took > (5 + 257) * 12 / 9600


def test_the_wrong_parity_is_not_understood(start: Start) -> None:
    face = start(echo=False)
    with closing(opened(face, parity="O")) as port:
        port.rts = False
        assert port.read(3).hex().upper() == FAST
        port.write(VERIFY)
        port.timeout = 0.1
        assert port.read(2) == b""


def test_an_inverse_card(start: Start) -> None:
    face = start("3F00", echo=False)
    with closing(opened(face, parity="O")) as port:
        port.rts = False
        assert port.read(2).hex().upper() == "03FF"
        port.write(bytes.fromhex("FFFBFFFEFF"))
        assert port.read(2).hex().upper() == "393C"


def test_the_other_clock_and_a_reset_that_is_turned_round(start: Start) -> None:
    face = start(hz=6_000_000, reset_when=False)
    with closing(opened(face)) as port:
        port.baudrate = 16129
        port.rts = False
        port.rts = True
        assert port.read(3).hex().upper() == FAST
        assert [each.value for each in face.journal if each.what == "rts"] == [True, False, True]


def test_the_card_goes_and_another_one_comes(start: Start) -> None:
    face = start()
    with closing(opened(face)) as port:
        port.rts = False
        port.read(3)
        face.remove()
        wait_until(lambda: not (port.cts or port.cd), limit=5, what="CTS and CD to fall")
        port.write(VERIFY)
        assert port.read(5) == VERIFY
        face.insert(FixedCard(T1_ATR, ANSWERS))
        assert port.read(4).hex().upper() == T1_ATR
        wait_until(lambda: port.cts and port.cd, limit=5, what="CTS and CD to rise")


def test_one_client_at_a_time_and_another_one_afterwards(start: Start) -> None:
    face = start()
    with closing(opened(face)) as port:
        address = (port.portstr.rpartition(":")[0].removeprefix("rfc2217://"), int(port.portstr.rpartition(":")[2]))
        with socket.create_connection(address, 5) as second:
            second.settimeout(5)
            assert second.recv(100) == b""
        port.rts = False
        assert port.read(3).hex().upper() == FAST
    with closing(opened(face)) as port:
        port.rts = False
        assert port.read(3).hex().upper() == FAST


NOISE = [
    b"\xff\xf0",
    b"\xff\xfa\x2c\x03\x63\xff\xf0",
    b"\xff\xfa\x2c\x01\xff\xf0",
    b"\xff\xfa" + b"\x2c" * 300,
    b"GET / HTTP/1.0\r\n\r\n",
]
"""An end of nothing, a parity that there is not, a rate of no bytes, an option without end, another protocol."""


def test_clients_that_speak_something_else_do_no_harm(start: Start) -> None:
    face = start()
    host, _, number = face.url.removeprefix("rfc2217://").rpartition(":")
    for noise in NOISE:
        with socket.create_connection((host, int(number)), 5) as client:
            client.sendall(noise)
            client.settimeout(5)
            with suppress(ConnectionResetError):
                while noise.startswith(b"\xff") and client.recv(1000):
                    continue  # it is hung up on
    with closing(opened(face)) as port:
        port.rts = False
        assert port.read(3).hex().upper() == FAST


def test_the_end_of_the_port_is_the_end_of_its_client(start: Start) -> None:
    face = start()
    with closing(opened(face)) as port:
        face.stop()
        line = port._socket  # which pyserial leaves open where the other side closed first
        with pytest.raises(serial.SerialException):
            read_on(port)
        line.close()


def test_line_state_tells_a_parity_error_to_whoever_asks_for_it(start: Start) -> None:
    """RFC 2217, SET-LINESTATE-MASK 04, then NOTIFY-LINESTATE 04 ahead of the character."""
    faults = Faults(["parity"])
    face = Rfc2217Face(FaultyCard(FixedCard(FAST, ANSWERS), faults), faults=faults)
    face.start()
    try:
        with closing(opened(face)) as port:
            port.rfc2217_send_subnegotiation(b"\x0a", b"\x04")
            port.rts = False
            port.read(3)
            assert port._linestate == 0
            port.write(VERIFY)
            assert port.read(7)[5:] != b"\x63\xc3"
            assert port._linestate == 4
    finally:
        face.stop()
