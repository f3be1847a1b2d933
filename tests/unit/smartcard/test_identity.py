"""Who the card is, from what it says of itself."""

from __future__ import annotations

import subprocess
import sys
from functools import partial

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from smartcard.errors import CardMute, CardRemoved, CardUnsupported, ProtocolError
from smartcard.identity import Assurance, CardIdentity, identify
from smartcard.proof import CardProof
from tests.unit.smartcard.piv_samples import certificate, certificate_object, der, piv_answers
from tests.unit.smartcard.scripted import ScriptedConnection

PROOF = CardProof.selftest("00" * 16)


def card(*serials: str) -> ScriptedConnection:
    key = ec.generate_private_key(ec.SECP256R1())
    return ScriptedConnection(piv_answers(key, certificate_object(der(certificate(key, *serials)))))


def test_a_piv_card_is_its_certificates_serial_number_and_can_prove_it() -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    shown = certificate(key, "990000000001")
    credential = identify(ScriptedConnection(piv_answers(key, certificate_object(der(shown)))))
    assert credential.identity == CardIdentity("piv", "990000000001", Assurance.PROVEN, der(shown))
    signature = credential.prove(PROOF)
    assert signature is not None
    key.public_key().verify(signature, PROOF.message, ec.ECDSA(hashes.SHA256()))


@pytest.mark.parametrize("serials", [(), ("1", "2"), (" ",)])
def test_a_certificate_that_names_no_card(serials: tuple[str, ...]) -> None:
    with pytest.raises(ProtocolError, match="serial number"):
        identify(card(*serials))


@pytest.mark.parametrize("sw", [0x6A82, 0x6D00, 0x6E00])
def test_a_card_without_piv_has_no_identity(sw: int) -> None:
    with pytest.raises(CardUnsupported, match=f"{sw:04X}"):
        identify(ScriptedConnection(lambda _: (b"", sw)))


def test_a_card_that_leaves_is_no_unsupported_card() -> None:
    def gone(_: bytes) -> tuple[bytes, int]:
        raise CardRemoved("the card was pulled out")

    with pytest.raises(CardRemoved):
        identify(ScriptedConnection(gone))


def seca(command: bytes) -> tuple[bytes, int]:
    if command == bytes.fromhex("C10E000008"):
        return bytes.fromhex("000000F1E2D3C4B5"), 0x9000
    return b"", 0x6E00


SECA_ATR = bytes.fromhex("3BF711000140965430040E6CB6D6")


def test_a_conditional_access_card_is_known_by_its_atr_and_claims_a_number() -> None:
    connection = ScriptedConnection(seca, atr=SECA_ATR)
    credential = identify(connection)
    assert credential.identity == CardIdentity("seca", "00F1E2D3C4B5", Assurance.CLAIMED, None)
    assert credential.prove(PROOF) is None
    assert len(connection.sent) == 1


def test_a_card_with_an_atr_that_says_nothing_is_tried_piv_first() -> None:
    connection = ScriptedConnection(seca)
    assert identify(connection).identity.kind == "seca"
    assert connection.sent[0].hex().upper() == "00A4040009A0000003080000100000"
    assert connection.sent[-1] == bytes.fromhex("C10E000008")


def test_a_piv_card_under_the_atr_of_another_kind_is_still_found() -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    answers = piv_answers(key, certificate_object(der(certificate(key, "990000000001"))))

    def refuses_others(command: bytes) -> tuple[bytes, int]:
        return (b"", 0x6E00) if command[0] & ~0x10 else answers(command)

    assert identify(ScriptedConnection(refuses_others, atr=SECA_ATR)).identity.assurance is Assurance.PROVEN


def test_a_piv_card_that_cannot_tell_who_it_is_is_not_taken_for_another_kind() -> None:
    """Its own trouble is told; a number that it may tell besides is not looked at."""
    for stored in (b"", b"\x53\x00", b"\x53\x02\x70\x00"):
        connection = ScriptedConnection(partial(piv_only, stored))
        with pytest.raises((CardUnsupported, ProtocolError)):
            identify(connection)
        assert {command[0] for command in connection.sent} == {0x00}


def piv_only(stored: bytes, command: bytes) -> tuple[bytes, int]:
    if command[0] != 0x00:
        return seca(command)
    return (bytes.fromhex("61114F0600001000010079074F05A000000308"), 0x9000) if command[1] == 0xA4 else (stored, 0x9000)


@pytest.mark.parametrize(("protocol", "classes"), [(0, {0xD2, 0x80, 0xDD, 0xA0, 0x87, 0xC1, 0x00}), (1, {0x00, 0xA0})])
def test_only_what_the_protocol_can_carry_is_tried(protocol: int, classes: set[int]) -> None:
    atr = bytes.fromhex("3B050000000011")
    connection = ScriptedConnection(lambda _: (b"", 0x6D00), atr=atr, protocol=protocol)
    with pytest.raises(CardUnsupported):
        identify(connection)
    assert {command[0] for command in connection.sent} == classes


def test_a_card_of_t14_is_asked_in_frames_alone() -> None:
    connection = ScriptedConnection(lambda _: (b"", 0x6D00), protocol=14)
    with pytest.raises(CardUnsupported):
        identify(connection)
    assert [command.hex() for command in connection.sent] == ["0200030000"]


def test_a_protocol_that_no_application_speaks() -> None:
    connection = ScriptedConnection([], protocol=5)
    with pytest.raises(CardUnsupported, match="T=5"):
        identify(connection)


def test_a_card_that_falls_silent_is_not_asked_on() -> None:
    def silent(_: bytes) -> tuple[bytes, int]:
        raise CardMute("the card did not answer")

    connection = ScriptedConnection(silent, atr=SECA_ATR)
    with pytest.raises(CardMute):
        identify(connection)
    assert len(connection.sent) == 1


def test_nothing_is_proven_without_a_certificate_and_nothing_claimed_has_one() -> None:
    with pytest.raises(ValueError, match="certificate"):
        CardIdentity("seca", "1", Assurance.PROVEN, None)
    with pytest.raises(ValueError, match="certificate"):
        CardIdentity("seca", "1", Assurance.CLAIMED, b"")


def test_importing_the_package_loads_neither_cryptography_nor_pcsc() -> None:
    program = (
        "import sys, smartcard.identity, smartcard.readers, smartcard.processors\n"
        "print([name for name in sys.modules if name.startswith(('cryptography', 'ctypes', 'serial'))])"
    )
    answer = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "[]"
