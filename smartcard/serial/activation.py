"""From a powered line to a card that can be spoken with: reset, its answer, PPS (ISO/IEC 7816-3:2006 6.2, 8, 9)."""

from __future__ import annotations

from dataclasses import dataclass

from smartcard import pps
from smartcard.atr import ATR
from smartcard.atr_machine import FIRST_ETU, logical, receive
from smartcard.errors import (
    ATRError,
    CardError,
    CardMute,
    CardRemoved,
    EdcError,
    LineError,
    ParityFailure,
    ProtocolError,
    ProtocolTimeout,
    SmartCardError,
)
from smartcard.machine import Speaker
from smartcard.serial.line import Line
from smartcard.serial.port import EVEN, NONE, ODD, RateRefused
from smartcard.t0 import T0
from smartcard.t1 import T1
from smartcard.t14 import T14
from smartcard.timing import Rate, extra_guard_etu

RESET_SECONDS = 0.05
"""How long a Phoenix reader wants its reset; a card wants 400 clocks, 0.1 ms (6.2.1)."""
OPENING_SECONDS = 0.5
"""Where opening the port is the reset, the answer may take that much longer."""
ATR_LIMIT = 5.0
ACTIVATION_LIMIT = 20.0
"""Seconds for one answer to reset, and for one exchange of PPS or IFS."""
RATES_TRIED = 2
"""So many rates at which the card is not understood, which takes seconds each; then the default one."""


@dataclass
class Activated:
    """A card that listens, and what it was agreed to speak."""

    atr: ATR
    protocol: int
    rate: Rate
    speaker: Speaker


def answers(line: Line, clock: int) -> bool:
    """One reset: does anything come, of whatever parity?"""
    try:
        return bool(_reset(line, clock, line.parity))
    except ParityFailure:
        return True


def answer_to_reset(line: Line, clock: int) -> ATR:
    """Reset, and the answer: with even, odd, no parity until one can be read, the port left with the card's own.

    A port that tells or drops characters of wrong parity shows an answer with the right one alone; others show it with
    any, and then the answer tells. One whose TCK is wrong is taken where it comes twice. CardMute, ATRError,
    ParityFailure, and the port's errors.
    """
    doubtful: ATR | None = None
    failure: ATRError | ProtocolError | None = None
    for parity in sorted((EVEN, ODD, NONE), key=lambda each: each != line.parity):
        try:
            raw = _reset(line, clock, parity)
            if not raw:
                continue
            atr = ATR.parse(logical(raw))
        except (ATRError, LineError, ProtocolTimeout) as error:
            failure = failure or error
            continue
        if atr.tck != "wrong" or (doubtful is not None and atr.raw == doubtful.raw):
            line.inverse = logical(raw) != raw
            line.parity = _parity(atr, turned=line.inverse)
            line.port.configure(Rate.default(clock).baud, line.parity)
            return atr
        doubtful = atr
    if doubtful is not None:
        raise EdcError("the check byte of the answer to reset is wrong, each time another way")
    raise failure or CardMute("no answer to reset")


def _parity(atr: ATR, *, turned: bool) -> str:
    """A card of T=14 alone has none; an odd one is how a port sees the even one of inverse convention (7.3, 8.1)."""
    if atr.protocols == (14,):
        return NONE
    return ODD if turned else EVEN


def _reset(line: Line, clock: int, parity: str) -> bytes:
    rate = Rate.default(clock)
    line.begin(rate.etu)
    line.port.configure(rate.baud, parity)
    first = FIRST_ETU
    if line.port.hold_reset(True):
        line.settle(RESET_SECONDS)
        line.port.hold_reset(False)
    else:
        line.port.reopen()
        first += OPENING_SECONDS / rate.etu
    return line.run(receive(first), ATR_LIMIT)


def activate(line: Line, clock: int, refused: set[Rate]) -> Activated:
    """Reset the card and agree with it on the best that both sides can do. Rates in ``refused`` are left out; those
    that do not work are added to it. Errors of ``answer_to_reset``, and of the protocol that was chosen at last."""
    atr = answer_to_reset(line, clock)
    failure: SmartCardError = ProtocolError("no rate is left that the card and the port both do")
    fresh, misunderstood = True, 0
    for choice in pps.choices(atr, clock, line.port.fastest):
        is_last = choice.rate == Rate.default(clock)
        if choice.rate in refused or (misunderstood >= RATES_TRIED and not is_last):
            continue
        if not fresh and answer_to_reset(line, clock).raw != atr.raw:
            raise CardRemoved("another card is in the slot")
        fresh = False
        try:
            return _agree(line, atr, choice)
        except CardRemoved:
            raise
        except (ProtocolError, CardError, RateRefused) as error:
            failure = error
            misunderstood += not isinstance(error, RateRefused)
            if not is_last:
                refused.add(choice.rate)
    raise failure


def _agree(line: Line, atr: ATR, choice: pps.Choice) -> Activated:
    line.extra_guard = extra_guard_etu(atr, 0)
    rate = line.run(pps.exchange(choice), ACTIVATION_LIMIT) if choice.negotiate else choice.rate
    line.port.configure(rate.baud, line.parity)
    line.etu = rate.etu
    line.extra_guard = extra_guard_etu(atr, choice.protocol)
    speaker: T0 | T1 | T14
    if choice.protocol == 0:
        speaker = T0(atr, rate.d)
    elif choice.protocol == 1:
        speaker = T1(atr, rate)
        line.run(speaker.negotiate(), ACTIVATION_LIMIT)
    else:
        speaker = T14()
    return Activated(atr, choice.protocol, rate, speaker)
