"""E-mail by SMTP (RFC 5321), over TLS where the URL says so."""

from __future__ import annotations

import smtplib
import ssl
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from urllib.parse import unquote, urlsplit

from device.api.errors import ConfigError
from tools.headend.delivery import Delivery, DeliveryFailed, Message

TIMEOUT_S = 10.0
_PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}


@dataclass(frozen=True, slots=True)
class SmtpServer:
    """``scheme``: smtp, smtp+starttls (RFC 3207) or smtps (RFC 8314); ``sender``: the address in From."""

    scheme: str
    host: str
    port: int
    user: str
    password: str = field(repr=False)
    sender: str

    @classmethod
    def parse(cls, url: str, password: str = "") -> SmtpServer:
        """From ``smtp[s|+starttls]://[USER[:PASSWORD]@]HOST[:PORT]?from=ADDRESS``; ``password`` where the URL has none.
        ConfigError."""
        expected = "expected smtp://, smtp+starttls:// or smtps://[USER@]HOST[:PORT]?from=ADDRESS"
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError:
            raise ConfigError("the mail server's URL cannot be read", remedy=expected) from None
        key, _, sender = parts.query.partition("=")
        if parts.scheme not in _PORTS or not parts.hostname or key != "from" or "@" not in sender:
            raise ConfigError("the mail server's URL cannot be used", remedy=expected)
        return cls(
            parts.scheme,
            parts.hostname,
            port or _PORTS[parts.scheme],
            unquote(parts.username or ""),
            unquote(parts.password or "") or password,
            unquote(sender),
        )


class SmtpDelivery(Delivery):
    """One connection a message."""

    def __init__(self, server: SmtpServer, tls: ssl.SSLContext | None = None) -> None:
        self._server = server
        self._tls = tls or ssl.create_default_context()

    def send(self, message: Message) -> None:
        mail = EmailMessage()
        mail["From"] = self._server.sender
        mail["To"] = message.target
        mail["Subject"] = message.subject
        mail["Date"] = formatdate()
        domain = self._server.sender.rpartition("@")[2]
        mail["Message-ID"] = f"<{message.id}@{domain}>" if message.id else make_msgid(domain=domain)
        mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office answers
        mail.set_content(message.text)
        try:
            with self._connected() as connection:
                connection.send_message(mail)
        except smtplib.SMTPRecipientsRefused as error:
            codes = [code for code, _ in error.recipients.values()]
            raise DeliveryFailed(f"the mail server refused the recipient: {codes}", final=min(codes) >= 500) from None
        except smtplib.SMTPResponseException as error:
            raise DeliveryFailed(
                f"the mail server answered {error.smtp_code}", final=500 <= error.smtp_code < 600
            ) from None
        except (smtplib.SMTPException, OSError) as error:
            raise DeliveryFailed(f"the mail server cannot be reached: {type(error).__name__}") from None

    def _connected(self) -> smtplib.SMTP:
        server = self._server
        if server.scheme == "smtps":
            connection: smtplib.SMTP = smtplib.SMTP_SSL(server.host, server.port, timeout=TIMEOUT_S, context=self._tls)
        else:
            connection = smtplib.SMTP(server.host, server.port, timeout=TIMEOUT_S)
        try:
            if server.scheme == "smtp+starttls":
                connection.starttls(context=self._tls)
            if server.user:
                connection.login(server.user, server.password)
        except BaseException:
            connection.close()
            raise
        return connection
