"""Every byte of an answer to reset in words, in the order in which the card sent them (ISO/IEC 7816-3 8.2, 8.3)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from smartcard.atr import ATR, D_OF_DI, F_OF_FI, InterfaceGroup
from smartcard.command.historical import explain_historical

PHOENIX_HZ = 3_570_000
_MAX_MHZ = {0: 4.0, 1: 5.0, 2: 6.0, 3: 8.0, 4: 12.0, 5: 16.0, 6: 20.0, 9: 5.0, 10: 7.5, 11: 10.0, 12: 15.0, 13: 20.0}
"""Table 7: the highest clock at which Fi may be used."""
_CLOCK_STOP = ("is not supported", "in state L", "in state H", "in either state")
_CLASSES = {
    0x01: "A (5 V)",
    0x02: "B (3 V)",
    0x03: "A, B (5, 3 V)",
    0x04: "C (1.8 V)",
    0x06: "B, C (3, 1.8 V)",
    0x07: "A, B, C (5, 3, 1.8 V)",
}


@dataclass(frozen=True)
class Row:
    """Bytes that say one thing: ``offset`` from 0, the standard's name, the bytes themselves, the meaning."""

    offset: int
    name: str
    data: bytes
    meaning: str


def explain(atr: ATR) -> list[Row]:
    """Every byte of ``atr.raw`` in exactly one row; a byte that should be there and is not has a row with no data."""
    rows = [Row(0, "TS", atr.raw[:1], f"{atr.convention} convention"), _format(atr)]
    offset = 2
    for group in atr.groups:
        for name, value in (("TA", group.ta), ("TB", group.tb), ("TC", group.tc), ("TD", group.td)):
            if value is not None:
                meaning = _INTERFACE[name](atr, group, value)
                rows.append(Row(offset, f"{name}{group.index}", bytes((value,)), meaning))
                offset += 1
    rows.extend(_historical(atr, offset))
    offset += len(atr.historical)
    if atr.tck in ("correct", "wrong"):
        rows.append(Row(offset, "TCK", atr.raw[offset : offset + 1], _check(atr, offset)))
        offset += 1
    elif atr.tck == "missing":
        rows.append(Row(offset, "TCK", b"", f"missing, {_xor(atr.raw[1:offset]):02X} belongs here"))
    if atr.raw[offset:]:
        rows.append(Row(offset, "-", atr.raw[offset:], "after the end of the answer to reset"))
    return rows


def _format(atr: ATR) -> Row:
    t0 = atr.raw[1]
    count = t0 & 0x0F
    return Row(1, "T0", atr.raw[1:2], f"{_announced(t0, 1)}; {count} historical byte{'' if count == 1 else 's'}")


def _announced(presence: int, index: int) -> str:
    names = [f"{name}{index}" for bit, name in enumerate(("TA", "TB", "TC", "TD")) if presence & 0x10 << bit]
    return f"{', '.join(names)} follow{'s' if len(names) == 1 else ''}" if names else "no interface byte follows"


def _ta(atr: ATR, group: InterfaceGroup, value: int) -> str:
    if group.index == 1:
        return _rate(value)
    if group.index == 2:
        parameters = "parameters implied by the card" if value & 0x10 else "at the rate of TA1"
        change = "cannot change" if value & 0x80 else "can change"
        return f"specific mode: T={value & 0x0F} at once, without PPS, {parameters}; {change} to another mode"
    if group.protocol == 15:
        classes = _CLASSES.get(value & 0x3F, "reserved")
        return f"clock stop {_CLOCK_STOP[value >> 6]}; class of operating conditions {classes}"
    if group.protocol == 1:
        allowed = "" if 1 <= value <= 254 else ", which is reserved"
        return (
            f"IFSC: the card takes information fields of {value} bytes{allowed}" if _first(atr, group, "ta") else _MORE
        )
    return _specific(group)


