"""T=1 against cards that say anything: a right answer or a typed error, in a bounded number of steps."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from smartcard.atr import ATR
from smartcard.errors import EdcError, FramingError, ParityFailure, SmartCardError
from smartcard.machine import Action, Read, Write
from smartcard.t1 import T1
from smartcard.t1_block import Block
from smartcard.timing import CLOCKS, Rate
from tests.unit.smartcard.protocols.card_side import Step, anything, run

RATE = Rate.default(CLOCKS["3.57"])
ATR_T1 = ATR.parse(bytes.fromhex("3B800101"))
COMMAND = bytes.fromhex("00A4040002") + bytes(60)

BLOCK = st.builds(Block, st.integers(0, 255), st.binary(max_size=8)).map(Block.encode)
USUAL = st.sampled_from(
    [
        Block(pcb, inf).encode()
        for pcb, inf in [
            (0x00, b"\x90\x00"),
            (0x40, b"\x90\x00"),
            (0x20, b"x"),
            (0x60, b"x"),
            (0x20, b""),
            (0x80, b""),
            (0x90, b""),
            (0x81, b""),
            (0x92, b""),
            (0xC0, b""),
            (0xE0, b""),
            (0xC1, b"\x01"),
            (0xC1, b"\x00"),
            (0xC2, b""),
            (0xC3, b"\x00"),
            (0xC3, b"\xff"),
            (0xE3, b"\x01"),
        ]
    ]
)
DAMAGE = st.builds(ParityFailure, st.just("x")) | st.builds(FramingError, st.just("x"))


@given(st.lists(st.binary(max_size=12) | DAMAGE, max_size=60))
def test_any_bytes(pieces: list[Step]) -> None:
    try:
        run(T1(ATR_T1, RATE).transmit(COMMAND), anything(pieces), 400)
    except SmartCardError:
        return


@settings(max_examples=300)
@given(st.lists(USUAL | BLOCK | DAMAGE | st.just(b""), max_size=80))
def test_any_blocks(blocks: list[Step]) -> None:
    left = iter(blocks)
    line = b""

    def carry_out(action: Action) -> bytes:
        nonlocal line
        if isinstance(action, Write):
            assert len(action.data) <= 3 + 254 + 1
            step = next(left, b"")
            if isinstance(step, SmartCardError):
                line = b""
                raise step
            line = step
        if not isinstance(action, Read):
            return b""
        piece, line = line[: action.count], line[action.count :]
        return piece

    machine = T1(ATR_T1, RATE)
    try:
        run(machine.negotiate(), carry_out, 200)
        run(machine.transmit(COMMAND), carry_out, 1000)
    except SmartCardError:
        return


@given(st.binary(max_size=270), st.booleans())
def test_any_bytes_as_a_block(raw: bytes, crc: bool) -> None:
    try:
        block = Block.decode(raw, crc=crc)
    except (EdcError, FramingError):
        return
    assert block.encode(crc=crc) == raw


@given(st.integers(0, 255), st.binary(max_size=254), st.booleans())
def test_a_block_is_read_as_it_was_written(pcb: int, inf: bytes, crc: bool) -> None:
    block = Block(pcb, inf)
    try:
        assert Block.decode(block.encode(crc=crc), crc=crc) == block
    except FramingError:
        assert pcb & 0x80 or pcb & 0x1F
