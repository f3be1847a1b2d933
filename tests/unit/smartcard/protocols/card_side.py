"""A card's side of a protocol machine: by a script, or by any bytes at all."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TypeVar

from smartcard.errors import LineError
from smartcard.machine import Action, Machine, Read, Write

Result = TypeVar("Result")
Step = bytes | LineError


class TooLong(AssertionError):
    """The machine goes on for ever."""


@dataclass
class Scripted:
    """``answers``: what comes after each ``Write``, in order; a Read that finds less gets what there is, as if its
    deadline had passed. A LineError is raised into the machine where its turn comes."""

    answers: list[Step | list[Step]]
    written: list[bytes] = field(default_factory=list)
    reads: list[Read] = field(default_factory=list)

    def run(self, machine: Machine[Result]) -> Result:
        left = list(self.answers)
        coming: list[Step] = []

        def carry_out(action: Action) -> bytes:
            if isinstance(action, Write):
                self.written.append(action.data)
                coming.clear()
                if left:
                    answer = left.pop(0)
                    coming.extend(answer if isinstance(answer, list) else [answer])
                return b""
            if isinstance(action, Read):
                self.reads.append(action)
                return _take(coming, action.count)
            coming.clear()
            return b""

        return run(machine, carry_out)


def _take(coming: list[Step], count: int) -> bytes:
    taken = b""
    while coming and len(taken) < count:
        step = coming.pop(0)
        if isinstance(step, LineError):
            raise step
        wanted = count - len(taken)
        taken += step[:wanted]
        if step[wanted:]:
            coming.insert(0, step[wanted:])
    return taken


def anything(pieces: Iterable[Step]) -> Callable[[Action], bytes]:
    """Reads get ``pieces`` one after the other, cut to what was asked for; then nothing comes any more."""
    left = iter(pieces)

    def carry_out(action: Action) -> bytes:
        if not isinstance(action, Read):
            return b""
        piece = next(left, b"")
        if isinstance(piece, LineError):
            raise piece
        return piece[: action.count]

    return carry_out


def run(machine: Machine[Result], carry_out: Callable[[Action], bytes], limit: int = 5000) -> Result:
    """The machine's result; TooLong after ``limit`` actions."""
    try:
        action = next(machine)
        for _ in range(limit):
            try:
                came = carry_out(action)
            except LineError as error:
                action = machine.throw(error)
            else:
                action = machine.send(came)
    except StopIteration as done:
        result: Result = done.value
        return result
    raise TooLong(f"not done after {limit} actions")
