"""The serial reader's slot: insertions, removals, swaps, a port that goes and comes back, and who may use it."""

from __future__ import annotations

import select
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from device.api.waiting import wait_until
from smartcard.errors import (
    AccessDenied,
    CardAbsent,
    CardRemoved,
    FramingError,
    ProtocolTimeout,
    ReaderBusy,
    ReaderError,
    ReaderGone,
    ReaderUnavailable,
    SmartCardError,
)
from smartcard.reader import ReaderState
from smartcard.serial.port import EVEN, SerialPort, opening_failure
from smartcard.serial.reader import SerialOptions, SerialReader
from tools.card_sim.core import MuteCard, SimulatedCard
from tools.card_sim.faults import Faults
from tools.card_sim.pty import PtyFace
from tools.card_sim.rfc2217 import Rfc2217Face

SELECT = bytes.fromhex("00A4040000")
ECHO_OFF = SerialOptions(echo=False)


class Sentinel(SimulatedCard):
    """Answers every command with its own mark."""

    def __init__(self, mark: int, atr: str = "3B00") -> None:
        self.atr = bytes.fromhex(atr)
        self.mark = mark

    def reset(self) -> bytes:
        return self.atr

    def process(self, apdu: bytes) -> bytes:
        return bytes((0x90, self.mark))


def eventually(condition: Callable[[], bool]) -> None:
    wait_until(condition, limit=5, what="the slot", every=0.005)


@pytest.fixture
def rfc2217() -> Iterator[Rfc2217Face]:
    face = Rfc2217Face(Sentinel(1))
    face.start()
    yield face
    face.stop()


@pytest.fixture
def terminal() -> Iterator[PtyFace]:
    face = PtyFace(Sentinel(1), echo=False)
    face.start()
    yield face
    face.stop()


def test_lines_tell_of_cards(rfc2217: Rfc2217Face) -> None:
    with SerialReader(rfc2217.url) as reader:
        assert reader.state() == ReaderState(True, 1)
        with reader.connect() as connection:
            with pytest.raises(ReaderBusy):
                reader.connect()
            assert (connection.generation, connection.transmit(SELECT)) == (1, (b"", 0x9001))
        rfc2217.remove()
        assert reader.wait_for_change(1, 1) == ReaderState(False, 2)
        with pytest.raises(CardAbsent):
            reader.connect()
        rfc2217.insert(Sentinel(2))
        assert reader.wait_for_change(2, 1) == ReaderState(True, 3)
        with reader.connect() as connection:
            assert connection.transmit(SELECT) == (b"", 0x9002)
            rfc2217.remove()
            rfc2217.insert(Sentinel(3))
            with pytest.raises(CardRemoved):
                connection.transmit(SELECT)
            with pytest.raises(CardRemoved):
                connection.reset()
        eventually(lambda: reader.state() == ReaderState(True, 5))  # a swap faster than any look counts as one
        with reader.connect() as connection:
            assert connection.transmit(SELECT) == (b"", 0x9003)


def test_a_swap_in_the_middle_of_everything(rfc2217: Rfc2217Face) -> None:
    """No connection ever gives an answer of a card that was put in after it was made."""

    def swap(mark: int) -> None:
        rfc2217.remove()
        rfc2217.insert(Sentinel(mark))

    with SerialReader(rfc2217.url) as reader:
        for mark in range(1, 4):
            assert reader.state() == ReaderState(True, 2 * mark - 1)
            answers: list[tuple[bytes, int]] = []

            swapping = threading.Timer(0.003 * mark, swap, (mark + 1,))
            with pytest.raises(SmartCardError), reader.connect() as connection:  # noqa: PT012
                while len(answers) < 500:
                    answers.append(connection.transmit(SELECT))
                    if len(answers) == 1:
                        swapping.start()
            swapping.join()
            assert set(answers) == {(b"", 0x9000 | mark)}
            eventually(lambda now=2 * mark + 1: reader.state() == ReaderState(True, now))  # type: ignore[misc]


