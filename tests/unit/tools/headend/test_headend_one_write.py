"""What an answer consists of leaves in one piece, and all of it leaves."""

from __future__ import annotations

import asyncio
from typing import Any

from tools.headend.one_write import JoinedWrites


class Recorded(asyncio.Transport):
    """A transport that keeps what it was told."""

    def __init__(self) -> None:
        super().__init__()
        self.told: list[Any] = []

    def write(self, data: Any) -> None:
        self.told.append(data)

    def close(self) -> None:
        self.told.append("closed")

    def abort(self) -> None:
        self.told.append("cut")

    def is_closing(self) -> bool:
        return "closed" in self.told or "cut" in self.told


async def told(*calls: str) -> list[Any]:
    """What reaches the transport: writes of one letter, ``|`` lets the loop go on, other words are methods."""
    below = Recorded()
    joined = JoinedWrites(below, asyncio.get_running_loop())
    for call in calls:
        if call == "|":
            await asyncio.sleep(0)
        elif len(call) == 1:
            joined.write(call.encode())
        else:
            getattr(joined, call)()
    await asyncio.sleep(0)
    return below.told


def test_what_is_written_in_one_turn_is_one_write_and_keeps_its_order() -> None:
    assert asyncio.run(told("a", "b", "|", "c", "|", "|", "d", "e")) == [b"ab", b"c", b"de"]


def test_nothing_is_lost_before_a_close_and_nothing_comes_after_it() -> None:
    assert asyncio.run(told("a", "b", "close")) == [b"ab", "closed"]
    assert asyncio.run(told("a", "close", "b")) == [b"a", "closed"]
    assert asyncio.run(told("a", "abort")) == ["cut"]


def test_a_buffer_that_changes_afterwards_is_written_as_it_was() -> None:
    async def changed() -> list[Any]:
        below = Recorded()
        joined = JoinedWrites(below, asyncio.get_running_loop())
        data = bytearray(b"a")
        joined.write(data)
        data[0] = 0
        await asyncio.sleep(0)
        return below.told

    assert asyncio.run(changed()) == [b"a"]
