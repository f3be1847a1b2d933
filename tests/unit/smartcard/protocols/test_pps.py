"""PPS: what is asked for, what is taken for an answer, and what is tried after what."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smartcard.atr import ATR
from smartcard.errors import CardMute, FramingError, ProtocolError, ProtocolTimeout, SmartCardError
from smartcard.pps import Choice, PpsRefused, choices, exchange, request
from smartcard.timing import CLOCKS, Rate
from tests.unit.smartcard.protocols.card_side import Scripted, anything, run

SLOW, FAST = CLOCKS["3.57"], CLOCKS["6"]
MAX = 3_000_000


def of(*characters: int) -> ATR:
    return ATR.parse(bytes((0x3B, *characters)))


@pytest.mark.parametrize(
    ("protocol", "f", "d", "raw"),
    [
        (0, 372, 1, "FF00FF"),
        (1, 372, 1, "FF01FE"),
        (0, 372, 12, "FF1018F7"),
        (1, 512, 16, "FF11957B"),
        (1, 512, 32, "FF119678"),
    ],
)
def test_request_and_its_echo(protocol: int, f: int, d: int, raw: str) -> None:
    choice = Choice(protocol, Rate(f, d, SLOW), True)
    assert request(choice).hex().upper() == raw
    card = Scripted([bytes.fromhex(raw)])
    assert card.run(exchange(choice)) == choice.rate
    assert card.written == [bytes.fromhex(raw)]
    assert {(read.first_etu, read.next_etu) for read in card.reads} == {(9600, 9600)}


BEST = Choice(1, Rate(512, 32, SLOW), True)


def test_an_answer_without_pps1_leaves_the_default_rate() -> None:
    assert Scripted([bytes.fromhex("FF01FE")]).run(exchange(BEST)) == Rate(372, 1, SLOW)


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ("", CardMute),
        ("FF", ProtocolTimeout),
        ("FF1196", ProtocolTimeout),
        ("3B1196BC", FramingError),
        ("FF11957B", PpsRefused),  # another rate
        ("FF109679", PpsRefused),  # another protocol
        ("FF119600", PpsRefused),  # wrong PCK
        ("FF00FF", PpsRefused),  # another protocol, no rate
        ("FF01FF", PpsRefused),
    ],
)
def test_anything_else_is_an_error(answer: str, error: type[SmartCardError]) -> None:
    with pytest.raises(error):
        Scripted([bytes.fromhex(answer)]).run(exchange(BEST))


def test_the_best_rate_first_and_the_default_last() -> None:
    atr = of(0x90, 0x96, 0x01, 0x97)
    offered = choices(atr, SLOW, MAX)
    assert [(each.rate.f, each.rate.d) for each in offered] == [
        (512, 32),
        (512, 20),
        (512, 16),
        (512, 12),
        (512, 8),
        (512, 4),
        (512, 2),
        (372, 1),
    ], "512/1 is slower than what is spoken anyway"
    assert all(each.negotiate for each in offered[:-1]) and not offered[-1].negotiate
    assert {each.protocol for each in offered} == {1}


def test_a_rate_beyond_the_port_is_left_out() -> None:
    assert choices(of(0x90, 0x96, 0x01, 0x97), FAST, 200_000)[0].rate.baud == 187_500


def test_without_ta1_there_is_nothing_to_negotiate() -> None:
    assert choices(of(0x00), SLOW, MAX) == (Choice(0, Rate(372, 1, SLOW), False),)
    assert choices(of(0x10, 0x11), SLOW, MAX) == (Choice(0, Rate(372, 1, SLOW), False),)


def test_a_reserved_ta1_is_not_used() -> None:
    assert choices(of(0x10, 0x7F), SLOW, MAX) == (Choice(0, Rate(372, 1, SLOW), False),)


def test_t14_stays_at_the_default_rate() -> None:
    atr = ATR.parse(bytes.fromhex("3B9F210E49524445544F204143532056342E319D"))
    assert choices(atr, FAST, MAX) == (Choice(14, Rate(372, 1, FAST), False),)


def test_a_protocol_that_nobody_speaks_is_passed_over_by_pps() -> None:
    atr = of(0x80, 0x82, 0x01, 0x00)
    assert choices(atr, SLOW, MAX) == (Choice(1, Rate(372, 1, SLOW), True),)
    with pytest.raises(ProtocolError, match="T=2"):
        choices(of(0x80, 0x02, 0x00), SLOW, MAX)


def test_specific_mode_is_spoken_at_once() -> None:
    assert choices(of(0x90, 0x95, 0x10, 0x01), SLOW, MAX) == (Choice(1, Rate(512, 16, SLOW), False),)
    assert choices(of(0x90, 0x95, 0x10, 0x11), SLOW, MAX) == (Choice(1, Rate(372, 1, SLOW), False),), "implicit"
    with pytest.raises(ProtocolError, match="111600"):
        choices(of(0x90, 0x95, 0x10, 0x01), SLOW, 57600)
    with pytest.raises(ProtocolError, match="T=5"):
        choices(of(0x90, 0x95, 0x10, 0x05), SLOW, MAX)


@given(st.binary(max_size=40), st.sampled_from([SLOW, FAST]), st.integers(9600, MAX))
def test_any_atr_gives_choices_that_can_be_asked_for(tail: bytes, clock: int, fastest: int) -> None:
    try:
        offered = choices(ATR.parse(b"\x3b" + tail), clock, fastest)
    except SmartCardError:
        return
    assert 1 <= len(offered) <= 10
    for choice in offered:
        assert choice.rate.baud <= max(fastest, clock // 372 + 1)
        assert len(request(choice)) in (3, 4)


@given(st.lists(st.binary(max_size=8), max_size=4))
def test_any_answer(pieces: list[bytes]) -> None:
    try:
        rate = run(exchange(BEST), anything(pieces), 10)
    except SmartCardError:
        return
    assert rate in (BEST.rate, Rate(372, 1, SLOW))
