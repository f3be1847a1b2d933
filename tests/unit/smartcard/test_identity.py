"""Who the card is, from what it says of itself."""

from __future__ import annotations

import subprocess
import sys

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from smartcard.errors import CardRemoved, CardUnsupported, ProtocolError
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


def test_importing_the_package_loads_neither_cryptography_nor_pcsc() -> None:
    program = (
        "import sys, smartcard.identity, smartcard.readers, smartcard.processors\n"
        "print([name for name in sys.modules if name.startswith(('cryptography', 'ctypes', 'serial'))])"
    )
    answer = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "[]"
