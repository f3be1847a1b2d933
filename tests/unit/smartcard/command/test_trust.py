"""Which certificates an authority's file vouches for."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID, ObjectIdentifier

from smartcard.command.tool import UsageError
from smartcard.command.trust import CARD_AUTHENTICATION, is_trusted, load_authorities

NOW = datetime(2026, 6, 1, tzinfo=UTC)
CARD = ObjectIdentifier(CARD_AUTHENTICATION)


class Party:
    """A key with its certificate; ``issue`` makes another one below it."""

    def __init__(self, name: str, issuer: Party | None = None, *, is_authority: bool = True, **given: object) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        begin, end = given.get("begin", NOW - timedelta(1)), given.get("end", NOW + timedelta(1))
        assert isinstance(begin, datetime) and isinstance(end, datetime)
        builder = (
            x509.CertificateBuilder()
            .subject_name(self.name)
            .issuer_name((issuer or self).name)
            .public_key(self.key.public_key())
            .serial_number(1)
            .not_valid_before(begin)
            .not_valid_after(end)
        )
        if is_authority:
            builder = builder.add_extension(x509.BasicConstraints(True, None), critical=True)
        usage = given.get("usage")
        if isinstance(usage, ObjectIdentifier):
            builder = builder.add_extension(x509.ExtendedKeyUsage([usage]), critical=True)
        self.certificate = builder.sign((issuer or self).key, hashes.SHA256())


@pytest.fixture(scope="module")
def root() -> Party:
    return Party("root")


def card(issuer: Party, **given: object) -> x509.Certificate:
    is_authority = bool(given.pop("is_authority", False))
    return Party("card", issuer, is_authority=is_authority, **{"usage": CARD, **given}).certificate


def test_a_card_of_the_root(root: Party) -> None:
    assert is_trusted(card(root), [root.certificate], NOW)


def test_a_card_of_an_authority_below_the_root(root: Party) -> None:
    middle = Party("middle", root)
    assert is_trusted(card(middle), [root.certificate, middle.certificate], NOW)
    assert not is_trusted(card(middle), [middle.certificate], NOW)
    assert not is_trusted(card(middle), [root.certificate], NOW)


def test_what_is_not_trusted(root: Party) -> None:
    late = {"begin": NOW + timedelta(hours=1)}
    over = {"end": NOW - timedelta(hours=1)}
    for certificate in (
        card(Party("root")),
        card(root, **late),
        card(root, **over),
        card(root, usage=ExtendedKeyUsageOID.SERVER_AUTH),
        card(root, usage=None),
        card(root, is_authority=True),
    ):
        assert not is_trusted(certificate, [root.certificate], NOW)
    assert not is_trusted(card(root), [], NOW)


def test_an_authority_that_is_over_or_none(root: Party) -> None:
    over = Party("root", end=NOW - timedelta(hours=1))
    none = Party("root", is_authority=False)
    for issuer in (over, none):
        assert not is_trusted(card(issuer), [issuer.certificate], NOW)
    first, second = Party("first"), Party("second")
    assert not is_trusted(card(first), [second.certificate, root.certificate], NOW)


def test_the_file(root: Party, tmp_path: Path) -> None:
    file = tmp_path / "ca.crt"
    file.write_bytes(root.certificate.public_bytes(Encoding.PEM) * 2)
    assert load_authorities(file) == [root.certificate] * 2
    for content in (b"", b"no pem", root.certificate.public_bytes(Encoding.DER)):
        file.write_bytes(content)
        with pytest.raises(UsageError, match="no certificate in PEM"):
            load_authorities(file)
    with pytest.raises(UsageError, match="No such file"):
        load_authorities(tmp_path / "none")
