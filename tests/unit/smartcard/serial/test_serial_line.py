"""The line: deadlines, guard times, echo, convention, noise; all in a time that is a number."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smartcard.atr import ATR
from smartcard.convention import turned
from smartcard.errors import CardMute, CardRemoved, FramingError, ParityFailure, ProtocolTimeout, SmartCardError
from smartcard.machine import Drain, Machine, Read, Write
from smartcard.serial.line import DRAIN_LIMIT, LATENCY, Line
from smartcard.t0 import T0
from smartcard.t1 import T1
from smartcard.t1_block import Block
from smartcard.timing import CLOCKS, Rate
from tests.unit.smartcard.serial.ports import VirtualPort

ETU = 1e-4
RATE = Rate.default(CLOCKS["3.57"])


def line_on(port: VirtualPort, *, echo: bool | None = False, etu: float = ETU) -> Line:
    line = Line(port, echo=echo, clock=port.clock, sleep=port.sleep)
    line.begin(etu)
    return line


def ask(data: bytes, count: int, first: float = 100, following: float = 50) -> Machine[bytes]:
    yield Write(data)
    return (yield Read(count, first, following))


def test_what_comes_is_read() -> None:
    port = VirtualPort(lambda port, _: port.send(b"12345"))
    assert line_on(port).run(ask(b"ab", 5), 1) == b"12345"
    assert [data for _, data in port.written] == [b"ab"]


def test_the_first_character_is_waited_for_from_the_end_of_what_was_sent() -> None:
    port = VirtualPort()
    began = port.now
    assert line_on(port).run(ask(bytes(10), 1, first=100), 1) == b""
    assert port.now - began == pytest.approx((10 * 12 + 100) * ETU + LATENCY, abs=0.02)


def test_each_other_character_is_waited_for_from_the_one_before() -> None:
    port = VirtualPort(lambda port, _: port.send(b"123", after=0.01, every=0.1))
    assert line_on(port).run(ask(b"a", 3, first=200, following=20), 5) == b"123"
    port = VirtualPort(lambda port, _: port.send(b"123", after=0.01, every=0.2))
    began = port.now
    assert line_on(port).run(ask(b"a", 3, first=200, following=20), 5) == b"1"
    assert port.now - began == pytest.approx(0.01 + 20 * ETU + LATENCY, abs=0.02)


def test_what_was_not_asked_for_waits_for_the_next_read() -> None:
    def machine() -> Machine[list[bytes]]:
        yield Write(b"a")
        came = []
        for count in (2, 1, 3):
            came.append((yield Read(count, 100, 50)))
        return came

    port = VirtualPort(lambda port, _: port.send(b"123456"))
    assert line_on(port).run(machine(), 1) == [b"12", b"3", b"456"]


def test_inverse_convention_is_turned_both_ways() -> None:
    port = VirtualPort(lambda port, _: port.send(turned(b"ok")))
    line = line_on(port)
    line.inverse = True
    assert line.run(ask(b"ab", 2), 1) == b"ok"
    assert port.written[0][1] == turned(b"ab")


def test_extra_guard_time_parts_what_is_sent() -> None:
    port = VirtualPort(lambda port, data: port.send(b"!") if data == b"d" else None)
    line = line_on(port)
    line.extra_guard = 8
    assert line.run(ask(b"abcd", 1), 1) == b"!"
    times = [at for at, _ in port.written]
    assert [data for _, data in port.written] == [b"a", b"b", b"c", b"d"]
    assert [later - earlier for earlier, later in pairwise(times)] == pytest.approx([20 * ETU] * 3)


def test_guard_time_between_the_directions() -> None:
    def machine() -> Machine[None]:
        yield Write(b"a")
        yield Read(1, 100, 50)
        yield Write(b"b", guard_etu=110)

    port = VirtualPort(lambda port, data: port.send(b"1") if data == b"a" else None)
    line_on(port).run(machine(), 1)
    came = port.written[0][0] + 0.001
    assert port.written[1][0] - came >= 99.9 * ETU, "a character is there 10 etu after its leading edge"


@pytest.mark.parametrize("echo", [True, False])
@pytest.mark.parametrize("known", [True, False])
def test_echo(echo: bool, known: bool) -> None:
    port = VirtualPort(lambda port, data: port.send(b"\xa4" + data[:1]), echo=echo)
    line = line_on(port, echo=echo if known else None)
    assert [line.run(ask(b"\x00\xa4\x04\x00\x02", 2), 3) for _ in range(2)] == [b"\xa4\x00"] * 2
    assert line.echo is echo


@pytest.mark.parametrize("echo", [True, False])
def test_echo_is_told_from_an_answer_that_looks_like_it(echo: bool) -> None:
    """PPS is answered by its echo."""
    port = VirtualPort(lambda port, data: port.send(data), echo=echo)
    line = line_on(port, echo=None)
    assert line.run(ask(b"\xff\x10\x95\x7a", 4), 3) == b"\xff\x10\x95\x7a"
    assert line.echo is echo


def test_silence_tells_nothing_of_echo() -> None:
    line = line_on(VirtualPort(), echo=None)
    assert line.run(ask(b"ab", 2), 3) == b""
    assert line.echo is None


@pytest.mark.parametrize("echo", [True, False])
def test_echo_is_found_while_the_card_is_held(echo: bool) -> None:
    port = VirtualPort(echo=echo)
    port.held = True
    line = line_on(port, echo=None)
    began = port.now
    line.settle(0.05)
    assert line.echo is echo
    assert 0.0499 <= port.now - began < 0.5


@pytest.mark.parametrize("heard", [b"", b"a", b"ax", b"xb"])
def test_an_echo_that_is_none(heard: bytes) -> None:
    port = VirtualPort(lambda port, _: port.send(heard))
    with pytest.raises(FramingError, match="come back"):
        line_on(port, echo=True).run(ask(b"ab", 1), 3)


def test_what_comes_before_it_is_our_turn_is_dropped() -> None:
    port = VirtualPort(lambda port, _: port.send(b"new"))
    line = line_on(port)
    port.send(b"old and late", every=0.005)
    port.now += 0.01
    assert line.run(ask(b"a", 3), 1) == b"new"


@pytest.mark.parametrize("ts", ["3B", "3F", "03"])
def test_an_answer_to_reset_that_nobody_asked_for(ts: str) -> None:
    port = VirtualPort(lambda port, _: port.send(b"new"))
    line = line_on(port)
    port.send(bytes.fromhex(ts) + b"\x00")
    port.now += 0.01
    with pytest.raises(CardRemoved):
        line.run(ask(b"a", 3), 1)
    assert not port.written


def noise(port: VirtualPort) -> None:
    port.send(bytes(20_000), every=0.001)


def test_a_line_that_does_not_fall_silent() -> None:
    port = VirtualPort()
    line = line_on(port)
    noise(port)
    port.now += 0.01
    began = port.now
    with pytest.raises(FramingError, match="silent"):
        line.drain()
    assert port.now - began <= DRAIN_LIMIT + 0.1


def test_noise_is_an_error_of_the_machine_that_would_write() -> None:
    def machine() -> Machine[str]:
        try:
            yield Write(b"a")
        except FramingError:
            return "told"
        return "not told"

    port = VirtualPort()
    line = line_on(port)
    noise(port)
    port.now += 0.01
    assert line.run(machine(), 5) == "told"


def test_draining_ends_with_silence() -> None:
    def machine() -> Machine[bytes]:
        yield Write(b"a")
        yield Drain(100)
        return (yield Read(1, 10, 10))

    port = VirtualPort(lambda port, _: port.send(bytes(50), every=0.005))
    assert line_on(port).run(machine(), 5) == b""


def test_a_parity_error_that_the_port_counts() -> None:
    def damaged(port: VirtualPort, _: bytes) -> None:
        port.errors += 1
        port.send(b"12")

    port = VirtualPort(damaged)
    line = line_on(port)
    with pytest.raises(ParityFailure):
        line.run(ask(b"a", 2), 1)
    port.react = lambda port, _: port.send(b"12")
    assert line.run(ask(b"a", 2), 1) == b"12", "it counts once"


def test_a_card_that_is_pulled_out_is_not_waited_for() -> None:
    port = VirtualPort()

    def check() -> None:
        if port.now > 1000.5:
            raise CardRemoved("out")

    line = Line(port, echo=False, check=check, clock=port.clock, sleep=port.sleep)
    line.begin(ETU)
    with pytest.raises(CardRemoved):
        line.run(ask(b"a", 1, first=1e6), 100)
    assert port.now < 1000.6


def nulls(port: VirtualPort, _: bytes) -> None:
    port.send(b"\x60" * 4000, every=0.05)


def test_null_after_null_ends_after_the_limit() -> None:
    port = VirtualPort(nulls)
    began = port.now
    with pytest.raises(ProtocolTimeout, match="longer"):
        line_on(port, etu=RATE.etu).run(T0(ATR.parse(b"\x3b\x00"), 1).transmit(b"\x00\xb0\x00\x00\x01"), 20)
    assert port.now - began == pytest.approx(20, abs=0.1)


def test_wtx_after_wtx_ends_after_the_limit() -> None:
    wtx = Block(0xC3, b"\xff").encode()
    port = VirtualPort(lambda port, _: port.send(wtx, after=1.5))
    began = port.now
    machine = T1(ATR.parse(bytes.fromhex("3B800101")), RATE).transmit(b"\x00\xb0\x00\x00\x01")
    with pytest.raises(ProtocolTimeout, match="longer"):
        line_on(port, etu=RATE.etu).run(machine, 20)
    assert port.now - began == pytest.approx(20, abs=0.1)


def test_links_without_end_and_without_bytes_end_after_the_limit() -> None:
    count = 0

    def link(port: VirtualPort, _: bytes) -> None:
        nonlocal count
        port.send(Block.information(count % 2, b"", more=True).encode())
        count += 1

    port = VirtualPort(link)
    began = port.now
    with pytest.raises(ProtocolTimeout):
        line_on(port, etu=RATE.etu).run(
            T1(ATR.parse(bytes.fromhex("3B800101")), RATE).transmit(b"\x00\xb0\x00\x00\x01"), 20
        )
    assert port.now - began == pytest.approx(20, abs=0.1)


@pytest.mark.parametrize("echo", [True, False])
def test_a_mute_card_costs_its_waiting_times_and_no_more(echo: bool) -> None:
    """T=0: WT. T=1: six times BWT, three for the command and three for RESYNCH."""
    for machine, silence, times in (
        (T0(ATR.parse(b"\x3b\x00"), 1), 1.0, 1),
        (T1(ATR.parse(bytes.fromhex("3B800101")), RATE), 1.6, 6),
    ):
        port = VirtualPort(echo=echo)
        began = port.now
        with pytest.raises(CardMute):
            line_on(port, etu=RATE.etu, echo=echo).run(machine.transmit(b"\x00\xb0\x00\x00\x01"), 20)
        assert times * silence <= port.now - began <= times * (silence + LATENCY + 0.1)


@settings(max_examples=60)
@given(
    st.lists(st.tuples(st.binary(max_size=40), st.floats(0, 3), st.floats(0.0001, 0.5)), max_size=20),
    st.sampled_from([True, False, None]),
    st.booleans(),
)
def test_any_line_ends_in_time(
    answers: Iterable[tuple[bytes, float, float]], echo: bool | None, block_protocol: bool
) -> None:
    left = iter(answers)

    def react(port: VirtualPort, _: bytes) -> None:
        data, after, every = next(left, (b"", 0, 1))
        port.send(data, after=after, every=every)

    port = VirtualPort(react, echo=bool(echo))
    line = line_on(port, echo=echo, etu=RATE.etu)
    machine = T1(ATR.parse(bytes.fromhex("3B800101")), RATE) if block_protocol else T0(ATR.parse(b"\x3b\x00"), 1)
    began = port.now
    with contextlib.suppress(SmartCardError):
        line.run(machine.transmit(bytes.fromhex("00A4040002010200")), 20)
    assert port.now - began <= 20 + DRAIN_LIMIT + 0.1
