"""OpenSC, Yubico's tool and PyKCS11 as clients of the simulated card in a real pcscd: who is not ours says what it is.

Everything they do works with no PIN, and none of them is ever asked for one.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.contract.card.conftest import Slot, SlotMaker
from tests.contract.card.recording import RecordingCard
from tests.support.python_peers import python_with
from tests.unit.smartcard.pcsc.daemon import FIRST_READER, PEERS
from tools.bench.peers import PYKCS11
from tools.card_sim.cards import card_of_profile
from tools.provisioning import KeyRing

OPENSC_MODULE = Path("/usr/lib/x86_64-linux-gnu/opensc-pkcs11.so")
pytestmark = pytest.mark.needs_peer(
    *PEERS, "opensc-tool", "piv-tool", "pkcs11-tool", "pkcs15-crypt", "yubico-piv-tool", "openssl"
)

MESSAGE = b"what the card is to sign"

_PYKCS11 = """
import json, sys
from PyKCS11 import *

library = PyKCS11Lib()
library.load(sys.argv[1])
session = library.openSession(library.getSlotList(tokenPresent=True)[0])
certificate, = session.findObjects([(CKA_CLASS, CKO_CERTIFICATE)])
key, = session.findObjects([(CKA_CLASS, CKO_PRIVATE_KEY)])
kind, asks_always = session.getAttributeValue(key, [CKA_KEY_TYPE, CKA_ALWAYS_AUTHENTICATE])
message = bytes.fromhex(sys.argv[2])
mechanism, data = (CKM_ECDSA, message) if kind == CKK_EC else (CKM_SHA256_RSA_PKCS, bytes.fromhex(sys.argv[3]))
json.dump({
    "certificate": bytes(session.getAttributeValue(certificate, [CKA_VALUE])[0]).hex(),
    "asks_always": bool(asks_always),
    "signature": bytes(session.sign(key, data, Mechanism(mechanism))).hex(),
}, sys.stdout)
"""


class KnownCard:
    """The card in the slot, with what is known of it from its own files."""

    def __init__(self, slot: Slot, card: RecordingCard, certificate: x509.Certificate) -> None:
        self.slot = slot
        self.card = card
        self.certificate = certificate
        self.is_rsa = isinstance(certificate.public_key(), rsa.RSAPublicKey)


@pytest.fixture(scope="module", params=["piv", "piv-rsa"])
def known(request: pytest.FixtureRequest, slot_of: SlotMaker, tmp_path_factory: pytest.TempPathFactory) -> KnownCard:
    folder = tmp_path_factory.mktemp("keys")
    card = RecordingCard(card_of_profile(request.param, KeyRing(folder)))
    certificate = x509.load_pem_x509_certificate((folder / "profile" / request.param / "card.crt").read_bytes())
    return KnownCard(slot_of(card), card, certificate)


@pytest.fixture(autouse=True)
def no_pin_is_sent(known: KnownCard) -> Iterator[None]:
    known.card.commands.clear()
    yield
    assert known.card.pins() == []


def openssl_verifies(known: KnownCard, folder: Path, signature: bytes) -> bool:
    """``openssl dgst`` is the judge of ``signature`` over MESSAGE."""
    public = known.certificate.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    for name, content in (("public.pem", public), ("signature", signature), ("message", MESSAGE)):
        (folder / name).write_bytes(content)
    judged = subprocess.run(
        ["openssl", "dgst", "-sha256", "-verify", "public.pem", "-signature", "signature", "message"],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    return judged.returncode == 0 and "Verified OK" in judged.stdout


def test_opensc_reads_the_atr(known: KnownCard) -> None:
    assert known.card.atr.hex(":") in known.slot.run("opensc-tool", "--reader", FIRST_READER, "--atr")


def test_opensc_knows_it_as_piv_and_its_serial_number_is_the_guid(known: KnownCard) -> None:
    told = known.slot.run("piv-tool", "--name", "--serial")
    assert "Personal Identity Verification Card" in told
    guid = _guid(known).hex(" ").upper()
    assert guid in told


def _guid(known: KnownCard) -> bytes:
    public = known.certificate.public_key()
    point = (Encoding.X962, PublicFormat.UncompressedPoint)
    info = (Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    digest = bytearray(hashlib.sha256(public.public_bytes(*(info if known.is_rsa else point))).digest()[:16])
    digest[6], digest[8] = digest[6] & 0x0F | 0x40, digest[8] & 0x3F | 0x80
    return bytes(digest)


def test_pkcs11_lists_slot_certificate_key_and_card_number(known: KnownCard) -> None:
    told = known.slot.run("pkcs11-tool", "-L", "-O")
    assert FIRST_READER in told
    assert "Certificate for Card Authentication" in told
    number = known.certificate.subject.get_attributes_for_oid(x509.NameOID.SERIAL_NUMBER)[0].value
    assert f"serialNumber={number!s}" in told
    public = known.certificate.public_key()
    if isinstance(public, ec.EllipticCurvePublicKey):
        assert public.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint).hex() in told
    else:
        assert "RSA 2048 bits" in told


def test_opensc_signs_with_no_pin_and_openssl_verifies(known: KnownCard, tmp_path: Path) -> None:
    digest, signature = tmp_path / "digest", tmp_path / "signed"
    digest.write_bytes(hashlib.sha256(MESSAGE).digest())
    shape = ["--pkcs1"] if known.is_rsa else ["--signature-format", "openssl"]
    files = ["--input", str(digest), "--output", str(signature)]
    told = known.slot.run("pkcs15-crypt", "--sign", "--key", "04", "--raw", "--sha-256", *shape, *files)
    assert signature.exists(), told
    assert openssl_verifies(known, tmp_path, signature.read_bytes())


@pytest.mark.needs_peer(f"opensc-pkcs11:{OPENSC_MODULE}")
def test_pykcs11_reads_and_signs_without_a_login(known: KnownCard, tmp_path: Path) -> None:
    python = python_with(PYKCS11)
    arguments = [str(OPENSC_MODULE), hashlib.sha256(MESSAGE).hexdigest(), MESSAGE.hex()]
    document = json.loads(known.slot.run(str(python), "-I", "-c", _PYKCS11, *arguments))
    assert document["certificate"] == known.certificate.public_bytes(Encoding.DER).hex()
    assert document["asks_always"] is False
    signature = bytes.fromhex(document["signature"])
    if not known.is_rsa:
        half = len(signature) // 2
        signature = encode_dss_signature(
            int.from_bytes(signature[:half], "big"), int.from_bytes(signature[half:], "big")
        )
    assert openssl_verifies(known, tmp_path, signature)


def test_yubicos_tool_tells_the_slot(known: KnownCard) -> None:
    told = known.slot.run("yubico-piv-tool", "--reader", "Virtual PCD", "--action", "status")
    assert f"Algorithm:\t{'RSA2048' if known.is_rsa else 'ECCP256'}" in told
    number = known.certificate.subject.get_attributes_for_oid(x509.NameOID.SERIAL_NUMBER)[0].value
    assert f"serialNumber={number!s}" in told
    assert "PIN tries left:\t3" in told


def test_yubicos_tool_reads_the_certificate_and_tests_the_signature(known: KnownCard, tmp_path: Path) -> None:
    tool = ("yubico-piv-tool", "--reader", "Virtual PCD", "--slot", "9e")
    certificate = tmp_path / "card.pem"
    known.slot.run(*tool, "--action", "read-certificate", "--output", str(certificate))
    assert x509.load_pem_x509_certificate(certificate.read_bytes()) == known.certificate
    told = known.slot.run(*tool, "--action", "test-signature", "--input", str(certificate))
    assert f"Successful {'RSA' if known.is_rsa else 'ECDSA'} verification" in told
