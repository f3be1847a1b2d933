"""What of an exchange may be written down: nothing that could be a PIN, a key or what a key made."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smartcard.command.redaction import Redaction, Shown
from smartcard.command.tracing import Exchange, TracingConnection
from smartcard.errors import CardMute
from tests.unit.smartcard.scripted import ScriptedConnection

PIN = b"31323334FFFFFFFF"
SECRET = bytes.fromhex("5EC2E7" * 6)


def shown(command: str, data: bytes = b"") -> Shown:
    return Redaction().show(bytes.fromhex(command), data)


@pytest.mark.parametrize(
    ("command", "name"),
    [
        ("00A4040009A0000003080000100000", "SELECT"),
        ("00CB3FFF055C035FC10100", "GET DATA"),
        ("00B0000000", "READ BINARY"),
        ("00FD000000", "GET VERSION (Yubico)"),
        ("D2000300013F", ""),
        ("0200030000", ""),
        ("DD26000003100140", ""),
        ("A0CA000002120006", ""),
    ],
)
def test_names_and_numbers_are_shown(command: str, name: str) -> None:
    assert shown(command, b"\x01\x02") == Shown(command, "0102", name)


@pytest.mark.parametrize(
    "header",
    [
        *("00200080", "00210080", "00240080", "002C0080", "0087119E", "1087079E", "0082009B", "00DB3FFF", "00FFFFFF"),
        *("00FE119E", "80E20000", "80D80000", "80500000", "DDA20000", "A0200001", "D2010000", "0288FFFE", "C13C0101"),
    ],
)
def test_everything_else_is_hidden_but_its_header(header: str) -> None:
    told = shown(f"{header}{len(SECRET):02X}{SECRET.hex()}00", SECRET)
    assert told.command == f"{header}{len(SECRET):02X}[{len(SECRET)} bytes]00"
    assert told.data == f"[{len(SECRET)} bytes]"


def test_a_command_with_nothing_in_it_hides_nothing() -> None:
    assert shown("00200080") == Shown("00200080", "", "VERIFY")
    assert shown("0020008000") == Shown("0020008000", "", "VERIFY")


def test_an_extended_command_is_hidden_whole() -> None:
    told = shown("0087119E000012" + SECRET.hex(), SECRET)
    assert SECRET.hex().upper() not in told.command


@pytest.mark.parametrize("fetch", ["00C0000012", "A0C0000012", "D2FE000012", "DDCA000012"])
def test_the_rest_of_a_hidden_answer_is_hidden_too(fetch: str) -> None:
    redaction = Redaction()
    redaction.show(bytes.fromhex("DDA2000001AA"), b"")
    assert redaction.show(bytes.fromhex(fetch), SECRET).data == "[18 bytes]"
    assert redaction.show(bytes.fromhex(fetch), SECRET).data == "[18 bytes]"
    redaction.show(bytes.fromhex("00A4040005A000000308"), b"")
    assert redaction.show(bytes.fromhex(fetch), b"\x01").data == "01"


def test_a_continuation_of_nothing_is_hidden() -> None:
    assert shown("00C0000012", SECRET).data == "[18 bytes]"


@given(st.binary(max_size=20), st.binary(max_size=20))
def test_any_bytes_are_taken(command: bytes, data: bytes) -> None:
    told = Redaction().show(command, data)
    assert told.data in (data.hex().upper(), f"[{len(data)} bytes]")


@given(st.sampled_from([0x00, 0x04, 0x10, 0x80, 0xA0]), st.sampled_from([0x20, 0x24, 0x2C, 0x86, 0x87, 0xD8]))
def test_no_pin_gets_out(cla: int, ins: int) -> None:
    command = bytes((cla, ins, 0x00, 0x80, 0x08)) + bytes.fromhex(PIN.decode())
    assert PIN.decode() not in str(Redaction().show(command, b""))


def test_a_tracing_connection_tells_every_exchange_and_changes_none() -> None:
    told: list[Exchange] = []
    inner = ScriptedConnection([(b"\x6f\x00", 0x9000), (b"", 0x63C2)])
    traced = TracingConnection(inner, told.append)
    assert traced.transmit(bytes.fromhex("00A4040000")) == (b"\x6f\x00", 0x9000)
    assert traced.transmit(bytes.fromhex("0020008008" + PIN.decode())) == (b"", 0x63C2)
    assert inner.sent[1].endswith(bytes.fromhex(PIN.decode()))
    assert [(each.command, each.data, each.sw) for each in told] == [
        ("00A4040000", "6F00", "9000"),
        ("0020008008[8 bytes]", "", "63C2"),
    ]


def test_an_exchange_is_traced_command_by_command() -> None:
    told: list[Exchange] = []
    traced = TracingConnection(ScriptedConnection([(b"\x01", 0x6101), (b"\x02", 0x9000), (b"", 0x6A82)]), told.append)
    commands = [bytes.fromhex(each) for each in ("00A4040000", "00CB3FFF00", "00CB3FFF00")]
    assert traced.exchange(commands) == [(b"\x01\x02", 0x9000), (b"", 0x6A82)]
    assert [each.sw for each in told] == ["6101", "9000", "6A82"]


def test_a_card_that_falls_silent_is_traced_with_its_error() -> None:
    def mute(_: bytes) -> tuple[bytes, int]:
        raise CardMute("the card did not answer")

    told: list[Exchange] = []
    with pytest.raises(CardMute):
        TracingConnection(ScriptedConnection(mute), told.append).transmit(bytes.fromhex("0020008001AA"))
    assert (told[0].error, told[0].sw, told[0].command) == ("card_mute", "", "0020008001[1 bytes]")
