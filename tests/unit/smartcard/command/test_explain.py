"""Every byte of an answer to reset in words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smartcard.atr import ATR
from smartcard.command.explain import explain
from smartcard.command.historical import explain_historical
from smartcard.errors import ATRError

SERVICES = "card service data: applications are selected by full name; these are read by READ RECORD; no master file"
Rows = list[tuple[int, str, str, str]]


def rows(atr: str) -> Rows:
    return [
        (row.offset, row.name, row.data.hex().upper(), row.meaning) for row in explain(ATR.parse(bytes.fromhex(atr)))
    ]


def meaning(atr: str, name: str) -> str:
    return next(text for _, each, _, text in rows(atr) if each == name)


def test_a_t1_card_byte_by_byte() -> None:
    assert [row[:3] for row in rows("3B9D968131FE4D8073C021805753544220504956E7")] == [
        (0, "TS", "3B"),
        (1, "T0", "9D"),
        (2, "TA1", "96"),
        (3, "TD1", "81"),
        (4, "TD2", "31"),
        (5, "TA3", "FE"),
        (6, "TB3", "4D"),
        (7, "T1", "80"),
        (8, "T2-T5", "73C02180"),
        (12, "T6-T13", "57535442205049" + "56"),
        (20, "TCK", "E7"),
    ]


@pytest.mark.parametrize(
    ("atr", "name", "text"),
    [
        ("3B00", "TS", "direct convention"),
        ("3F00", "TS", "inverse convention"),
        ("3B00", "T0", "no interface byte follows; 0 historical bytes"),
        ("3BF11145FF4031C1", "T0", "TA1, TB1, TC1, TD1 follow; 1 historical byte"),
        ("3B1096", "TA1", "F=512, 5 MHz at most; Di=6: D=32; 16 clocks an etu"),
        ("3B1011", "TA1", "372 clocks an etu, 9597 bit/s at 3.57 MHz"),
        ("3B107F", "TA1", "Fi=7: reserved; Di=15: reserved"),
        ("3B2000", "TB1", "no contact for Vpp"),
        ("3B2045", "TB1", "programming voltage 5 V, current 100 mA"),
        ("3B40FF", "TC1", "12 etu between characters for T=0 and 11 for T=1"),
        ("3B4005", "TC1", "5 extra etu"),
        ("3B80811061", "TD1", "T=1; TD2 follows"),
        ("3B800F0F", "TD1", "T=15"),
        ("3B801091", "TA2", "specific mode: T=1 at once, without PPS, parameters implied by the card; cannot change"),
        ("3B801001", "TA2", "at the rate of TA1; can change"),
        ("3B80200A", "TB2", "programming voltage 1 V"),
        ("3B80400A", "TC2", "WI=10: 1 s at 3.57 MHz"),
        ("3B804000", "TC2", "WI=0 is reserved"),
        ("3B808111FE6E", "TA3", "information fields of 254 bytes"),
        ("3B808111FF6F", "TA3", "which is reserved"),
        ("3B808121451E" + "00", "TB3", "BWI=4: 1.6 s at 3.57 MHz for a block; CWI=5: 43 etu"),
        ("3B8081410181", "TC3", "a CRC of two bytes"),
        ("3B8081410080", "TC3", "an LRC of one byte"),
        ("3B80811F472D", "TA3", "clock stop in state L; class of operating conditions A, B, C"),
        ("3B80812F8022", "TB3", "use of contact C6"),
        ("3B80811E05", "TA3", "specific to T=14"),
    ],
)
def test_interface_bytes(atr: str, name: str, text: str) -> None:
    assert text in meaning(atr, name)


def test_for_t1_the_first_of_each_kind_counts_wherever_it_stands() -> None:
    atr = "3B80818191201121"
    assert "32 bytes" in meaning(atr, "TA4")
    assert "another one for T=1" in meaning(atr, "TA5")


@pytest.mark.parametrize(
    ("atr", "expected"),
    [
        ("3B024142", []),
        ("3B0241", [(3, "T2", "", "missing: 2 historical bytes were announced")]),
        ("3B8001", [(3, "TCK", "", "missing, 81 belongs here")]),
        ("3B800182", [(3, "TCK", "82", "check byte, wrong: 81 would be right")]),
        ("3B800181", [(3, "TCK", "81", "check byte, correct")]),
        ("3B00AABB", [(2, "-", "AABB", "after the end of the answer to reset")]),
    ],
)
def test_the_end(atr: str, expected: Rows) -> None:
    told = [row for row in rows(atr) if row[1] in ("TCK", "-") or row[3].startswith("missing")]
    assert told == expected


@pytest.mark.parametrize(
    ("data", "parts"),
    [
        ("", []),
        ("4142", [(2, 'of the maker\'s own format: "AB"')]),
        ("1005", [(1, "category: the next byte is the DIR data reference"), (1, "DIR data reference")]),
        ("8131", [(2, 'category 81: reserved by ISO/IEC: ".1"')]),
        ("80128400", None),
        (
            "803181",
            [
                None,
                (
                    2,
                    SERVICES,
                ),
            ],
        ),
        ("00079000", [None, (3, "status indicator: life cycle: operational, activated; status word 9000, success")]),
        ("0031C0" + "059000", [None, (2, None), (3, None)]),
        ("8082" + "9000", [None, (3, "status indicator: status word 9000, success")]),
        ("80810C", [None, (2, "status indicator: life cycle: termination")]),
        ("80650102", [None, (3, "pre-issuing data: announces 5 bytes, 2 are there")]),
        ("8073C82140", None),
        ("80120840", [None, (3, "country code (ISO 3166-1): 0840")]),
    ],
)
def test_historical_bytes(data: str, parts: list[tuple[int, str | None] | None] | None) -> None:
    told = list(explain_historical(bytes.fromhex(data)))
    assert sum(size for size, _ in told) == len(bytes.fromhex(data))
    if parts is None:
        return
    assert len(told) == len(parts)
    for mine, expected in zip(told, parts, strict=True):
        if expected is not None:
            assert mine[0] == expected[0]
            assert expected[1] in (None, mine[1])


def test_capabilities() -> None:
    told = list(explain_historical(bytes.fromhex("8073C862D3")))[1][1].split("; ")
    assert told == [
        "card capabilities: files are selected by full name, partial name, being the only one",
        "writing is a logical and",
        "'FF' is no valid first byte of a tag",
        "a data unit has 4 quartets",
        "command chaining",
        "extended Lc and Le",
        "4 logical channels, numbered by the reader",
    ]


@given(st.binary(max_size=15))
def test_every_historical_byte_is_in_one_part(data: bytes) -> None:
    parts = list(explain_historical(data))
    assert sum(size for size, _ in parts) == len(data)
    assert all(size > 0 and text for size, text in parts)


@given(st.binary(max_size=40).map(lambda rest: b"\x3b" + rest))
def test_every_byte_is_in_one_row(raw: bytes) -> None:
    try:
        atr = ATR.parse(raw)
    except ATRError:
        return
    told = explain(atr)
    assert b"".join(row.data for row in told) == raw
    offset = 0
    for row in told:
        assert row.offset == offset
        offset += len(row.data)
