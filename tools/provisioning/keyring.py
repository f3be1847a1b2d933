"""A folder with the keys of one demonstration operator, made at first use.

``FOLDER/ca.crt ca.pem tls.crt tls.key`` and ``FOLDER/HOUSEHOLD/BOX/device.pem card.pem card.crt box.json``. Several
processes may use one folder at once: whoever comes first makes a thing, under a file lock, and everybody else finds
it whole.
"""

from __future__ import annotations

import fcntl
import json
import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from device.api.errors import ApiError
from device.api.redaction import tail
from tools.provisioning.certificates import (
    Authority,
    Validity,
    issue_authority,
    issue_card,
    issue_server,
    new_key,
)

HOSTS = ("localhost", "127.0.0.1", "::1")
BACKDATED = timedelta(days=1)
AUTHORITY_LIFE = timedelta(days=20 * 365)
CARD_LIFE = timedelta(days=10 * 365)
TLS_LIFE = timedelta(days=825)
RENEWED_BEFORE_END = timedelta(days=30)

_FOLDER_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


class ProvisioningError(ApiError):
    """The key folder cannot give what was asked for."""

    code = "provisioning"


@dataclass(frozen=True)
class BoxKeys:
    """Where the keys of one box and its card lie (PEM)."""

    device_key: Path
    card_key: Path
    card_certificate: Path

    def load_card_key(self) -> ec.EllipticCurvePrivateKey:
        return load_key(self.card_key)

    def load_card_certificate(self) -> x509.Certificate:
        return load_certificate(self.card_certificate)


@dataclass(frozen=True)
class RsaCardKeys:
    """Where key and certificate of a card with an RSA-2048 key lie (PEM)."""

    card_key: Path
    card_certificate: Path

    def load_card_key(self) -> rsa.RSAPrivateKey:
        key = _load_private(self.card_key)
        if not isinstance(key, rsa.RSAPrivateKey):
            raise ProvisioningError(f"{self.card_key}: not an RSA key", remedy="remove it; it is made anew")
        return key

    def load_card_certificate(self) -> x509.Certificate:
        return load_certificate(self.card_certificate)