def _rate(value: int) -> str:
    fi, di = value >> 4, value & 0x0F
    f, d = F_OF_FI.get(fi), D_OF_DI.get(di)
    told = f"Fi={fi}: {'reserved' if f is None else f'F={f}, {_MAX_MHZ[fi]:g} MHz at most'}; "
    told += f"Di={di}: {'reserved' if d is None else f'D={d}'}"
    if f is None or d is None:
        return told
    return f"{told}; {f / d:g} clocks an etu, {PHOENIX_HZ * d / f:.0f} bit/s at 3.57 MHz"


def _tb(atr: ATR, group: InterfaceGroup, value: int) -> str:
    if group.index == 1:
        if value == 0:
            return "no contact for Vpp (TB1 is deprecated)"
        current = ("25 mA", "50 mA", "100 mA", "reserved")[value >> 5 & 0b11]
        return f"programming voltage {value & 0x1F} V, current {current} (TB1 is deprecated)"
    if group.index == 2:
        return f"programming voltage {value / 10:g} V (TB2 is deprecated)"
    if group.protocol == 15:
        return "standard or proprietary use of contact C6 (SPU)" if value else "contact C6 (SPU) is not used"
    if group.protocol == 1:
        if not _first(atr, group, "tb"):
            return _MORE
        bwi, cwi = value >> 4, value & 0x0F
        reserved = ", which is reserved" if bwi > 9 else ""
        return (
            f"BWI={bwi}{reserved}: {_seconds(2**bwi * 960 * 372)} for a block; CWI={cwi}: {11 + 2**cwi} etu a character"
        )
    return _specific(group)


def _tc(atr: ATR, group: InterfaceGroup, value: int) -> str:
    if group.index == 1:
        if value == 255:
            return "N=255: no extra guard time, 12 etu between characters for T=0 and 11 for T=1"
        return f"N={value}: {value or 'no'} extra etu between the characters sent to the card"
    if group.index == 2:
        wait = f"WI={value}: {_seconds(960 * value * (atr.f or 372))} for a character of T=0"
        return wait if value else "WI=0 is reserved"
    if group.protocol == 1:
        if not _first(atr, group, "tc"):
            return _MORE
        reserved = "; its other bits are reserved" if value & 0xFE else ""
        return f"blocks end with {'a CRC of two bytes' if value & 1 else 'an LRC of one byte'}{reserved}"
    return "reserved" if group.protocol == 15 else _specific(group)


def _td(_: ATR, group: InterfaceGroup, value: int) -> str:
    protocol = value & 0x0F
    names = {14: "T=14, not standardised", 15: "T=15: global interface bytes, no protocol"}
    told = names.get(protocol, f"T={protocol}" + ("" if protocol <= 3 else ", reserved"))
    return f"{told}; {_announced(value, group.index + 1)}"


_INTERFACE = {"TA": _ta, "TB": _tb, "TC": _tc, "TD": _td}
_MORE = "another one for T=1; the first counts"


def _specific(group: InterfaceGroup) -> str:
    return f"specific to T={group.protocol}"


def _first(atr: ATR, group: InterfaceGroup, name: str) -> bool:
    """Whether this is the byte of its name that counts for T=1."""
    carriers = [each for each in atr.groups[2:] if each.protocol == 1 and getattr(each, name) is not None]
    return bool(carriers) and carriers[0] is group


def _seconds(clocks: int) -> str:
    return f"{clocks / PHOENIX_HZ:.3g} s at 3.57 MHz"


def _historical(atr: ATR, offset: int) -> Iterator[Row]:
    first = 1
    for size, meaning in explain_historical(atr.historical):
        name = f"T{first}" if size == 1 else f"T{first}-T{first + size - 1}"
        yield Row(offset, name, atr.raw[offset : offset + size], meaning)
        offset, first = offset + size, first + size
    count = atr.raw[1] & 0x0F
    if len(atr.historical) < count:
        yield Row(offset, f"T{first}", b"", f"missing: {count} historical bytes were announced")


def _check(atr: ATR, offset: int) -> str:
    if atr.tck == "correct":
        return "check byte, correct"
    return f"check byte, wrong: {_xor(atr.raw[1:offset]):02X} would be right"


def _xor(data: bytes) -> int:
    total = 0
    for byte in data:
        total ^= byte
    return total
