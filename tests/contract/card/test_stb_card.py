"""``stb-card`` and ``python -m tools.card``: documents, exit statuses, one line for what a user gets wrong."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.contract.card.conftest import CardTool, Slot, SlotMaker
from tests.contract.card.recording import RecordingCard
from tests.unit.smartcard.pcsc.daemon import FIRST_READER, PEERS, SECOND_READER
from tools.card_sim.cards import PROFILES, card_of_profile
from tools.card_sim.core import SimulatedCard
from tools.card_sim.dressed import CardWithATR
from tools.card_sim.rfc2217 import Rfc2217Face
from tools.provisioning import KeyRing

SELECT, CERTIFICATE = "00A4040009A0000003080000100000", "00CB3FFF055C035FC10100"
INFO = ["reader", "atr", "protocol", "kind", "serial", "assurance"]
T0_ATR = bytes.fromhex("3B90184001")
"""TA1 18, TC2 with WI 1, T=0 alone."""
PROVE = [*INFO, "seconds", "certificate_subject", "trusted"]


@pytest.mark.parametrize("profile", sorted(PROFILES))
def test_every_profile_tells_who_it_is(card_tool: CardTool, profile: str) -> None:
    reader = ("--reader", f"sim:{profile}")
    document = card_tool.json("info", *reader)
    assert list(document) == INFO
    proven = profile.startswith("piv")
    assert document["assurance"] == ("PROVEN" if proven else "CLAIMED")
    assert document["kind"] == ("piv" if proven else profile)
    assert document["serial"]
    proof = card_tool.json("prove", *reader, exit_status=0 if proven else 1)
    assert list(proof) == PROVE
    assert (proof["serial"], proof["assurance"]) == (document["serial"], document["assurance"])
    assert proof["trusted"] is None
    if proven:
        assert f"serialNumber={document['serial']}" in proof["certificate_subject"]
        assert 0 < proof["seconds"] < 5
    else:
        assert proof["certificate_subject"] is None


def test_trust_is_that_of_the_authority_given(card_tool: CardTool, tmp_path: Path) -> None:
    mine, other = tmp_path / "mine", tmp_path / "other"
    reader = ("--reader", f"sim:piv,keys={mine}")
    KeyRing(other).ca_certificate.exists()
    assert card_tool.json("prove", *reader, "--ca", str(mine / "ca.crt"))["trusted"] is True
    refused = card_tool.json("prove", *reader, "--ca", str(other / "ca.crt"), exit_status=1)
    assert (refused["trusted"], refused["assurance"]) == (False, "PROVEN")
    claimed = card_tool.json("prove", "--reader", "sim:conax", "--ca", str(other / "ca.crt"), exit_status=1)
    assert claimed["trusted"] is False


def test_the_page_of_a_proof(card_tool: CardTool) -> None:
    page = card_tool("prove", "--reader", "sim:piv").stdout
    for word in ("sim:piv", "T=1", "piv", "990000000001", "PROVEN", "serialNumber=990000000001", " ms"):
        assert word in page


def test_apdu(card_tool: CardTool) -> None:
    reader = ("--reader", "sim:piv")
    answers = card_tool.json("apdu", *reader, "00 A4 04 00 09 A0 00 00 03 08 00 00 10 00 00", CERTIFICATE)
    assert [list(each) for each in answers] == [["command", "data", "sw"]] * 2
    assert [each["command"] for each in answers] == [SELECT, CERTIFICATE]
    assert [each["sw"] for each in answers] == ["9000", "9000"]
    assert len(answers[1]["data"]) > 512
    (raw,) = card_tool.json("apdu", *reader, "--raw", CERTIFICATE)
    assert raw["sw"].startswith("61")
    assert len(raw["data"]) == 512
    assert card_tool.json("apdu", *reader, "00A40400")[0]["sw"] != "9000"


def test_a_t14_card_takes_frames_that_are_no_apdus(card_tool: CardTool) -> None:
    serial, unknown = card_tool.json("apdu", "--reader", "sim:irdeto", "0200030000", "020003000501")
    assert serial["sw"] == "0000"
    assert len(serial["data"]) == 40
    assert unknown["sw"] != "0000"


def test_trace_hides_what_a_key_made(card_tool: CardTool) -> None:
    document = card_tool.json("trace", "--reader", "sim:piv")
    names = [each["name"] for each in document["exchanges"]]
    assert names == ["SELECT", "GET DATA", "GET RESPONSE", "GET RESPONSE", "GENERAL AUTHENTICATE"]
    assert list(document["exchanges"][0]) == ["command", "name", "data", "sw", "seconds"]
    assert document["exchanges"][-1]["command"] == "0087119E26[38 bytes]00"
    assert document["exchanges"][-1]["data"].endswith(" bytes]")
    page = card_tool("trace", "--reader", "sim:piv", "0020008008" + b"12345678".hex()).stdout
    assert b"12345678".hex() not in page
    assert "0020008008[8 bytes]  VERIFY" in page


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        ([], "COMMAND"),
        (["eat"], "invalid choice: 'eat'"),
        (["info", "--reader", "usb:1"], "'usb:1' names no reader"),
        (["info", "--reader", "sim:visa"], "'visa'"),
        (["info", "--reader", "sim:piv,key=x"], "'key=x' is no option"),
        (["info", "--reader", "sim:piv,keys=/dev/null/x"], "/dev/null"),
        (["info", "--reader", "serial:/dev/null,clock=5"], "clock=5"),
        (["apdu", "--reader", "sim:piv"], "HEX"),
        (["apdu", "--reader", "sim:piv", "00A4"], "has 2 bytes"),
        (["apdu", "--reader", "sim:piv", "hello"], "'hello' is not hexadecimal"),
        (["apdu", "--reader", "sim:piv", "00A4040009A0"], "--raw"),
        (["prove", "--reader", "sim:piv", "--ca", "/nowhere"], "/nowhere: No such file"),
        (["atr", "--colour", "3B00"], "--colour"),
    ],
)
def test_bad_usage_is_one_line_and_exit_2(card_tool: CardTool, arguments: list[str], complaint: str) -> None:
    for more in ([], ["--json"]):
        answer = card_tool(*arguments, *more)
        assert answer.returncode == 2
        assert answer.stdout == ""
        assert len(answer.stderr.splitlines()) == 1
        assert complaint in answer.stderr


def test_as_a_process(card_process: CardTool) -> None:
    assert card_process.json("info", "--reader", "sim:piv")["assurance"] == "PROVEN"
    answer = card_process("info", "--reader", "nowhere")
    assert (answer.returncode, answer.stdout, len(answer.stderr.splitlines())) == (2, "", 1)
    assert card_process("--help").returncode == 0


def test_help_tells_everything(card_tool: CardTool) -> None:
    page = card_tool("--help").stdout
    for word in (
        "readers",
        "atr",
        "info",
        "apdu",
        "trace",
        "prove",
        "pcsc:NAME",
        "serial:URL",
        "clock=",
        "echo=",
        "sim:",
    ):
        assert word in page
    for command in ("readers", "atr", "info", "apdu", "trace", "prove"):
        assert "--json" in card_tool(command, "--help").stdout
    assert "sim:" not in CardTool("smartcard.command", dict(os.environ))("--help").stdout


def test_a_shipped_tool_knows_no_simulated_card() -> None:
    answer = CardTool("smartcard.command", dict(os.environ))("info", "--reader", "sim:piv")
    assert answer.returncode == 2
    assert "names no reader" in answer.stderr


def test_no_pcsc_service(tmp_path: Path) -> None:
    tool = CardTool("smartcard.command", os.environ | {"PCSCLITE_CSOCK_NAME": str(tmp_path / "nobody")})
    document = tool.json("info", exit_status=1)
    assert list(document["error"]) == ["kind", "message"]
    assert document["error"]["kind"] in ("reader_gone", "reader_unavailable")
    assert tool.json("apdu", "00A40400", exit_status=1)["answers"] == []
    assert isinstance(tool.json("readers"), list)
    answer = tool("info")
    assert (answer.returncode, answer.stdout, len(answer.stderr.splitlines())) == (1, "", 1)


@pytest.fixture(scope="module")
def ring(tmp_path_factory: pytest.TempPathFactory) -> KeyRing:
    return KeyRing(tmp_path_factory.mktemp("keys"))


@pytest.fixture(scope="module")
def slot(slot_of: SlotMaker, ring: KeyRing) -> Slot:
    return slot_of(RecordingCard(card_of_profile("piv", ring)))


@pytest.mark.needs_peer(*PEERS)
def test_readers_are_listed_as_they_are_named(slot: Slot) -> None:
    specs = [each["reader"] for each in slot.stb_card.json("readers")]
    assert specs[:2] == [f"pcsc:{FIRST_READER}", f"pcsc:{SECOND_READER}"]
    assert slot.stb_card.json("info", "--reader", specs[0])["reader"] == FIRST_READER
    assert slot.stb_card.json("info", "--reader", specs[1], exit_status=1)["error"]["kind"] == "card_absent"


@pytest.mark.needs_peer(*PEERS)
def test_a_card_in_a_real_pcscd(slot: Slot, ring: KeyRing) -> None:
    ca = str(ring.ca_certificate)
    document = slot.stb_card.json("prove", "--reader", slot.reader, "--ca", ca)
    assert list(document) == PROVE
    assert (document["reader"], document["assurance"], document["trusted"]) == (FIRST_READER, "PROVEN", True)
    assert slot.stb_card.json("atr", "--reader", slot.reader)["atr"] == slot.card.atr.hex().upper()


@pytest.fixture
def serial_reader(ring: KeyRing) -> Iterator[str]:
    with _behind_a_line(card_of_profile("piv", ring)) as reader:
        yield reader


@pytest.fixture
def t0_reader(ring: KeyRing) -> Iterator[str]:
    with _behind_a_line(CardWithATR(card_of_profile("piv", ring), T0_ATR)) as reader:
        yield reader


@contextmanager
def _behind_a_line(card: SimulatedCard) -> Iterator[str]:
    face = Rfc2217Face(card)
    face.start()
    try:
        yield f"serial:{face.url}"
    finally:
        face.stop()


@pytest.mark.needs_peer(*PEERS)
def test_the_same_answers_through_every_reader(
    slot: Slot, ring: KeyRing, serial_reader: str, t0_reader: str, card_tool: CardTool
) -> None:
    commands = (SELECT, CERTIFICATE, "00CB3FFF055C035FC10200", "00FD000000", "0020008000", "00A4040001FF", "00400000")
    readers = (f"sim:piv,keys={ring.folder}", slot.reader, serial_reader, t0_reader)
    tools = (card_tool, slot.stb_card, card_tool, card_tool)
    first, *others = [
        tool.json("apdu", "--reader", reader, *commands) for tool, reader in zip(tools, readers, strict=True)
    ]
    assert [each["sw"] for each in first] == ["9000", "9000", "9000", "9000", "63C3", "6A82", "6D00"]
    assert others == [first, first, first]
    assert card_tool.json("info", "--reader", t0_reader)["protocol"] == 0


def test_a_card_behind_a_serial_port(serial_reader: str, ring: KeyRing, card_tool: CardTool) -> None:
    document = card_tool.json("prove", "--reader", serial_reader, "--ca", str(ring.ca_certificate))
    assert (document["reader"], document["protocol"], document["trusted"]) == (serial_reader, 1, True)
