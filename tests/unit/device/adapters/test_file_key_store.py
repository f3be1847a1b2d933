"""The device key in a file: what is taken, what is refused, and signatures that a second implementation verifies."""

from __future__ import annotations

import base64
import hashlib
import json
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from device.adapters.file_key_store import FileKeyStore
from device.ports.key_store import KeyUnusable


def write_key(path: Path, key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey, mode: int = 0o600) -> Path:
    path.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    path.chmod(mode)
    return path


def unpadded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def test_signs_es256_with_exactly_the_types_it_is_told(tmp_path: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    store = FileKeyStore(write_key(tmp_path / "k.pem", key))
    for typ, show_key in (("stb-assertion+jwt", False), ("dpop+jwt", True)):
        head, body, signature = store.sign_jwt(typ, {"a": 1}, show_key=show_key).split(".")
        header = json.loads(unpadded(head))
        assert (header["typ"], header["alg"], json.loads(unpadded(body))) == (typ, "ES256", {"a": 1})
        raw = unpadded(signature)
        der = encode_dss_signature(int.from_bytes(raw[:32]), int.from_bytes(raw[32:]))
        key.public_key().verify(der, f"{head}.{body}".encode(), ec.ECDSA(hashes.SHA256()))
        assert set(header) == ({"typ", "alg", "jwk"} if show_key else {"typ", "alg"})
        if show_key:
            assert set(header["jwk"]) - {"kid"} == {"kty", "crv", "x", "y"}, "nothing private"


def test_the_thumbprint_is_that_of_rfc_7638(tmp_path: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    point = key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    x, y = (base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in (point[1:33], point[33:]))
    canonical = f'{{"crv":"P-256","kty":"EC","x":"{x}","y":"{y}"}}'.encode()
    expected = base64.urlsafe_b64encode(hashlib.sha256(canonical).digest()).rstrip(b"=").decode()
    assert FileKeyStore(write_key(tmp_path / "k.pem", key)).thumbprint() == expected


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644, 0o660, 0o601])
def test_a_file_open_to_others_is_refused_with_its_mend(tmp_path: Path, mode: int) -> None:
    path = write_key(tmp_path / "k.pem", ec.generate_private_key(ec.SECP256R1()), mode)
    with pytest.raises(KeyUnusable) as raised:
        FileKeyStore(path).thumbprint()
    assert f"{mode:04o}" in raised.value.message and raised.value.remedy == f"chmod 600 {path}"


def test_what_is_no_p256_key_is_refused_without_telling_it(tmp_path: Path) -> None:
    write_key(tmp_path / "p384.pem", ec.generate_private_key(ec.SECP384R1()))
    write_key(tmp_path / "rsa.pem", rsa.generate_private_key(65537, 2048))
    public = ec.generate_private_key(ec.SECP256R1()).public_key()
    (tmp_path / "public.pem").write_bytes(public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    (tmp_path / "noise.pem").write_bytes(b"secret noise \xff")
    (tmp_path / "empty.pem").touch()
    (tmp_path / "folder.pem").mkdir()
    for path in [*tmp_path.iterdir(), tmp_path / "none.pem"]:
        if path.is_file():
            path.chmod(0o600)
        with pytest.raises(KeyUnusable) as raised:
            FileKeyStore(path).thumbprint()
        assert path.name in raised.value.message and "secret" not in str(raised.value)


def test_a_key_that_is_put_right_is_taken_without_a_restart(tmp_path: Path) -> None:
    path = write_key(tmp_path / "k.pem", ec.generate_private_key(ec.SECP256R1()), 0o644)
    store = FileKeyStore(path)
    with pytest.raises(KeyUnusable):
        store.thumbprint()
    path.chmod(0o600)
    assert store.thumbprint()
