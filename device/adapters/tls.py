"""TLS to the account service: the operator's own CA and nothing else, the host always, the dates by our own time.

OpenSSL is told not to look at dates (X509_V_FLAG_NO_CHECK_TIME), since the box's clock may say anything; every
certificate of the verified chain is held against device.domain.service_time afterwards, before a byte is sent.
"""

from __future__ import annotations

import ssl
from functools import partial
from typing import Any

from cryptography import x509
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import ConnectTimeoutError, NameResolutionError
from urllib3.response import HTTPResponse

from device.domain.service_time import ChainDates, ServiceTime, Verdict
from device.ports.account_service import Unreachable, Untrusted

PROVISIONAL_PATH = "/v1/device/challenge"
"""The one path that may be asked before the certificate's dates are settled: its answer settles them."""


def verified_chain(sock: Any) -> ChainDates:
    """The dates of the chain that OpenSSL verified, root included. Public from Python 3.13 on, `_sslobj`'s before."""
    if hasattr(sock, "get_verified_chain"):
        encoded = sock.get_verified_chain()
    else:
        encoded = [each.public_bytes(2) for each in sock._sslobj.get_verified_chain()]  # 2: _ssl.ENCODING_DER
    chain = [x509.load_der_x509_certificate(each) for each in encoded]
    return ChainDates(
        max(each.not_valid_before_utc.timestamp() for each in chain),
        min(each.not_valid_after_utc.timestamp() for each in chain),
    )


def refuse_dates(verdict: Verdict) -> Untrusted:
    return Untrusted(f"the service's certificate is {verdict.value}", remedy="the operator must renew it")


class PinnedConnection(HTTPSConnection):
    """Errors of making the connection are told by their step; dates are checked before each request, so that a
    connection kept open does not outlive its certificate."""

    def __init__(self, service_time: ServiceTime, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._service_time = service_time
        self.dates: ChainDates | None = None

    def connect(self) -> None:
        try:
            super().connect()
        except ssl.SSLCertVerificationError as error:
            raise Untrusted(f"the service's certificate is not trusted: {error.verify_message}") from error
        except (ssl.SSLError, OSError) as error:
            raise Unreachable("tls", f"no TLS with {self.host}:{self.port}: {error}") from error
        except ConnectTimeoutError as error:
            raise _no_connection(self, error) from error
        self.dates = verified_chain(self.sock)

    def request(self, method: str, url: str, *args: Any, **kwargs: Any) -> None:
        if self.sock is None:
            self.connect()
        if self.dates is None:
            raise Unreachable("tls", "a connection without a certificate")
        verdict = self._service_time.verdict(self.dates)
        if verdict is Verdict.provisional and url == PROVISIONAL_PATH:
            verdict = Verdict.trusted
        if verdict is Verdict.provisional:
            raise Unreachable("tls", "the service has not told the time yet")
        if verdict is not Verdict.trusted:
            raise refuse_dates(verdict)
        super().request(method, url, *args, **kwargs)

    def getresponse(self) -> HTTPResponse:  # type: ignore[override]
        response = super().getresponse()
        _mark(response, self.sock, self.dates)
        return response


class LoopbackConnection(HTTPConnection):
    """Plain http, which the configuration allows to loopback only."""

    def connect(self) -> None:
        try:
            super().connect()
        except ConnectTimeoutError as error:
            raise _no_connection(self, error) from error

    def getresponse(self) -> HTTPResponse:  # type: ignore[override]
        response = super().getresponse()
        _mark(response, self.sock, None)
        return response


def _mark(response: HTTPResponse, sock: Any, dates: ChainDates | None) -> None:
    """What `device.adapters.http_transport` wants to know of the connection that an answer came by."""
    setattr(response, "stb_socket", sock)  # noqa: B010 - no attribute of urllib3's own class
    setattr(response, "stb_dates", dates)  # noqa: B010


def _no_connection(connection: HTTPConnection, error: ConnectTimeoutError) -> Unreachable:
    if isinstance(error, NameResolutionError):
        return Unreachable("dns", f"the name {connection.host} is not known")
    return Unreachable("tcp", f"no connection to {connection.host}:{connection.port}")


class PinnedAdapter(HTTPAdapter):
    """Mounts the two connections above into requests; what requests would add to the trust is left out."""

    def __init__(self, context: ssl.SSLContext | None, service_time: ServiceTime) -> None:
        self._context = context
        self._service_time = service_time
        super().__init__(pool_connections=1, pool_maxsize=8, max_retries=0)

    def init_poolmanager(self, connections: int, maxsize: int, block: bool = False, **pool_kwargs: Any) -> None:
        super().init_poolmanager(connections, maxsize, block, **pool_kwargs)
        pools: dict[str, Any] = {"http": self._http_pool, "https": self._https_pool}
        self.poolmanager.pool_classes_by_scheme = pools

    def _http_pool(self, *args: Any, **kwargs: Any) -> HTTPConnectionPool:
        pool = HTTPConnectionPool(*args, **kwargs)
        pool.ConnectionCls = LoopbackConnection
        return pool

    def _https_pool(self, *args: Any, **kwargs: Any) -> HTTPSConnectionPool:
        pool: Any = HTTPSConnectionPool(*args, **{**kwargs, "ssl_context": self._context, "cert_reqs": None})
        pool.ConnectionCls = partial(PinnedConnection, self._service_time)
        return pool  # type: ignore[no-any-return]

    def cert_verify(self, conn: Any, url: str, verify: Any, cert: Any) -> None:
        """Nothing: the context is complete. requests would add its own bundle of CAs here."""

    def build_connection_pool_key_attributes(self, request: Any, verify: Any, cert: Any = None) -> Any:
        """The host alone: CAs and certificates are the context's, not arguments of a request."""
        host_params, _ = super().build_connection_pool_key_attributes(request, verify, cert)
        return host_params, {}
