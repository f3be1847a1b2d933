"""The line's time, on a clock that the test moves."""

from __future__ import annotations

import pytest

from tests.unit.tools.card_sim.line.rig import T0_ATR, T1_ATR, FixedCard
from tools.card_sim.dressed import FaultyCard
from tools.card_sim.faults import Faults
from tools.card_sim.line.contact import SWAP_TIME, Contact
from tools.card_sim.line.wire import PortSettings

ETU = 372 / 3_571_200
PORT = PortSettings(9600, 8, "E", 2)
VERIFY = bytes.fromhex("0020008000")
ANSWERS = {"00200080": "63C3"}


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


class Desk:
    """A contact with a card in it, past its first answer to reset."""

    def __init__(self, *faults: str, atr: str = T0_ATR, echo: bool = False, other: str | None = None) -> None:
        self.clock = Clock()
        struck = Faults(faults)
        self.contact = Contact(struck, echo=echo, clock=self.clock)
        self.contact.settings = PORT
        spare = None if other is None else FixedCard(other, ANSWERS)
        self.contact.insert(FaultyCard(FixedCard(atr, ANSWERS), struck, other=spare))
        self.atr = self.run(2.0)

    def run(self, seconds: float) -> str:
        """What the port received in that time, looked at whenever something is due."""
        end = self.clock.now + seconds
        received = bytearray()
        self.errors = 0
        while True:
            look = self.contact.advance()
            received += look.data
            self.errors += look.parity_errors
            due = self.contact.due()
            if due is None or due > end:
                self.clock.now = end
                return received.hex().upper()
            self.clock.now = max(self.clock.now, due)

    def until(self, count: int) -> float:
        """Seconds until the port has ``count`` characters."""
        begin = self.clock.now
        got = 0
        while True:
            got += len(self.contact.advance().data)
            if got >= count:
                return self.clock.now - begin
            due = self.contact.due()
            assert due is not None, f"{got} characters, and then nothing"
            self.clock.now = max(self.clock.now, due)


def test_an_exchange_takes_the_lines_own_time() -> None:
    """Header: 5 characters of the port's 12 bits; then 16 etu between leading edges, one more character, and the
    port has it 10.5 etu behind its leading edge."""
    desk = Desk()
    assert desk.atr == T0_ATR
    desk.contact.transmit(VERIFY)
    expected = 4 * PORT.character + (16 + 12 + 10.5) * ETU
    assert desk.until(2) == pytest.approx(expected, abs=1e-6)


def test_lateness_does_not_add_up() -> None:
    """A face that wakes up late finds the characters there that are over by then, and the next ones on time."""
    desk = Desk()
    desk.contact.transmit(VERIFY)
    begin = desk.clock.now
    desk.clock.now += 4 * PORT.character + (16 + 10.5) * ETU + 0.0001
    assert desk.contact.advance().data.hex().upper() == "63"
    assert desk.contact.due() == pytest.approx(begin + 4 * PORT.character + (28 + 10.5) * ETU, abs=1e-6)


def test_nothing_comes_before_its_time() -> None:
    desk = Desk()
    desk.contact.transmit(VERIFY)
    desk.clock.now += 4 * PORT.character + (16 + 10.4) * ETU
    assert desk.contact.advance().data == b""


def test_what_is_sent_behind_waits_for_its_turn() -> None:
    desk = Desk(echo=True)
    desk.contact.transmit(VERIFY[:3])
    desk.contact.transmit(VERIFY[3:])
    assert desk.until(5) == pytest.approx(5 * PORT.character, abs=1e-6)
    assert desk.run(1) == "63C3"


def test_an_echoing_port_hears_itself_with_no_card() -> None:
    desk = Desk(echo=True)
    desk.contact.remove()
    desk.contact.transmit(VERIFY)
    assert desk.run(1) == VERIFY.hex().upper()