class KeyRing:
    """The keys under ``folder``; ``now`` is the clock by which certificates are dated."""

    def __init__(self, folder: Path, *, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self.folder = folder
        self._now = now

    @property
    def ca_certificate(self) -> Path:
        """``ca.crt``, the operator's root that boxes trust; made with its key ``ca.pem`` where it is not there."""
        with self._locked():
            self._authority()
        return self.folder / "ca.crt"

    def tls(self) -> tuple[Path, Path]:
        """Certificate and key of a server on this machine's loopback; a new one where it ends within 30 days."""
        certificate, key = self.folder / "tls.crt", self.folder / "tls.key"
        with self._locked():
            authority = self._authority()
            usable = certificate.exists() and key.exists()
            if not usable or load_certificate(certificate).not_valid_after_utc < self._now() + RENEWED_BEFORE_END:
                self._issue_tls(authority, certificate, key, HOSTS, self._validity(TLS_LIFE))
        return certificate, key

    def issue_tls(
        self, folder: Path, *, valid_from: datetime, valid_to: datetime, hosts: tuple[str, ...] = HOSTS
    ) -> tuple[Path, Path]:
        """The same with dates and hosts of the caller's choice, in his own folder: for tests of what is refused."""
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        certificate, key = folder / "tls.crt", folder / "tls.key"
        with self._locked():
            self._issue_tls(self._authority(), certificate, key, hosts, Validity(valid_from, valid_to))
        return certificate, key

    def box(self, household: str, box: str, *, chip_id: str, card_number: str) -> BoxKeys:
        """Device key, card key and card certificate of one box.

        ProvisioningError where the folder holds those of another Chip ID or card number under the same names.
        """
        folder = self._box_folder(household, box)
        keys = BoxKeys(folder / "device.pem", folder / "card.pem", folder / "card.crt")
        with self._locked():
            authority = self._authority()
            _make_folder(folder)
            self._claim(folder / "box.json", chip_id, card_number)
            if not keys.device_key.exists():
                _write_key(keys.device_key, new_key())
            if not keys.card_key.exists():
                _write_key(keys.card_key, new_key())
            if not keys.card_certificate.exists():
                public = load_key(keys.card_key).public_key()
                certificate = issue_card(authority, public, card_number, self._validity(CARD_LIFE))
                _write(keys.card_certificate, certificate.public_bytes(Encoding.PEM), 0o644)
        return keys

    def rsa_card(self, household: str, box: str, *, chip_id: str, card_number: str) -> RsaCardKeys:
        """A card with an RSA-2048 key in place of ``box``'s: for readers and clients, not for a sign-in.

        ProvisioningError as ``box``.
        """
        folder = self._box_folder(household, box)
        keys = RsaCardKeys(folder / "card.pem", folder / "card.crt")
        with self._locked():
            authority = self._authority()
            _make_folder(folder)
            self._claim(folder / "box.json", chip_id, card_number)
            if not keys.card_key.exists():
                _write_key(keys.card_key, rsa.generate_private_key(65537, 2048))
            if not keys.card_certificate.exists():
                public = keys.load_card_key().public_key()
                certificate = issue_card(authority, public, card_number, self._validity(CARD_LIFE))
                _write(keys.card_certificate, certificate.public_bytes(Encoding.PEM), 0o644)
        return keys

    def _box_folder(self, household: str, box: str) -> Path:
        for name in (household, box):
            if not _FOLDER_NAME.fullmatch(name):
                raise ProvisioningError(f"'{name}' is no name of a household or box")
        return self.folder / household / box

    def _claim(self, path: Path, chip_id: str, card_number: str) -> None:
        """Keys are of one Chip ID and card number for good: a changed household must not get old keys silently."""
        mine = {"chip_id": chip_id, "card_number": card_number}
        if not path.exists():
            _write(path, (json.dumps(mine) + "\n").encode(), 0o600)
        elif _read_json(path) != mine:
            raise ProvisioningError(
                f"{path.parent} holds keys of another box or card than {tail(chip_id)} with {tail(card_number)}",
                remedy=f"remove {path.parent}, or use another key folder",
            )

    def _authority(self) -> Authority:
        key_path, certificate_path = self.folder / "ca.pem", self.folder / "ca.crt"
        if not key_path.exists():
            _write_key(key_path, new_key())
        key = load_key(key_path)
        if not certificate_path.exists():
            certificate = issue_authority(key, "STB demonstration operator CA", self._validity(AUTHORITY_LIFE))
            _write(certificate_path, certificate.public_bytes(Encoding.PEM), 0o644)
        return Authority(key, load_certificate(certificate_path))

    def _issue_tls(
        self, authority: Authority, certificate: Path, key: Path, hosts: tuple[str, ...], validity: Validity
    ) -> None:
        private = new_key()
        issued = issue_server(authority, private.public_key(), hosts, validity)
        _write_key(key, private)
        _write(certificate, issued.public_bytes(Encoding.PEM), 0o644)

    def _validity(self, life: timedelta) -> Validity:
        begin = self._now() - BACKDATED
        return Validity(begin, begin + life)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(self.folder / ".lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)


def load_key(path: Path) -> ec.EllipticCurvePrivateKey:
    """An EC private key (PEM, not encrypted); ProvisioningError where the file is none."""
    key = _load_private(path)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise ProvisioningError(f"{path}: not an elliptic-curve key", remedy="remove it; it is made anew")
    return key


def _load_private(path: Path) -> PrivateKeyTypes:
    try:
        return load_pem_private_key(path.read_bytes(), None)
    except (ValueError, TypeError) as error:
        raise ProvisioningError(f"{path}: no private key in PEM", remedy="remove it; it is made anew") from error


def load_certificate(path: Path) -> x509.Certificate:
    """A certificate (PEM); ProvisioningError where the file is none."""
    try:
        return x509.load_pem_x509_certificate(path.read_bytes())
    except ValueError as error:
        raise ProvisioningError(f"{path}: no certificate in PEM", remedy="remove it; it is made anew") from error


def _read_json(path: Path) -> object:
    try:
        document: object = json.loads(path.read_bytes())
    except ValueError as error:
        raise ProvisioningError(f"{path}: not JSON", remedy=f"remove {path.parent}") from error
    return document


def _make_folder(folder: Path) -> None:
    for each in (folder.parent, folder):
        each.mkdir(exist_ok=True, mode=0o700)


def _write_key(path: Path, key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey) -> None:
    _write(path, key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()), 0o600)


def _write(path: Path, data: bytes, mode: int) -> None:
    """The whole file or none: a process that is killed leaves no half key behind."""
    temporary = path.with_name(f".{path.name}.new")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, mode)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)
