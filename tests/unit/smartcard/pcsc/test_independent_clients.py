"""OpenSC as a client of the simulated card in a real pcscd: what is not ours says that the card is one."""

from __future__ import annotations

import hashlib
import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from device.api.waiting import wait_until
from tests.unit.smartcard.pcsc.conftest import PutIn
from tests.unit.smartcard.pcsc.daemon import FIRST_READER, PEERS, PcscDaemon
from tools.card_sim.cards import piv_card
from tools.card_sim.piv_card import card_guid
from tools.provisioning import KeyRing

pytestmark = pytest.mark.needs_peer(*PEERS, "opensc-tool", "piv-tool", "pkcs11-tool", "pkcs15-crypt")

NUMBER = "990012345678"


class OpenSC:
    """Its programs, as clients of one daemon with one card in."""

    def __init__(self, daemon: PcscDaemon, public: ec.EllipticCurvePublicKey) -> None:
        self.public = public
        self._environment = daemon.environment

    def __call__(self, *command: str) -> str:
        answer = subprocess.run(command, env=self._environment, capture_output=True, text=True, timeout=30, check=False)
        return answer.stdout + answer.stderr


@pytest.fixture
def opensc(daemon: PcscDaemon, put_in: PutIn, tmp_path: Path) -> OpenSC:
    daemon.start()
    card = piv_card(KeyRing(tmp_path / "keys").box("family", "kitchen", chip_id="1", card_number=NUMBER))
    put_in(card)
    asked = OpenSC(daemon, card.public_key)
    wait_until(
        lambda: f"Yes             {FIRST_READER}" in asked("opensc-tool", "--list-readers"), limit=10, what="a card"
    )
    return asked


def test_opensc_knows_the_card_by_its_atr_and_as_piv(opensc: OpenSC) -> None:
    assert "3b:9d:96:81:31:fe:4d" in opensc("opensc-tool", "--atr")
    assert "Personal Identity Verification Card" in opensc("piv-tool", "--name")


def test_its_serial_number_is_the_guid(opensc: OpenSC) -> None:
    serial = opensc("piv-tool", "--serial")
    assert card_guid(opensc.public).hex(" ").upper() in serial


def test_pkcs11_sees_the_card_authentication_key_and_the_card_number(opensc: OpenSC) -> None:
    objects = opensc("pkcs11-tool", "--list-slots", "--list-objects")
    point = opensc.public.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint).hex()
    assert point in objects
    assert "Certificate for Card Authentication" in objects
    assert f"serialNumber={NUMBER}" in objects


def test_it_signs_with_no_pin(opensc: OpenSC, tmp_path: Path) -> None:
    digest, signature = tmp_path / "digest", tmp_path / "signature"
    digest.write_bytes(hashlib.sha256(b"message").digest())
    opensc(
        *("pkcs15-crypt", "--sign", "--key", "04", "--raw", "--sha-256", "--signature-format", "openssl"),
        *("--input", str(digest), "--output", str(signature)),
    )
    opensc.public.verify(signature.read_bytes(), b"message", ec.ECDSA(hashes.SHA256()))
