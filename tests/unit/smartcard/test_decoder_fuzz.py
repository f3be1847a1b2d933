"""Hostile bytes: only typed errors come out, and what is written is read back."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smartcard.apdu import ApduFormatError, CommandAPDU, ResponseAPDU
from smartcard.atr import ATR
from smartcard.errors import ATRError, ProtocolError
from smartcard.tlv import TLVError, encode, parse

CARD_LIST = Path("/usr/share/pcsc/smartcard_list.txt")


@settings(deadline=None)
@given(st.binary(max_size=80) | st.binary(max_size=60).map(lambda tail: b"\x3b" + tail))
def test_any_bytes_as_an_atr(raw: bytes) -> None:
    try:
        atr = ATR.parse(raw)
    except ATRError as error:
        offset = error.offset
    else:
        assert atr.protocols
        assert 15 not in atr.protocols
        assert len(atr.historical) <= 15
        assert ("tck_missing" in atr.faults) == (atr.tck == "missing")
        return
    assert 0 <= offset <= len(raw)


@settings(deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_as_a_command(raw: bytes) -> None:
    try:
        command = CommandAPDU.decode(raw)
    except ApduFormatError:
        return
    assert command.encode() == raw


@settings(deadline=None)
@given(
    header=st.tuples(*[st.integers(0, 255)] * 4),
    data=st.binary(max_size=600),
    le=st.none() | st.integers(1, 65536),
    extended=st.booleans(),
)
def test_a_command_is_read_as_it_was_written(
    header: tuple[int, int, int, int], data: bytes, le: int | None, extended: bool
) -> None:
    command = CommandAPDU(*header, data, le, extended)
    assert CommandAPDU.decode(command.encode()) == command


@pytest.mark.parametrize(
    "fields",
    [(256, 0, 0, 0), (0, -1, 0, 0), (0, 0, 0, 0, b"", 0), (0, 0, 0, 0, b"", 65537), (0, 0, 0, 0, bytes(65536))],
)
def test_what_is_no_command_cannot_be_made(fields: tuple[int, int, int, int]) -> None:
    with pytest.raises(ApduFormatError):
        CommandAPDU(*fields)


@settings(deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_as_an_answer(raw: bytes) -> None:
    try:
        answer = ResponseAPDU.decode(raw)
    except ProtocolError:
        assert len(raw) < 2
    else:
        assert answer.encode() == raw


def test_an_answer_has_a_greatest_length() -> None:
    assert len(ResponseAPDU.decode(bytes(65538)).data) == 65536
    with pytest.raises(ProtocolError, match="65538"):
        ResponseAPDU.decode(bytes(65539))


@settings(deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_as_tlv(raw: bytes) -> None:
    try:
        objects = parse(raw)
    except TLVError as error:
        offset = error.offset
    else:
        assert sum(len(each.value) + 2 for each in objects) <= len(raw)
        return
    assert 0 <= offset <= len(raw)


TAGS = st.sampled_from([0x01, 0x53, 0x61, 0x7C, 0x82, 0xFE, 0x5F2F, 0x7F49, 0x5FC101])


@settings(deadline=None)
@given(st.lists(st.tuples(TAGS, st.binary(max_size=300) | st.just(bytes(70000))), max_size=4))
def test_tlv_is_read_as_it_was_written(objects: list[tuple[int, bytes]]) -> None:
    raw = b"".join(encode(tag, value) for tag, value in objects)
    assert [(each.tag, each.value) for each in parse(raw)] == objects
    assert b"".join(each.encode() for each in parse(raw)) == raw


@pytest.mark.parametrize("tag", [0x00, 0xFF, 0x1F, 0x5301, 0x5F2F00])
def test_a_number_that_is_no_tag(tag: int) -> None:
    with pytest.raises(TLVError, match="tag"):
        encode(tag, b"")


@pytest.mark.needs_peer(f"pcsc-tools:{CARD_LIST}")
def test_the_public_list_of_atrs() -> None:
    """Every complete ATR of Debian's list is walked; the counts are those of facts/smartcard.md."""
    counts: Counter[str] = Counter()
    for line in CARD_LIST.read_text("utf-8", "replace").splitlines():
        if not re.fullmatch(r"3[BF]( [0-9A-F]{2})+", line.strip()):
            continue
        atr = ATR.parse(bytes.fromhex(line))
        counts.update(atr.faults, total=1, inverse=atr.convention == "inverse", irdeto=b"IRDETO" in atr.raw)
        counts["only 14"] += atr.protocols == (14,)
        counts["tck missing alone"] += atr.tck == "missing" and "history_short" not in atr.faults
    assert counts["total"] == 3803
    assert counts["inverse"] == 179
    assert counts["irdeto"] == 16
    assert counts["only 14"] == 13
    assert counts["history_short"] == 21
    assert counts["tck missing alone"] == 21
    assert counts["trailing_bytes"] == 33
