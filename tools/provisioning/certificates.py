"""X.509 certificates of the demonstration (RFC 5280), signed with P-256. Pure: keys and dates come in, certificates go
out."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID, ObjectIdentifier

CardPublicKey = ec.EllipticCurvePublicKey | rsa.RSAPublicKey

ORGANIZATION = "STB demonstration"
PIV_CARD_AUTHENTICATION = ObjectIdentifier("2.16.840.1.101.3.6.8")
"""id-PIV-cardAuth (FIPS 201-2 appendix B; SP 800-73-4): the only key usage of a card's certificate here, so that a
server's certificate is never taken for a card's, nor the reverse."""


@dataclass(frozen=True)
class Validity:
    """Both ends belong to it; times with a zone."""

    begin: datetime
    end: datetime


@dataclass(frozen=True)
class Authority:
    """A CA that can sign."""

    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate


def new_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def issue_authority(key: ec.EllipticCurvePrivateKey, name: str, validity: Validity) -> x509.Certificate:
    """A self-signed root that signs end certificates only (path length 0)."""
    subject = _name(name)
    return (
        _builder(subject, subject, key.public_key(), validity)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(sign_certificates=True), critical=True)
        .sign(key, hashes.SHA256())
    )


def issue_server(
    authority: Authority, public: ec.EllipticCurvePublicKey, hosts: tuple[str, ...], validity: Validity
) -> x509.Certificate:
    """A TLS server's certificate for ``hosts``: names and IP addresses."""
    builder = _leaf(authority, _name(hosts[0]), public, ExtendedKeyUsageOID.SERVER_AUTH, validity)
    names = x509.SubjectAlternativeName([_general_name(host) for host in hosts])
    return builder.add_extension(names, critical=False).sign(authority.key, hashes.SHA256())


def issue_card(authority: Authority, public: CardPublicKey, card_number: str, validity: Validity) -> x509.Certificate:
    """A smart card's certificate: the subject's serialNumber (2.5.4.5) is the card number."""
    subject = x509.Name([*_name("Smart card"), x509.NameAttribute(NameOID.SERIAL_NUMBER, card_number)])
    return _leaf(authority, subject, public, PIV_CARD_AUTHENTICATION, validity).sign(authority.key, hashes.SHA256())


def _leaf(
    authority: Authority,
    subject: x509.Name,
    public: CardPublicKey,
    usage: ObjectIdentifier,
    validity: Validity,
) -> x509.CertificateBuilder:
    issuer = authority.certificate.subject
    issuer_key = x509.AuthorityKeyIdentifier.from_issuer_public_key(authority.key.public_key())
    return (
        _builder(subject, issuer, public, validity)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(sign_certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([usage]), critical=usage is PIV_CARD_AUTHENTICATION)
        .add_extension(issuer_key, critical=False)
    )


def _builder(
    subject: x509.Name, issuer: x509.Name, public: CardPublicKey, validity: Validity
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(validity.begin)
        .not_valid_after(validity.end)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
    )


def _name(common_name: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, ORGANIZATION),
            x509.NameAttribute(NameOID.COMMON_NAME, common_name),
        ]
    )


def _usage(*, sign_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not sign_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=sign_certificates,
        crl_sign=sign_certificates,
        encipher_only=False,
        decipher_only=False,
    )


def _general_name(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host)
