"""The demonstration's keys: made once, by whoever comes first, and good for what they are for."""

from __future__ import annotations

import ssl
import stat
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from cryptography.x509.verification import PolicyBuilder, Store

from tools.provisioning import BoxKeys, KeyRing, ProvisioningError
from tools.provisioning.certificates import PIV_CARD_AUTHENTICATION
from tools.provisioning.keyring import load_certificate, load_key

CHIP, CARD = "0123456789", "990012345678"


def box(ring: KeyRing) -> BoxKeys:
    return ring.box("family", "living-room", chip_id=CHIP, card_number=CARD)


def files(folder: Path) -> dict[Path, bytes]:
    return {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_everything_is_made_once(tmp_path: Path) -> None:
    ring = KeyRing(tmp_path / "keys")
    paths = (ring.ca_certificate, ring.tls(), box(ring))
    before = files(tmp_path)
    again = KeyRing(tmp_path / "keys")
    assert (again.ca_certificate, again.tls(), box(again)) == paths
    assert files(tmp_path) == before


def test_an_rsa_card_is_made_once_and_is_the_operators(tmp_path: Path) -> None:
    ring = KeyRing(tmp_path)
    keys = ring.rsa_card("profile", "piv-rsa", chip_id="PROFILE", card_number=CARD)
    before = files(tmp_path)
    assert KeyRing(tmp_path).rsa_card("profile", "piv-rsa", chip_id="PROFILE", card_number=CARD) == keys
    assert files(tmp_path) == before
    certificate, authority = keys.load_card_certificate(), load_certificate(ring.ca_certificate)
    certificate.verify_directly_issued_by(authority)
    assert certificate.public_key() == keys.load_card_key().public_key()
    assert keys.load_card_key().key_size == 2048
    assert stat.S_IMODE(keys.card_key.stat().st_mode) == 0o600
    with pytest.raises(ProvisioningError, match="not an elliptic-curve key"):
        load_key(keys.card_key)
    with pytest.raises(ProvisioningError, match="another box or card"):
        ring.rsa_card("profile", "piv-rsa", chip_id="PROFILE", card_number="1")


def test_private_keys_are_this_users_alone(tmp_path: Path) -> None:
    ring = KeyRing(tmp_path / "keys")
    keys = box(ring)
    private = [keys.device_key, keys.card_key, ring.tls()[1], tmp_path / "keys" / "ca.pem"]
    assert {stat.S_IMODE(path.stat().st_mode) for path in private} == {0o600}
    folders = [path for path in [tmp_path / "keys", *(tmp_path / "keys").rglob("*")] if path.is_dir()]
    assert {stat.S_IMODE(path.stat().st_mode) for path in folders} == {0o700}


def test_a_tls_client_that_trusts_the_ca_takes_the_server(tmp_path: Path) -> None:
    ring = KeyRing(tmp_path)
    assert handshake(ring.tls(), ring.ca_certificate, "localhost") is None
    assert handshake(ring.tls(), ring.ca_certificate, "127.0.0.1") is None
    assert handshake(ring.tls(), ring.ca_certificate, "::1") is None


def test_what_a_tls_client_refuses(tmp_path: Path) -> None:
    ring, other = KeyRing(tmp_path / "a"), KeyRing(tmp_path / "b")
    now = datetime.now(UTC)
    old = ring.issue_tls(tmp_path / "old", valid_from=now - timedelta(days=9), valid_to=now - timedelta(days=1))
    early = ring.issue_tls(tmp_path / "early", valid_from=now + timedelta(days=1), valid_to=now + timedelta(days=9))
    host = ring.issue_tls(tmp_path / "host", valid_from=now, valid_to=now + timedelta(days=9), hosts=("tv.example",))
    keys = box(ring)
    for presented, reason in [
        (old, "expired"),
        (early, "not yet valid"),
        (host, "mismatch"),
        (other.tls(), "unable to get local issuer|self-signed"),
        ((keys.card_certificate, keys.card_key), "unsuitable|purpose"),
    ]:
        error = handshake(presented, ring.ca_certificate, "localhost")
        assert error is not None
        assert any(word in str(error) for word in reason.split("|")), (reason, error)


def handshake(server: tuple[Path, Path], authority: Path, host: str) -> ssl.SSLError | None:
    """A TLS handshake in memory; the client's complaint, if any."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*server)
    to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
    ends = [
        ssl.create_default_context(cafile=str(authority)).wrap_bio(to_client, to_server, server_hostname=host),
        context.wrap_bio(to_server, to_client, server_side=True),
    ]
    finished: set[int] = set()
    while len(finished) < 2:
        for number, end in enumerate(ends):
            try:
                end.do_handshake()
            except ssl.SSLWantReadError:
                continue
            except ssl.SSLError as error:
                return error
            finished.add(number)
    return None


def test_a_cards_certificate_names_its_number_and_is_for_cards_only(tmp_path: Path) -> None:
    ring = KeyRing(tmp_path)
    keys = box(ring)
    certificate = load_certificate(keys.card_certificate)
    assert [each.value for each in certificate.subject.get_attributes_for_oid(NameOID.SERIAL_NUMBER)] == [CARD]
    assert list(certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value) == [
        PIV_CARD_AUTHENTICATION
    ]
    certificate.verify_directly_issued_by(load_certificate(ring.ca_certificate))
    assert certificate.public_key() == load_key(keys.card_key).public_key()
    assert load_key(keys.device_key).public_key() != certificate.public_key()
    server = load_certificate(ring.tls()[0])
    assert list(server.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value) == [
        ExtendedKeyUsageOID.SERVER_AUTH
    ]


def test_another_implementation_of_rfc_5280_takes_the_server(tmp_path: Path) -> None:
    ring = KeyRing(tmp_path)
    store = Store([load_certificate(ring.ca_certificate)])
    verifier = PolicyBuilder().store(store).build_server_verifier(x509.DNSName("localhost"))
    assert len(verifier.verify(load_certificate(ring.tls()[0]), [])) == 2


def test_a_server_certificate_near_its_end_is_renewed(tmp_path: Path) -> None:
    start = datetime(2026, 1, 1, tzinfo=UTC)
    certificate = KeyRing(tmp_path, now=lambda: start).tls()[0].read_bytes()
    assert KeyRing(tmp_path, now=lambda: start + timedelta(days=700)).tls()[0].read_bytes() == certificate
    assert KeyRing(tmp_path, now=lambda: start + timedelta(days=800)).tls()[0].read_bytes() != certificate


def test_keys_stay_with_their_chip_id_and_card_number(tmp_path: Path) -> None:
    ring = KeyRing(tmp_path)
    box(ring)
    with pytest.raises(ProvisioningError) as caught:
        ring.box("family", "living-room", chip_id=CHIP, card_number="990099999999")
    assert "990099999999" not in str(caught.value)
    assert "9999" in str(caught.value)


@pytest.mark.parametrize("name", ["", "..", "../x", "a/b", ".lock", "a" * 65])
def test_a_name_cannot_leave_the_folder(tmp_path: Path, name: str) -> None:
    with pytest.raises(ProvisioningError, match="no name"):
        KeyRing(tmp_path).box(name, "box", chip_id=CHIP, card_number=CARD)
    with pytest.raises(ProvisioningError, match="no name"):
        KeyRing(tmp_path).box("family", name, chip_id=CHIP, card_number=CARD)


@pytest.mark.parametrize("name", ["ca.pem", "ca.crt", "family/living-room/card.pem", "family/living-room/box.json"])
def test_a_broken_file_is_named(tmp_path: Path, name: str) -> None:
    box(KeyRing(tmp_path))
    (tmp_path / name).write_text("broken")
    (tmp_path / "family/living-room/card.crt").unlink()
    with pytest.raises(ProvisioningError, match=Path(name).name):
        box(KeyRing(tmp_path))


def test_an_rsa_key_is_refused_by_name(tmp_path: Path) -> None:
    from cryptography.hazmat.primitives.asymmetric import rsa
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    key = rsa.generate_private_key(65537, 2048)
    path = tmp_path / "ca.pem"
    path.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    with pytest.raises(ProvisioningError, match="elliptic-curve"):
        load_key(path)


def test_processes_and_threads_that_come_together_find_the_same_keys(tmp_path: Path) -> None:
    program = (
        "import sys, pathlib; from tools.provisioning import KeyRing; ring = KeyRing(pathlib.Path(sys.argv[1]))\n"
        "keys = ring.box('family', 'living-room', chip_id='0123456789', card_number='990012345678')\n"
        "print(ring.ca_certificate.read_bytes() + keys.card_certificate.read_bytes() + ring.tls()[0].read_bytes())"
    )
    command = [sys.executable, "-c", program, str(tmp_path)]
    processes = [subprocess.Popen(command, stdout=subprocess.PIPE) for _ in range(3)]
    made: list[BoxKeys] = []
    threads = [threading.Thread(target=lambda: made.append(box(KeyRing(tmp_path)))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    answers = {process.communicate(timeout=30)[0] for process in processes}
    assert [process.returncode for process in processes] == [0, 0, 0]
    assert len(answers) == 1
    assert len(set(made)) == 1
    assert not list(tmp_path.rglob("*.new"))
