"""The Phoenix reader's port by itself, as PortManager uses it."""

from __future__ import annotations

import pytest

from tests.unit.tools.card_sim.line.rig import FixedCard
from tools.card_sim.faults import Faults
from tools.card_sim.line.contact import Contact
from tools.card_sim.phoenix import PhoenixPort


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def desk(*, reset_when: bool = True) -> tuple[Clock, PhoenixPort]:
    clock = Clock()
    port = PhoenixPort(Contact(Faults(), clock=clock), reset_when=reset_when, clock=clock)
    port.contact.insert(FixedCard("3B00", {"00200080": "63C3"}))
    port.baudrate, port.parity, port.stopbits = 9600, "E", 2
    return clock, port


def run(clock: Clock, port: PhoenixPort) -> str:
    """What the port receives until nothing is due any more."""
    received = bytearray()
    while True:
        received += port.contact.advance().data
        due = port.contact.due()
        if due is None:
            return received.hex().upper()
        clock.now = due


def test_what_was_written_before_a_change_is_sent_before_it() -> None:
    """At the old rate: at the new one the card would understand nothing."""
    clock, port = desk()
    run(clock, port)
    port.write(bytes.fromhex("0020008000"))
    port.baudrate = 19200
    clock.now += 5 * 12 / 9600
    assert port.contact.advance().data.hex() == "0020008000"
    port.baudrate = 9600
    assert run(clock, port) == "63C3"


def test_a_purge_takes_what_was_not_flushed_too() -> None:
    clock, port = desk()
    run(clock, port)
    port.write(b"\x00\x20")
    port.reset_output_buffer()
    port.reset_input_buffer()
    port.flush()
    assert run(clock, port) == ""


def test_hanging_up_lets_the_lines_fall() -> None:
    clock, port = desk()
    port.rts = port.dtr = True
    clock.now += 1
    port.hang_up()
    assert (port.rts, port.dtr) == (False, False)
    fallen = [(each.what, each.value) for each in port.journal if each.at == clock.now]
    assert fallen == [("rts", False), ("dtr", False)]
    assert run(clock, port) == "3B00"


def test_the_other_polarity_holds_the_card_until_rts_comes() -> None:
    clock, port = desk(reset_when=False)
    assert run(clock, port) == ""
    port.rts = True
    assert run(clock, port) == "3B00"


def test_a_setting_that_is_no_change_is_no_entry() -> None:
    _, port = desk()
    before = len(port.journal)
    port.baudrate, port.parity, port.stopbits, port.bytesize = 9600, "E", 2, 8
    port.rts = port.dtr = False
    assert len(port.journal) == before
    with pytest.raises(ValueError, match="9 bits"):
        port.bytesize = 9
    port.bytesize = 7
    assert port.journal[-1].value == 7
