"""What the monitor makes of what PC/SC says of a slot: with a worker that says what the test wants."""

from __future__ import annotations

import queue
import struct
from collections.abc import Iterator

import pytest

from device.api.waiting import wait_until
from smartcard.errors import ReaderGone, ReaderUnavailable
from smartcard.pcsc.connection import Limits
from smartcard.pcsc.monitor import SlotMonitor
from smartcard.pcsc.process import Channel, Worker, WorkerEnded
from smartcard.pcsc.wire import Operation, Result
from smartcard.presence import Presence

EMPTY, PRESENT, UNAVAILABLE, CHANGED = 0x10, 0x20, 0x08, 0x02


class ScriptedChannel(Channel):
    """One reader; each look answers what the test puts in ``looks``: a state, or a return code."""

    def __init__(self) -> None:
        self.names = b"Reader A\x00Reader B"
        self.looks: queue.Queue[tuple[int, int] | None] = queue.Queue()
        self.current: list[int] = []

    def ask(self, operation: Operation, payload: bytes = b"", *, limit: float) -> tuple[int, bytes]:
        if operation is Operation.LIST:
            return Result.SUCCESS, self.names
        assert operation is Operation.STATUS
        self.current.append(struct.unpack_from("<I", payload)[0])
        look = self.looks.get(timeout=10)
        if look is None:
            raise WorkerEnded("ended by the test", hung=False)
        return look[0], struct.pack("<I", look[1])


class ScriptedWorker(Worker):
    def __init__(self, channel: ScriptedChannel) -> None:
        self.monitor = channel

    def kill(self) -> None:
        channel = self.monitor
        assert isinstance(channel, ScriptedChannel)
        channel.looks.put(None)


class Slot:
    """A monitor under test, with its worker's channel and its clock."""

    def __init__(self, wanted: str = "") -> None:
        self.channel = ScriptedChannel()
        self.presence = Presence()
        self.now = 0.0
        self.workers = 0
        self.monitor = SlotMonitor(wanted, self.presence, Limits(), start_worker=self._start, clock=lambda: self.now)

    def _start(self) -> Worker:
        self.workers += 1
        return ScriptedWorker(self.channel)

    def look(self, state: int, code: int = Result.SUCCESS) -> None:
        """Let the look that is being waited for answer, and wait until the next one has begun."""
        begun = len(self.channel.current)
        self.channel.looks.put((code, state))
        wait_until(lambda: len(self.channel.current) > max(begun, 1), limit=10, what="the next look")

    def state(self) -> tuple[bool, int]:
        state = self.presence.state()
        return state.present, state.generation


@pytest.fixture
def slot() -> Iterator[Slot]:
    made = Slot()
    wait_until(lambda: made.channel.current, limit=10, what="the first look")
    yield made
    made.monitor.close()


def counted(changes: int, state: int) -> int:
    return changes << 16 | state | CHANGED


def test_insertions_and_removals(slot: Slot) -> None:
    slot.look(EMPTY)
    assert slot.monitor.looked.is_set()
    assert slot.state() == (False, 0)
    slot.look(counted(1, PRESENT))
    assert slot.state() == (True, 1)
    slot.look(1 << 16 | PRESENT)
    assert slot.state() == (True, 1)
    slot.look(counted(2, EMPTY))
    assert slot.state() == (False, 2)
    assert slot.channel.current[-1] == 2 << 16 | EMPTY  # without CHANGED, or the next look would return at once


def test_what_happened_between_two_looks_counts(slot: Slot) -> None:
    slot.look(counted(0xFFFF, PRESENT))
    assert slot.state() == (True, 1)
    slot.look(counted(1, PRESENT))  # out and in; the counter has 16 bits
    assert slot.state() == (True, 3)
    slot.look(counted(2, EMPTY))
    slot.look(counted(4, EMPTY))
    assert slot.state() == (False, 6)


def test_a_card_that_failed_is_out_until_a_whole_look_shows_one(slot: Slot) -> None:
    slot.look(counted(1, PRESENT))
    slot.now = 10.0
    slot.monitor.doubt(1)
    assert slot.state() == (False, 2)
    slot.now = 10.9
    slot.look(1 << 16 | PRESENT)  # this look began before the card failed
    assert slot.state() == (False, 2)
    slot.now = 11.9
    slot.look(1 << 16 | PRESENT)
    assert slot.state() == (True, 3)
    slot.now = 12.9
    slot.look(1 << 16 | PRESENT)
    assert slot.state() == (True, 3)


def test_a_card_that_failed_and_left(slot: Slot) -> None:
    slot.look(counted(1, PRESENT))
    slot.monitor.doubt(1)
    slot.look(counted(2, EMPTY))
    assert slot.state() == (False, 2)
    slot.look(counted(3, PRESENT))
    assert slot.state() == (True, 3)
    slot.monitor.doubt(1)
    assert slot.state() == (True, 3)


@pytest.mark.parametrize(
    ("state", "code"),
    [(UNAVAILABLE, 0), (0x04, 0), (0, Result.UNKNOWN_READER), (0, Result.NO_SERVICE), (0, 0x8010FFFF)],
)
def test_a_reader_that_goes_and_comes_back(slot: Slot, state: int, code: int) -> None:
    slot.look(counted(1, PRESENT))
    slot.channel.looks.put((code, state))
    with pytest.raises(ReaderGone):
        slot.presence.wait(1, 10)
    slot.look(counted(1, PRESENT))
    assert slot.state() == (True, 3)
    assert slot.workers == 1


def test_a_worker_that_ends_is_replaced(slot: Slot) -> None:
    slot.look(counted(1, PRESENT))
    slot.channel.looks.put(None)
    with pytest.raises(ReaderGone, match="ended by the test"):
        slot.presence.wait(1, 10)
    wait_until(lambda: slot.workers == 2, limit=10, what="another worker")
    slot.channel.looks = queue.Queue()
    slot.look(counted(1, PRESENT))
    assert slot.state() == (True, 3)


def test_the_beginning_of_a_name_goes_before_a_part_of_one() -> None:
    for wanted, found in [("", "Reader A"), ("Reader", "Reader A"), ("B", "Reader B"), ("Reader B", "Reader B")]:
        slot = Slot(wanted)
        wait_until(lambda slot=slot: slot.channel.current, limit=10, what="the first look")  # type: ignore[misc]
        assert slot.monitor.name == found
        slot.monitor.close()


def test_a_reader_that_is_not_there_is_named_with_those_that_are() -> None:
    slot = Slot("C")
    assert slot.monitor.looked.wait(10)
    with pytest.raises(ReaderUnavailable, match="'C'; there is: Reader A, Reader B"):
        slot.presence.state()
    slot.monitor.close()
    with pytest.raises(ReaderGone, match="closed"):
        slot.presence.state()


def test_a_worker_that_cannot_be_started() -> None:
    def refuse() -> Worker:
        raise OSError(12, "Cannot allocate memory")

    presence = Presence()
    monitor = SlotMonitor("", presence, Limits(), start_worker=refuse)
    assert monitor.looked.wait(10)
    with pytest.raises(ReaderUnavailable, match="Cannot allocate memory"):
        presence.state()
    with pytest.raises(ReaderGone):
        _ = monitor.worker
    monitor.close()