def test_a_mute_card_where_no_line_says_that_it_is_in(terminal: PtyFace) -> None:
    with SerialReader(terminal.path, ECHO_OFF) as reader:
        assert reader.state().present
        terminal.insert(MuteCard())
        with pytest.raises(CardAbsent):
            reader.connect()
        assert reader.state() == ReaderState(False, 2)


def test_a_mute_card_is_in_where_a_line_says_so() -> None:
    face = Rfc2217Face(MuteCard())
    face.start()
    with SerialReader(face.url) as reader:
        assert reader.state() == ReaderState(True, 1)
    face.stop()


def test_a_card_is_looked_for_by_reset_where_no_line_tells(terminal: PtyFace) -> None:
    with SerialReader(terminal.path, ECHO_OFF) as reader:
        assert reader.state() == ReaderState(True, 1)
        with reader.connect() as connection:
            assert connection.transmit(SELECT) == (b"", 0x9001)
            terminal.remove()
            with pytest.raises(SmartCardError):
                connection.transmit(SELECT)
            with pytest.raises(SmartCardError):
                connection.transmit(SELECT)
        assert reader.wait_for_change(1, 3) == ReaderState(False, 2), "it worked, and does not any more"
        terminal.insert(Sentinel(2))
        assert reader.wait_for_change(2, 5) == ReaderState(True, 3)
        with reader.connect() as connection:
            assert connection.transmit(SELECT) == (b"", 0x9002)


def test_a_swap_where_no_line_tells(terminal: PtyFace) -> None:
    """The new card answers its reset, which nobody asked for."""
    with SerialReader(terminal.path, ECHO_OFF) as reader:
        with reader.connect() as connection:
            assert connection.transmit(SELECT) == (b"", 0x9001)
            terminal.insert(Sentinel(2))
            with Path(terminal.path).open("rb", buffering=0) as end:  # its answer is there
                assert select.select([end], [], [], 2)[0]
            # opening the terminal to look was one more reset: its answer may come in the middle of the command
            with pytest.raises((CardRemoved, FramingError)):
                connection.transmit(SELECT)
        assert reader.wait_for_change(1, 1).generation > 1
        eventually(lambda: reader.state() == ReaderState(True, 3))
        with reader.connect() as connection:
            assert connection.transmit(SELECT) == (b"", 0x9002)
            terminal.insert(Sentinel(3))
            assert reader.wait_for_change(3, 2) == ReaderState(True, 5), "noticed while nobody speaks"


def test_a_slot_that_is_empty_from_the_start() -> None:
    face = PtyFace(None, echo=False)
    face.start()
    with SerialReader(face.path, ECHO_OFF) as reader:
        assert reader.state() == ReaderState(False, 0)
        with pytest.raises(CardAbsent):
            reader.connect()
    face.stop()


def test_warm_reset(terminal: PtyFace) -> None:
    with SerialReader(terminal.path, ECHO_OFF) as reader, reader.connect() as connection:
        connection.reset()
        assert connection.transmit(SELECT) == (b"", 0x9001)
        terminal.insert(Sentinel(2, "3B0142"))
        with pytest.raises(CardRemoved, match="another"):
            connection.reset()
        with pytest.raises(CardRemoved):
            connection.transmit(SELECT)


def test_null_after_null_ends_at_the_limit_of_a_command() -> None:
    face = PtyFace(Sentinel(1), faults=Faults(["null-flood"]), echo=False)
    face.start()
    with SerialReader(face.path, ECHO_OFF, command_limit=1) as reader, reader.connect() as connection:
        begin = time.monotonic()
        with pytest.raises(ProtocolTimeout):
            connection.transmit(SELECT)
        assert 1 <= time.monotonic() - begin < 1.5
    face.stop()


def test_what_is_no_command_does_not_end_the_connection(terminal: PtyFace) -> None:
    with SerialReader(terminal.path, ECHO_OFF) as reader, reader.connect() as connection:
        with pytest.raises(SmartCardError, match="header"):
            connection.transmit(b"\x00")
        assert connection.transmit(SELECT) == (b"", 0x9001)
        connection.close()
        with pytest.raises(ReaderGone):
            connection.transmit(SELECT)


