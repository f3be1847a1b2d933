"""Whom the box trusts: the CAs of one file. Light, since a wrong file is told at start."""

from __future__ import annotations

import ssl
from pathlib import Path

from device.api.errors import ConfigError

_NO_CHECK_TIME = ssl.VerifyFlags(0x200000)
"""X509_V_FLAG_NO_CHECK_TIME, x509_vfy.h; the ssl module has no name for it."""


def client_context(ca: Path) -> ssl.SSLContext:
    """Trusts the CAs in ``ca`` (PEM) and nobody else; checks chain and host always. Dates are checked by
    device.adapters.tls, never by OpenSSL. ConfigError where the file holds no CA."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    try:
        context.load_verify_locations(cafile=str(ca))
    except ssl.SSLError:
        raise ConfigError(f"{ca}: holds no certificate in PEM", remedy="ca: the operator's CA certificate") from None
    except OSError as error:
        raise ConfigError(f"{ca}: the CA certificate cannot be read: {error.strerror}") from None
    if not context.cert_store_stats()["x509_ca"]:
        raise ConfigError(f"{ca}: no certificate in it is a CA's", remedy="ca: the operator's CA certificate")
    context.verify_flags |= _NO_CHECK_TIME
    return context
