"""T=14 of Irdeto's cards, the card's side. Source: OSCAM's reader of them (facts: frame, header, check)."""

from __future__ import annotations

from tools.card_sim.core import SimulatedCard
from tools.card_sim.faults import Faults
from tools.card_sim.line.steps import Heard, Machine, Say, Take

START, CHECK = 0x01, 0x3F
MAX_DATA = 255


class T14Card:
    """``01``, a command of 5 bytes whose last is the length of what follows it, check: all of it together XORs to 3F.

    The answer: 8 bytes with the status at 2 and 3 and the length at 7, the data, the check by the same rule.
    """

    def __init__(self, card: SimulatedCard, faults: Faults, waiting: float) -> None:
        """``waiting``: in etu, for a card that is slow."""
        self._card = card
        self._faults = faults
        self._waiting = waiting

    def run(self) -> Machine:
        """A frame that does not begin with 01, or whose check is wrong, is not answered. This line has no parity."""
        while True:
            start: Heard = yield Take(1)
            if start.data[0] != START:
                continue
            command: Heard = yield Take(5, within=self._waiting)
            if len(command.data) < 5:
                continue
            count = command.data[4] + 1
            rest: Heard = yield Take(count, within=self._waiting)
            if len(rest.data) == count and check(start.data + command.data + rest.data) == 0:
                yield from self._answer(command.data + rest.data[:-1])

    def _answer(self, command: bytes) -> Machine:
        answer = self._card.process(command)
        if not answer:
            return
        data, sw = answer[:-2][:MAX_DATA], answer[-2:]
        frame = bytes((START, command[0])) + sw + command[1:4] + bytes((len(data),)) + data
        closing = check(frame)
        if self._faults.strikes("parity"):
            closing ^= 0x80
        linger = 0.75 * self._waiting if self._faults.strikes("slow") else 0
        yield Say(frame + bytes((closing,)), linger=linger)


def check(frame: bytes) -> int:
    """What is missing to 3F: the check byte of an unfinished frame, 0 for a right one."""
    value = CHECK
    for byte in frame:
        value ^= byte
    return value