@pytest.mark.parametrize("kind", [PtyFace, Rfc2217Face])
def test_a_reader_that_is_unplugged(kind: type[PtyFace | Rfc2217Face]) -> None:
    face = kind(Sentinel(1))
    face.start()
    url = face.path if isinstance(face, PtyFace) else face.url
    with SerialReader(url) as reader:
        connection = reader.connect()
        face.stop()
        begin = time.monotonic()
        with pytest.raises((ReaderGone, CardRemoved)):
            connection.transmit(SELECT)
        with pytest.raises(ReaderError):
            reader.wait_for_change(1, 5)
        assert time.monotonic() - begin < 2


def test_a_reader_that_is_unplugged_while_nobody_speaks(rfc2217: Rfc2217Face) -> None:
    with SerialReader(rfc2217.url) as reader:
        assert reader.state().present
        threading.Timer(0.05, rfc2217.stop).start()
        begin = time.monotonic()
        with pytest.raises(ReaderGone):
            reader.wait_for_change(1, 5)
        assert time.monotonic() - begin < 2


def test_a_reader_that_comes_back() -> None:
    face = Rfc2217Face(Sentinel(1))
    face.start()
    port = int(face.url.rpartition(":")[2])
    with SerialReader(face.url) as reader:
        assert reader.state() == ReaderState(True, 1)
        face.stop()
        with pytest.raises(ReaderError):
            reader.wait_for_change(1, 5)
        again = Rfc2217Face(Sentinel(2), port=port)
        again.start()

        def there() -> bool:
            try:
                return reader.state().present
            except ReaderError:
                return False

        eventually(there)
        assert reader.state().generation == 3
        with reader.connect() as connection:
            assert connection.transmit(SELECT) == (b"", 0x9002)
    again.stop()


def test_closing_ends_everything_at_once(rfc2217: Rfc2217Face) -> None:
    reader = SerialReader(rfc2217.url)
    connection = reader.connect()
    waited: list[type[BaseException]] = []

    def wait() -> None:
        try:
            reader.wait_for_change(1, 10)
        except ReaderError as error:
            waited.append(type(error))

    waiter = threading.Thread(target=wait)
    waiter.start()
    begin = time.monotonic()
    reader.close()
    waiter.join()
    assert waited == [ReaderGone]
    assert time.monotonic() - begin < 1.5
    with pytest.raises(ReaderGone):
        reader.state()
    with pytest.raises(ReaderGone):
        connection.transmit(SELECT)
    reader.close()
    assert not [each for each in threading.enumerate() if each.name == reader.name]


def test_a_port_that_is_not_there(tmp_path: Path) -> None:
    with SerialReader(str(tmp_path / "ttyUSB0")) as reader:
        with pytest.raises(ReaderUnavailable, match="cannot be opened"):
            reader.state()
        with pytest.raises(ReaderUnavailable):
            reader.connect()


def test_why_a_port_cannot_be_opened(terminal: PtyFace) -> None:
    port = SerialPort(terminal.path)
    with pytest.raises(ReaderBusy):
        SerialPort(terminal.path)
    port.close()
    SerialPort(terminal.path).close()
    assert isinstance(opening_failure("x", PermissionError(13, "denied")), AccessDenied)
    assert isinstance(opening_failure("x", ValueError("rate")), ReaderUnavailable)


def test_a_terminal_keeps_no_parity_and_is_used_all_the_same(terminal: PtyFace) -> None:
    port = SerialPort(terminal.path)
    port.configure(111600, EVEN)
    port.configure(9600, "N")
    port.configure(9600, EVEN)
    assert (port.card_in(), port.card_changes(), port.parity_errors()) == (None, 0, 0)
    assert not port.hold_reset(True)
    port.close()
    port.close()
    with pytest.raises(ReaderGone):
        port.read(1)
    with pytest.raises(ReaderGone):
        port.write(b"a")
