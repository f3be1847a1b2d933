"""From reset to a card that can be spoken with, on a port whose time is a number."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from smartcard.convention import turned
from smartcard.errors import (
    ATRError,
    CardMute,
    CardRemoved,
    EdcError,
    ParityFailure,
    ProtocolError,
    ProtocolTimeout,
    SmartCardError,
)
from smartcard.serial.activation import activate, answer_to_reset, answers
from smartcard.serial.line import Line
from smartcard.serial.port import EVEN, NONE, ODD
from smartcard.t1_block import Block
from smartcard.timing import CLOCKS, Rate
from tests.unit.smartcard.serial.ports import VirtualPort

CLOCK = CLOCKS["3.57"]
PIV = bytes.fromhex("3B9D968131FE4D8073C021805753544220504956E7")
T0_96 = bytes.fromhex("3B1096")
IRDETO = bytes.fromhex("3B9F210E49524445544F204143532056342E319D")
VIACCESS = bytes.fromhex("3F77180000C21400C1689000")
NAGRA = bytes.fromhex("3FFF9500FF918171FE4700444E4153503134322052657647303410")


@dataclass
class Card:
    """Answers resets with ``atrs`` in turn (the last again and again), PPS by its echo, IFS by its response."""

    atrs: list[bytes]
    parity: str | None = None
    """The only one with which anything of it is seen; None: any."""
    deaf_above: int = 10_000_000
    """Baud above which nothing is understood."""
    pps: list[bytes] = field(default_factory=list)
    echoes_pps: bool = True
    resets: int = 0

    def port(self, *, echo: bool = False) -> VirtualPort:
        port = VirtualPort(self._hear, echo=echo)
        port.on_reset = self._reset
        return port

    def _reset(self, port: VirtualPort) -> None:
        atr = self.atrs[min(self.resets, len(self.atrs) - 1)]
        self.resets += 1
        if self.parity in (None, port.parity):
            port.send(turned(atr) if atr[:1] == b"\x3f" else atr, after=0.005)

    def _hear(self, port: VirtualPort, raw: bytes) -> None:
        if port.baud > self.deaf_above:
            return
        inverse = self.atrs[0][:1] == b"\x3f"
        data = turned(raw) if inverse else raw
        if data[:1] == b"\xff":
            self.pps.append(data)
            answer = data if self.echoes_pps else bytes((0xFF, data[1] & 0x0F, 0xFF ^ data[1] & 0x0F))
        elif data[1:2] == b"\xc1":
            answer = Block(0xE1, data[3:4]).encode()
        else:
            return
        port.send(turned(answer) if inverse else answer)


def line_on(port: VirtualPort, *, echo: bool | None = False) -> Line:
    return Line(port, echo=echo, clock=port.clock, sleep=port.sleep)


@pytest.mark.parametrize(
    ("atr", "protocol", "baud", "parity"),
    [
        (PIV, 1, 223200, EVEN),
        (T0_96, 0, 223200, EVEN),
        (bytes.fromhex("3B00"), 0, 9600, EVEN),
        (VIACCESS, 0, 115200, ODD),
        (NAGRA, 1, 111600, ODD),
        (IRDETO, 14, 9600, NONE),
    ],
    ids=["T=1 96", "T=0 96", "T=0", "inverse T=0 18", "inverse specific T=1 95", "T=14"],
)
@pytest.mark.parametrize("shy", [False, True], ids=["any parity is seen", "only the right parity is seen"])
def test_activation(atr: bytes, protocol: int, baud: int, parity: str, shy: bool) -> None:
    card = Card([atr], parity=parity if shy else None)
    port = card.port()
    activated = activate(line_on(port), CLOCK, set())
    assert (activated.atr.raw, activated.protocol) == (atr, protocol)
    assert (port.baud, port.parity) == (baud, parity)
    assert activated.rate.baud == baud


def test_parities_are_tried_in_their_order_and_the_right_one_first_the_next_time() -> None:
    card = Card([VIACCESS], parity=ODD)
    port = card.port()
    line = line_on(port)
    answer_to_reset(line, CLOCK)
    assert port.log == ["reset", "go", "9600O", "reset", "go"]
    port.log.clear()
    answer_to_reset(line, CLOCK)
    assert port.log == ["reset", "go"]
    port.on_reset = lambda _: None
    port.log.clear()
    with pytest.raises(CardMute):
        answer_to_reset(line, CLOCK)
    assert [each for each in port.log if each[0] == "9"] == ["9600E", "9600N"]


def test_a_port_that_tells_wrong_parity_is_tried_with_the_next() -> None:
    card = Card([VIACCESS])
    port = card.port()

    def reset(port: VirtualPort) -> None:
        card._reset(port)
        port.errors += port.parity != ODD

    port.on_reset = reset
    line = line_on(port)
    assert answers(line, CLOCK), "something answers, whatever its parity"
    assert answer_to_reset(line, CLOCK).raw == VIACCESS
    assert port.parity == ODD

    def damaged(port: VirtualPort) -> None:
        card._reset(port)
        port.errors += 1

    port.on_reset = damaged
    with pytest.raises(ParityFailure):
        answer_to_reset(line, CLOCK)


def test_reset_is_held_for_50_ms() -> None:
    edges: list[tuple[bool, float]] = []

    class Port(VirtualPort):
        def hold_reset(self, held: bool) -> bool:
            edges.append((held, self.now))
            return super().hold_reset(held)

    port = Port()
    assert not answers(line_on(port), CLOCK)
    (held, began), (released, ended) = edges
    assert (held, released) == (True, False)
    assert ended - began >= 0.0499


def test_a_port_without_a_reset_line_is_opened_again() -> None:
    port = Card([PIV]).port()
    port.has_reset = False
    assert activate(line_on(port), CLOCK, set()).protocol == 1
    assert port.log[0] == "reopen"


def wrong(atr: bytes, bits: int = 1) -> bytes:
    return atr[:-1] + bytes((atr[-1] ^ bits,))


def test_a_wrong_tck_is_read_again() -> None:
    card = Card([wrong(PIV), PIV])
    assert answer_to_reset(line_on(card.port()), CLOCK).tck == "correct"
    assert card.resets == 2


def test_a_tck_that_is_wrong_each_time_is_the_cards_own() -> None:
    card = Card([wrong(PIV)])
    port = card.port()
    assert answer_to_reset(line_on(port), CLOCK).tck == "wrong"
    assert (card.resets, port.parity) == (2, EVEN)


@pytest.mark.parametrize(
    ("atrs", "error"),
    [
        ([b""], CardMute),
        ([b"\x00\x00"], ATRError),
        ([b"\x3b\xf0\x11"], ATRError),
        ([wrong(PIV, 1), wrong(PIV, 2), wrong(PIV, 4)], EdcError),
    ],
)
def test_no_answer_that_can_be_read(atrs: list[bytes], error: type[SmartCardError]) -> None:
    card = Card(atrs)
    port = card.port()
    began = port.now
    with pytest.raises(error):
        answer_to_reset(line_on(port), CLOCK)
    assert card.resets == 3
    assert port.now - began < 5


def test_an_answer_that_does_not_end_in_time() -> None:
    port = VirtualPort()
    port.on_reset = lambda port: port.send(PIV, every=0.9)
    began = port.now
    with pytest.raises(ProtocolTimeout):
        answer_to_reset(line_on(port), CLOCK)
    assert port.now - began < 20


def test_a_rate_that_the_port_cannot_do_is_left_for_the_next_one_and_remembered() -> None:
    card = Card([PIV])
    port = card.port()
    port.refused = {223200, 139500}
    refused: set[Rate] = set()
    line = line_on(port)
    assert activate(line, CLOCK, refused).rate == Rate(512, 16, CLOCK)
    assert (port.baud, len(card.pps), card.resets) == (111600, 3, 3)
    assert activate(line, CLOCK, refused).rate == Rate(512, 16, CLOCK)
    assert (len(card.pps), card.resets) == (4, 4), "what failed once is not tried again"


def test_a_rate_at_which_nothing_is_understood() -> None:
    card = Card([PIV], deaf_above=150_000)
    port = card.port()
    assert activate(line_on(port), CLOCK, set()).rate.baud == 139500


def test_after_two_rates_at_which_nothing_is_understood_the_default_one() -> None:
    card = Card([PIV], deaf_above=60_000)
    port = card.port()
    refused: set[Rate] = set()
    began = port.now
    assert activate(line_on(port), CLOCK, refused).rate.baud == 9600
    assert {rate.baud for rate in refused} == {223200, 139500}
    assert port.now - began < 15


def test_a_card_that_leaves_pps1_out() -> None:
    card = Card([PIV], echoes_pps=False)
    port = card.port()
    activated = activate(line_on(port), CLOCK, set())
    assert (activated.protocol, activated.rate.baud, port.baud) == (1, 9600, 9600)


def test_a_specific_rate_that_the_port_cannot_do() -> None:
    port = Card([NAGRA]).port()
    port.fastest = 57600
    with pytest.raises(ProtocolError, match="111600"):
        activate(line_on(port), CLOCK, set())


def test_another_card_between_two_tries() -> None:
    port = Card([PIV, T0_96]).port()
    port.refused = {223200}
    with pytest.raises(CardRemoved):
        activate(line_on(port), CLOCK, set())


@pytest.mark.parametrize("echo", [True, False])
def test_echo_is_found_out_on_the_way(echo: bool) -> None:
    port = Card([PIV]).port(echo=echo)
    line = line_on(port, echo=None)
    assert activate(line, CLOCK, set()).rate.baud == 223200
    assert line.echo is echo