@pytest.mark.parametrize(
    "settings", [PortSettings(19200, 8, "E", 2), PortSettings(9100, 8, "E", 2), PortSettings(9600, 7, "E", 2)]
)
def test_another_rate_is_not_understood_either_way(settings: PortSettings) -> None:
    desk = Desk()
    desk.contact.settings = settings
    desk.contact.transmit(VERIFY)
    assert desk.run(1) == ""
    assert desk.contact.misheard == 5
    desk.contact.settings = PORT
    desk.contact.transmit(VERIFY)
    desk.until(0)
    desk.clock.now += 4 * PORT.character + 14 * ETU
    desk.contact.advance()
    desk.contact.settings = settings
    assert desk.run(1) == ""
    assert desk.contact.misheard == 7


def test_two_per_cent_are_still_understood() -> None:
    desk = Desk()
    desk.contact.settings = PortSettings(9408, 8, "E", 2)
    desk.contact.transmit(VERIFY)
    assert desk.run(1) == "63C3"


def test_a_port_of_the_wrong_parity_gets_every_character_and_says_so() -> None:
    desk = Desk()
    desk.contact.settings = PortSettings(9600, 8, "O", 2)
    desk.contact.hold()
    desk.contact.release()
    assert desk.run(1) == T0_ATR
    assert desk.errors == 2
    desk.contact.settings = PortSettings(9600, 8, "N", 2)
    desk.contact.hold()
    desk.contact.release()
    assert (desk.run(1), desk.errors) == (T0_ATR, 0)


def test_one_damaged_character_is_one_parity_error() -> None:
    desk = Desk("parity")
    desk.contact.transmit(VERIFY)
    assert desk.run(1) != "63C3"
    assert desk.errors == 1


def test_reset_is_held_and_cut_short() -> None:
    desk = Desk()
    desk.contact.transmit(VERIFY)
    desk.until(1)
    desk.contact.hold()
    assert desk.run(1) == ""
    desk.contact.transmit(VERIFY)
    assert desk.run(1) == ""
    desk.contact.release()
    assert desk.until(1) == pytest.approx((10_000 / 372 + 10.5) * ETU, abs=1e-6)


def test_a_purge_keeps_what_is_not_sent_yet_from_the_card() -> None:
    desk = Desk(echo=True)
    desk.contact.transmit(VERIFY)
    desk.until(2)
    desk.contact.purge()
    assert desk.run(1) == ""


def test_a_command_that_stops_is_given_up_after_cwt() -> None:
    desk = Desk(atr=T1_ATR)
    desk.contact.transmit(b"\x00\x00")
    assert desk.until(4) == pytest.approx(PORT.character + (11 + 2**13 + 22 + 3 * 12 + 10.5) * ETU, abs=1e-6)


def test_removal_in_the_middle_of_a_command() -> None:
    desk = Desk("removal-in-apdu")
    desk.contact.transmit(VERIFY)
    assert desk.run(3) == ""
    assert not desk.contact.present
    assert desk.contact.etu is None
    desk.contact.insert(FixedCard(T1_ATR, ANSWERS))
    assert desk.run(1) == T1_ATR


def test_a_swap_empties_the_slot_for_a_moment_and_the_new_card_answers_to_its_power() -> None:
    desk = Desk("swap", other=T1_ATR)
    desk.contact.transmit(VERIFY)
    assert desk.run(5 * PORT.character + SWAP_TIME / 2) == ""
    assert not desk.contact.present
    assert desk.run(1) == T1_ATR


def test_a_card_that_comes_into_a_slot_in_reset_waits() -> None:
    desk = Desk()
    desk.contact.hold()
    desk.contact.insert(FixedCard(T1_ATR, ANSWERS))
    assert desk.run(1) == ""
    desk.contact.release()
    assert desk.run(1) == T1_ATR


def test_an_unpaced_line_takes_no_time_but_for_a_slow_card() -> None:
    clock = Clock()
    contact = Contact(Faults(["slow:1"]), paced=False, clock=clock)
    contact.insert(FixedCard(T0_ATR, ANSWERS))
    assert contact.advance().data.hex().upper() == T0_ATR
    contact.transmit(VERIFY)
    assert contact.advance().data == VERIFY
    due = contact.due()
    assert due is not None
    assert due == pytest.approx(clock.now + 0.75 * 9600 * ETU)
    clock.now = due
    assert contact.advance().data.hex() == "63c3"
