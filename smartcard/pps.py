"""Protocol and parameters selection (ISO/IEC 7816-3:2006 clause 9)."""

from __future__ import annotations

from dataclasses import dataclass

from smartcard.atr import ATR, D_OF_DI, F_OF_FI
from smartcard.errors import CardMute, FramingError, ProtocolError, ProtocolTimeout
from smartcard.machine import Machine, Read, Write
from smartcard.timing import ATR_NEXT_ETU, DEFAULT_D, DEFAULT_F, Rate

PPSS = 0xFF
PPS1_FOLLOWS = 0x10
SPOKEN = (0, 1, 14)
"""Protocols that this package speaks."""

_FI_OF_F = {f: fi for fi, f in F_OF_FI.items() if fi}
_DI_OF_D = {d: di for di, d in D_OF_DI.items()}


class PpsRefused(ProtocolError):
    """The card answered something else than what the clause allows; only a reset gets it back."""

    kind = "pps"


@dataclass(frozen=True)
class Choice:
    """What to speak: the protocol and the rate; ``negotiate`` where a PPS exchange must come before it."""

    protocol: int
    rate: Rate
    negotiate: bool


def choices(atr: ATR, clock: int, fastest: int) -> tuple[Choice, ...]:
    """What can be spoken with the card, the best first; never empty. ``fastest`` is the port's limit in baud.

    The first protocol announced that is spoken here, at TA1's F with TA1's D or a smaller one (9.2), and at last at
    372/1. Specific mode leaves no choice (8.3), and T=14 knows no other rate. ProtocolError where nothing is common.
    """
    default = Rate.default(clock)
    if atr.specific_mode is not None:
        return (_specific(atr, clock, fastest),)
    offered = [protocol for protocol in atr.protocols if protocol in SPOKEN]
    if not offered:
        raise ProtocolError(f"the card speaks {_names(atr.protocols)} only")
    protocol = offered[0]
    last = Choice(protocol, default, protocol != atr.protocols[0])
    if protocol == 14 or atr.f is None or atr.d is None:
        return (last,)
    rates = [Rate(atr.f, d, clock) for d in sorted(_DI_OF_D, reverse=True) if d <= atr.d]
    faster = [Choice(protocol, rate, True) for rate in rates if default.baud < rate.baud <= fastest]
    return (*faster, last)


def _specific(atr: ATR, clock: int, fastest: int) -> Choice:
    protocol = atr.specific_mode
    if protocol not in SPOKEN:
        raise ProtocolError(f"the card speaks T={protocol} only")
    if atr.implicit or atr.f is None or atr.d is None or protocol == 14:
        return Choice(protocol, Rate.default(clock), False)
    rate = Rate(atr.f, atr.d, clock)
    if rate.baud > fastest:
        raise ProtocolError(f"the card speaks at {rate.baud} baud only, more than the port can do")
    return Choice(protocol, rate, False)


def _names(protocols: tuple[int, ...]) -> str:
    return ", ".join(f"T={protocol}" for protocol in protocols)


def request(choice: Choice) -> bytes:
    """PPSS, PPS0, PPS1 where the rate is not 372/1, PCK: the exclusive-or of all is 0."""
    raw = bytes((PPSS, choice.protocol))
    if (choice.rate.f, choice.rate.d) != (DEFAULT_F, DEFAULT_D):
        fi_di = _FI_OF_F[choice.rate.f] << 4 | _DI_OF_D[choice.rate.d]
        raw = bytes((PPSS, choice.protocol | PPS1_FOLLOWS, fi_di))
    return raw + bytes((_xor(raw),))


def exchange(choice: Choice) -> Machine[Rate]:
    """Ask for ``choice``; the rate that holds from now on: the one asked for, or 372/1 where the card left PPS1 out.

    PpsRefused where it answers anything else (9.3); CardMute, ProtocolTimeout.
    """
    asked = request(choice)
    yield Write(asked)
    head = yield Read(2, ATR_NEXT_ETU, ATR_NEXT_ETU)
    if not head:
        raise CardMute("the card does not answer PPS")
    if len(head) < 2:
        raise ProtocolTimeout("the answer to PPS is cut short")
    if head[0] != PPSS:
        raise FramingError(f"the answer to PPS begins with {head[0]:02X}")
    left = (head[1] >> 4 & 0x07).bit_count() + 1
    rest = yield Read(left, ATR_NEXT_ETU, ATR_NEXT_ETU)
    if len(rest) < left:
        raise ProtocolTimeout("the answer to PPS is cut short")
    answer = head + rest
    if answer == asked:
        return choice.rate
    if _xor(answer) == 0 and answer[1] & 0x0F == choice.protocol and not answer[1] & PPS1_FOLLOWS and left == 1:
        return Rate.default(choice.rate.clock)
    raise PpsRefused(f"the card answered {answer.hex().upper()} to PPS {asked.hex().upper()}")


def _xor(data: bytes) -> int:
    check = 0
    for byte in data:
        check ^= byte
    return check
