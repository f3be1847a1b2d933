"""Each quirk alone, then all of them stacked."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smartcard.apdu import CommandAPDU
from smartcard.errors import ProtocolError
from smartcard.processors import CommandChaining, GetResponse, WrongLe, interindustry
from tests.unit.smartcard.scripted import ScriptedConnection

SELECT = bytes.fromhex("00A4040009A0000003080000100000")


def test_more_data_is_fetched_and_joined() -> None:
    card = ScriptedConnection([(b"ab", 0x6102), (b"cd", 0x6100), (b"e", 0x9000)])
    assert GetResponse(card).transmit(SELECT) == (b"abcde", 0x9000)
    assert card.sent == [SELECT, bytes.fromhex("00C0000002"), bytes.fromhex("00C0000000")]


def test_get_response_goes_in_the_class_of_the_command_without_its_chaining_bit() -> None:
    card = ScriptedConnection([(b"", 0x6101), (b"x", 0x9000)])
    GetResponse(card).transmit(bytes.fromhex("91CB000000"))
    assert card.sent[1] == bytes.fromhex("81C0000001")


def test_the_last_status_word_is_the_commands() -> None:
    card = ScriptedConnection([(b"a", 0x6101), (b"b", 0x6282)])
    assert GetResponse(card).transmit(SELECT) == (b"ab", 0x6282)


def test_a_card_that_promises_data_for_ever_is_stopped() -> None:
    endless = ScriptedConnection(lambda _: (bytes(256), 0x6100))
    with pytest.raises(ProtocolError, match="65536"):
        GetResponse(endless).transmit(SELECT)
    assert len(endless.sent) == 257
    empty = ScriptedConnection(lambda _: (b"", 0x6110))
    with pytest.raises(ProtocolError, match="gives none"):
        GetResponse(empty).transmit(SELECT)


def test_a_wrong_le_is_mended_once() -> None:
    card = ScriptedConnection([(b"", 0x6C10), (bytes(16), 0x9000)])
    assert WrongLe(card).transmit(SELECT) == (bytes(16), 0x9000)
    assert card.sent == [SELECT, SELECT[:-1] + b"\x10"]
    stubborn = ScriptedConnection(lambda _: (b"", 0x6C10))
    with pytest.raises(ProtocolError, match="6C10"):
        WrongLe(stubborn).transmit(SELECT)
    assert len(stubborn.sent) == 2


def test_le_00_means_256() -> None:
    card = ScriptedConnection([(b"", 0x6C00), (bytes(256), 0x9000)])
    assert len(WrongLe(card).transmit(bytes.fromhex("00CB000005"))[0]) == 256
    assert card.sent[1] == bytes.fromhex("00CB000000")


@settings(deadline=None)
@given(st.binary(min_size=256, max_size=2000), st.none() | st.integers(1, 65536))
def test_long_data_goes_as_a_chain_of_short_commands(data: bytes, le: int | None) -> None:
    card = ScriptedConnection(lambda _: (b"", 0x9000))
    CommandChaining(card).transmit(CommandAPDU(0x00, 0x87, 0x07, 0x9E, data, le).encode())
    links = [CommandAPDU.decode(each) for each in card.sent]
    assert b"".join(link.data for link in links) == data
    assert [link.cla for link in links] == [0x10] * (len(links) - 1) + [0x00]
    assert [link.le for link in links[:-1]] == [None] * (len(links) - 1)
    assert links[-1].le == (None if le is None else min(le, 256))
    assert not any(link.extended for link in links)


def test_short_data_is_left_as_it_is() -> None:
    card = ScriptedConnection([(b"", 0x9000)])
    CommandChaining(card).transmit(SELECT)
    assert card.sent == [SELECT]


def test_a_refused_link_ends_the_chain() -> None:
    card = ScriptedConnection([(b"", 0x9000), (b"", 0x6884)])
    command = CommandAPDU(0x00, 0x87, 0x07, 0x9E, bytes(600), 256)
    assert CommandChaining(card).transmit(command.encode()) == (b"", 0x6884)
    assert len(card.sent) == 2


def test_the_stack_does_all_three_and_is_not_stacked_twice() -> None:
    card = ScriptedConnection([(b"", 0x9000), (b"", 0x6C04), (b"ab", 0x6101), (b"c", 0x9000)])
    stack = interindustry(card)
    assert interindustry(stack) is stack
    assert stack.transmit(CommandAPDU(0x00, 0x87, 0x07, 0x9E, bytes(300), 256).encode()) == (b"abc", 0x9000)
    stack.reset()
    stack.close()
    assert (card.resets, card.closed) == (1, True)
    assert (stack.atr, stack.protocol, stack.generation) == (card.atr, 0, 1)
