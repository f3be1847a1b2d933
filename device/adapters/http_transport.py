"""One requests session to one origin: bounded in time and size, and deaf to the environment.

trust_env is off: REQUESTS_CA_BUNDLE would replace the pinned CA, a netrc the DPoP header, proxies the way. No
redirects, no cookies, no content codings (a small answer that unpacks to gigabytes).
"""

from __future__ import annotations

import http.cookiejar
import socket
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

import requests
from urllib3.exceptions import HTTPError

from device.adapters.tls import PinnedAdapter
from device.domain.service_time import ChainDates
from device.ports.account_service import Unreachable

MAX_ANSWER = 4 * 1024 * 1024
CONNECT_SECONDS = 5.0
READ_SECONDS = 10.0
ANSWER_SECONDS = 20.0
"""For a whole answer: a peer that drips bytes is as good as one that hangs."""

_PIECE = 64 * 1024


@dataclass(frozen=True)
class Reply:
    """``dates``: those of the certificates it came by; None over plain http."""

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)
    dates: ChainDates | None


class Streaming:
    """An answer that goes on; read on one thread, closed from any."""

    def __init__(self, response: requests.Response) -> None:
        self._response = response
        self.status = response.status_code
        self.headers: Mapping[str, str] = response.headers
        self.dates: ChainDates | None = getattr(response.raw, "stb_dates", None)
        self._socket: socket.socket | None = getattr(response.raw, "stb_socket", None)

    def pieces(self) -> Iterator[bytes]:
        """The body as it comes; Unreachable where it breaks off."""
        try:
            while piece := self._response.raw.read1(_PIECE, decode_content=False):
                yield piece
        except (HTTPError, OSError, ValueError) as error:
            raise Unreachable("http", f"the answer broke off: {type(error).__name__}") from error
        finally:
            self._response.close()

    def whole(self) -> bytes:
        """The body within its limits of size and time."""
        deadline = time.monotonic() + ANSWER_SECONDS
        body = bytearray()
        for piece in self.pieces():
            body += piece
            if len(body) > MAX_ANSWER:
                raise Unreachable("http", f"an answer of more than {MAX_ANSWER} bytes")
            if time.monotonic() > deadline:
                raise Unreachable("http", f"an answer that took more than {ANSWER_SECONDS:g} s")
        return bytes(body)

    def close(self) -> None:
        """A reader that waits gets Unreachable."""
        if self._socket is not None:
            try:
                # the kernel's shutdown, not SSLSocket's, which pulls the TLS state from under the reading thread
                socket.socket.shutdown(self._socket, socket.SHUT_RDWR)
            except OSError:
                return  # closed already


class HttpTransport:
    """Requests below ``origin``. Any thread may call. Raises Unreachable, Untrusted. ``read_seconds`` may pass between
    two pieces of an answer."""

    def __init__(
        self, origin: str, adapter: PinnedAdapter, user_agent: str, *, read_seconds: float = READ_SECONDS
    ) -> None:
        self.origin = origin
        self._read_seconds = read_seconds
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.cookies.set_policy(http.cookiejar.DefaultCookiePolicy(allowed_domains=[]))
        self._session.mount("https://", adapter)
        self._session.mount("http://", adapter)
        self._session.headers.clear()
        self._session.headers.update({"User-Agent": user_agent, "Accept-Encoding": "identity"})

    def close(self) -> None:
        """Let the kept connections go."""
        self._session.close()

    def fetch(
        self,
        method: str,
        path: str,
        headers: Mapping[str, str],
        *,
        query: Mapping[str, str] | None = None,
        body: bytes | None = None,
    ) -> Reply:
        """The whole answer."""
        answer = self.stream(method, path, headers, query=query, body=body)
        return Reply(answer.status, answer.headers, answer.whole(), answer.dates)

    def stream(
        self,
        method: str,
        path: str,
        headers: Mapping[str, str],
        *,
        query: Mapping[str, str] | None = None,
        body: bytes | None = None,
        read_seconds: float | None = None,
    ) -> Streaming:
        """The beginning of an answer; ``read_seconds`` instead of the usual ones."""
        url = f"{self.origin}{path}" + (f"?{urlencode(query)}" if query else "")
        try:
            response = self._session.request(
                method,
                url,
                headers=dict(headers),
                data=body,
                timeout=(CONNECT_SECONDS, self._read_seconds if read_seconds is None else read_seconds),
                allow_redirects=False,
                stream=True,
            )
        except (requests.RequestException, HTTPError, OSError, ValueError) as error:
            raise Unreachable("http", f"no answer to {method} {path}: {type(error).__name__}") from error
        return Streaming(response)
