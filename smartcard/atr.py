"""Answer to reset (ISO/IEC 7816-3:2006 clause 8).

Refused is only what cannot be walked: a TS that is no convention, interface bytes that are announced and missing.
Everything else that a card does wrong is told as a fault, since readers and cards live with it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from smartcard.errors import ATRError

DIRECT, INVERSE = 0x3B, 0x3F
RAW_INVERSE = 0x03
"""TS of an inverse-convention card as a direct-convention port sees it: bits reversed and complemented (8.1)."""

F_OF_FI = {0: 372, 1: 372, 2: 558, 3: 744, 4: 1116, 5: 1488, 6: 1860, 9: 512, 10: 768, 11: 1024, 12: 1536, 13: 2048}
"""Clock rate conversion integer, Table 7; the other codes are reserved."""
D_OF_DI = {1: 1, 2: 2, 3: 4, 4: 8, 5: 16, 6: 32, 7: 64, 8: 12, 9: 20}
"""Baud rate adjustment integer, Table 8."""

MAX_BYTES = 33
"""TS and the 32 characters that may follow it (8.2.1)."""

DEFAULT_WI = 10
DEFAULT_IFSC = 32
DEFAULT_CWI, DEFAULT_BWI = 13, 4


@dataclass(frozen=True)
class InterfaceGroup:
    """TAi TBi TCi TDi; ``protocol`` is the T of the TD that announced the group, None for the first."""

    index: int
    protocol: int | None
    ta: int | None
    tb: int | None
    tc: int | None
    td: int | None


@dataclass(frozen=True)
class ATR:
    """One answer to reset; the names are those of the standard."""

    raw: bytes
    convention: Literal["direct", "inverse"]
    groups: tuple[InterfaceGroup, ...]
    protocols: tuple[int, ...]
    """As announced, each once, T=15 left out; (0,) where none is announced."""
    f: int | None
    """Clock rate conversion of TA1; None where the code is reserved."""
    d: int | None
    n: int
    """Extra guard time of TC1, 0 to 255."""
    specific_mode: int | None
    """T of TA2: the card speaks this protocol at once, with no PPS (8.3)."""
    wi: int
    """TC2, for T=0 (10.2)."""
    ifsc: int
    """First TA for T=1 (11.4.2)."""
    cwi: int
    bwi: int
    crc: bool
    """T=1 blocks end with a CRC, not an LRC: bit 1 of the first TC for T=1 (11.4.4)."""
    historical: bytes
    tck: Literal["correct", "wrong", "missing", "not used"]
    faults: tuple[str, ...]
    """history_short, tck_wrong, tck_missing, trailing_bytes, ta1_rfu."""

    @classmethod
    def parse(cls, raw: bytes) -> ATR:
        """The parts of ``raw``, TS first; ATRError where it cannot be walked."""
        convention = _convention(raw)
        groups, offset = _interface(raw)
        announced = [group.td & 0x0F for group in groups if group.td is not None]
        count = raw[1] & 0x0F
        historical = raw[offset : offset + count]
        faults = []
        if len(historical) < count:
            faults.append("history_short")
        end = offset + len(historical)
        expects_tck = any(protocol != 0 for protocol in announced)
        tck = _check(raw, end) if expects_tck else "not used"
        if tck in ("wrong", "missing"):
            faults.append(f"tck_{tck}")
        if len(raw) > end + (1 if expects_tck else 0):
            faults.append("trailing_bytes")
        ta1 = groups[0].ta
        f, d = (372, 1) if ta1 is None else (F_OF_FI.get(ta1 >> 4), D_OF_DI.get(ta1 & 0x0F))
        if f is None or d is None:
            faults.append("ta1_rfu")
        second = groups[1] if len(groups) > 1 else None
        ta, tb, tc = (_first_for_t1(groups, name) for name in ("ta", "tb", "tc"))
        return cls(
            raw=raw,
            convention=convention,
            groups=groups,
            protocols=tuple(dict.fromkeys(each for each in announced if each != 15)) or (0,),
            f=f,
            d=d,
            n=groups[0].tc or 0,
            specific_mode=None if second is None or second.ta is None else second.ta & 0x0F,
            wi=DEFAULT_WI if second is None or second.tc is None else second.tc,
            ifsc=DEFAULT_IFSC if ta is None else ta,
            cwi=DEFAULT_CWI if tb is None else tb & 0x0F,
            bwi=DEFAULT_BWI if tb is None else tb >> 4,
            crc=bool(tc is not None and tc & 0x01),
            historical=historical,
            tck=tck,
            faults=tuple(faults),
        )

    @property
    def implicit(self) -> bool:
        """Specific mode with parameters that only the card knows: bit 5 of TA2 (8.3)."""
        ta2 = self.groups[1].ta if len(self.groups) > 1 else None
        return ta2 is not None and bool(ta2 & 0x10)

    @property
    def hex(self) -> str:
        """Upper case, no spaces."""
        return self.raw.hex().upper()


def missing(raw: bytes) -> int:
    """How many bytes of an answer to reset are known to follow ``raw`` (from TS on); 0 where it is complete.

    Counts what has been announced by now, so it may grow with the bytes that come. At most 32 follow TS (8.2.1).
    """
    if len(raw) < 2:
        return 2 - len(raw)
    end, presence, check = 2, raw[1], False
    while True:
        followers = (presence >> 4).bit_count()
        end += followers
        if not presence & 0x80 or end > len(raw):
            break
        presence = raw[end - 1]
        check = check or presence & 0x0F != 0
    if end > len(raw):
        return min(end, MAX_BYTES) - len(raw)
    end += (raw[1] & 0x0F) + check
    return max(0, min(end, MAX_BYTES) - len(raw))


def _convention(raw: bytes) -> Literal["direct", "inverse"]:
    if not raw:
        raise ATRError("no byte at all", 0, "atr_empty")
    if raw[0] == RAW_INVERSE:
        raise ATRError(
            "TS is 03: an inverse-convention ATR read raw; reverse and complement the bits of each byte", 0, "atr_ts"
        )
    if raw[0] not in (DIRECT, INVERSE):
        raise ATRError(f"TS is {raw[0]:02X}, a card says 3B or 3F", 0, "atr_ts")
    return "direct" if raw[0] == DIRECT else "inverse"


def _interface(raw: bytes) -> tuple[tuple[InterfaceGroup, ...], int]:
    """The groups and the offset of what follows them (8.2.3): each TD's high nibble announces the next group."""
    if len(raw) < 2:
        raise ATRError("T0 is missing", 1, "atr_short")
    offset = 2
    groups: list[InterfaceGroup] = []
    presence, protocol = raw[1], None
    while True:
        values: list[int | None] = []
        for bit, name in enumerate(("TA", "TB", "TC", "TD")):
            if not presence & (0x10 << bit):
                values.append(None)
                continue
            if offset >= len(raw):
                raise ATRError(f"{name}{len(groups) + 1} is announced and missing", offset, "atr_short")
            values.append(raw[offset])
            offset += 1
        ta, tb, tc, td = values
        groups.append(InterfaceGroup(len(groups) + 1, protocol, ta, tb, tc, td))
        if td is None:
            return tuple(groups), offset
        presence, protocol = td, td & 0x0F


def _first_for_t1(groups: tuple[InterfaceGroup, ...], name: Literal["ta", "tb", "tc"]) -> int | None:
    """The first ``name`` after a TD that announces T=1, from the third group on: the second one's are of no T (11.4).

    Not at a fixed index: T=0 or T=15 groups may stand before.
    """
    for group in groups[2:]:
        value: int | None = getattr(group, name)
        if group.protocol == 1 and value is not None:
            return value
    return None


def _check(raw: bytes, end: int) -> Literal["correct", "wrong", "missing"]:
    """TCK at ``end``: the exclusive-or of T0 to TCK is 0 (8.2.5)."""
    if end >= len(raw):
        return "missing"
    total = 0
    for byte in raw[1 : end + 1]:
        total ^= byte
    return "wrong" if total else "correct"
