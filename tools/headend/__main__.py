"""``python -m tools.headend``: the account service, and the operator's commands at the same database."""

from __future__ import annotations

import argparse
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from device.api.command_line import OneLineParser
from device.api.errors import ApiError, ConfigError
from device.api.redaction import tail
from tools.headend.clock import SystemClock
from tools.headend.commands import add_commands
from tools.headend.commands.opened import DATABASE_HELP, existing_database
from tools.headend.households import household_names
from tools.headend.identity.records import ACTIVE, REVOKED
from tools.headend.logs import set_up_logging
from tools.headend.operators import operator_names
from tools.headend.storage import entitlements
from tools.headend.storage.registry import Registry

if TYPE_CHECKING:
    from tools.headend.payments import PaymentProvider

SMTP_PASSWORD = "HEADEND_SMTP_PASSWORD"  # noqa: S105 - the name of the variable
SMS_TOKEN = "HEADEND_SMS_TOKEN"  # noqa: S105 - the name of the variable
PAYMENTS_SECRET = "HEADEND_PAYMENTS_SECRET"  # noqa: S105 - the name of the variable


def parser() -> argparse.ArgumentParser:
    """What can be said on the command line."""
    result: argparse.ArgumentParser = OneLineParser(
        prog="python -m tools.headend",
        description="The account service behind all boxes. Brings the schema of its database up to date itself, "
        'prints one JSON line {"listening": [URL]} on stdout once it listens, logs JSON lines on stderr, and ends on '
        "SIGTERM or SIGINT within 3 s with exit code 0. Bad usage: one line on stderr, exit code 2.",
        epilog=f"Households: {', '.join(household_names())}. It also serves /openapi.json, /health and /metrics.",
    )
    result.add_argument("--database", metavar="URL", help=DATABASE_HELP)
    result.add_argument("--host", default="127.0.0.1", help="address to listen on (127.0.0.1)")
    result.add_argument("--port", type=_port, metavar="N", help="port to listen on; 0: any free one")
    result.add_argument("--tls-cert", type=Path, metavar="FILE", help="certificate chain, PEM; without it plain HTTP")
    result.add_argument("--tls-key", type=Path, metavar="FILE", help="its private key, PEM")
    result.add_argument(
        "--seed",
        nargs="+",
        default=[],
        choices=(*household_names(), "all"),
        metavar="HOUSEHOLD",
        help="ready accounts to make where they are not there yet; all: every one",
    )
    result.add_argument(
        "--keys",
        type=Path,
        metavar="DIR",
        help="operator's CA, keys of boxes and cards, the service's secret; default: keys beside the SQLite file",
    )
    result.add_argument("--operator", choices=operator_names(), default="mts", help="whose accounts these are (mts)")
    result.add_argument(
        "--origin",
        type=_origin,
        metavar="URL",
        help="how boxes reach the service (audience, and base of htu), where a relay stands in front; "
        "default: the URL it listens on",
    )
    result.add_argument(
        "--smtp",
        metavar="URL",
        help="mail server: smtp://, smtp+starttls:// or smtps://[USER@]HOST[:PORT]?from=ADDRESS, the password in "
        f"{SMTP_PASSWORD}; without it e-mails are written as files to the folder outbox beside the keys",
    )
    result.add_argument(
        "--sms-gateway",
        metavar="URL",
        help='SMS gateway: http(s)://…, gets POST {"to", "text"}, a bearer token in '
        f"{SMS_TOKEN}; without it SMS are written as files like e-mails",
    )
    result.add_argument(
        "--payments-url",
        metavar="URL",
        help="payment provider: the base URL of YooKassa's API v3 (https://api.yookassa.ru/v3) or of the stand-in; "
        "its webhooks go to /v1/webhooks/yookassa; without it nothing can be paid from the TV",
    )
    result.add_argument("--payments-shop-id", metavar="ID", help="the shop at the payment provider")
    result.add_argument(
        "--payments-secret-file",
        type=Path,
        metavar="FILE",
        help=f"holds the shop's secret key; without it the variable {PAYMENTS_SECRET} does",
    )
    result.add_argument(
        "--cpu",
        type=int,
        metavar="N",
        help="keep to this processor: Python uses one at a time, and moving between two costs a third of the speed; "
        "for many boxes one service a processor, all at one database server",
    )
    commands = result.add_subparsers(dest="command", metavar="COMMAND", title="operator's commands")
    for name, what, help_text in (
        ("revoke-box", "CHIP_ID", "take a box out of service; its sessions end at once"),
        ("restore-box", "CHIP_ID", "put a box back into service"),
        ("revoke-card", "NUMBER", "take a card out of service; its sessions end at once"),
        ("restore-card", "NUMBER", "put a card back into service"),
    ):
        command = commands.add_parser(name, help=help_text, description=help_text)
        command.add_argument("which", metavar=what)
        command.add_argument("--database", metavar="URL", required=True, help=DATABASE_HELP)
    add_commands(commands)
    return result


def main(arguments: Sequence[str] | None = None) -> int:
    """Run; 0 when it ended as asked, 2 for what the user can mend."""
    command_line = parser()
    options = command_line.parse_args(arguments)
    try:
        if "run" in options:
            return int(options.run(options))
        if options.command:
            return _change_state(options.command, options.which, options.database)
        if options.database is None or options.port is None:
            command_line.error("--database and --port are needed")
        if (options.tls_cert is None) != (options.tls_key is None):
            command_line.error("--tls-cert and --tls-key belong together")
        return _serve(options)
    except ApiError as error:
        sys.stderr.write(f"{error}\n")
        return 2


def _serve(options: argparse.Namespace) -> int:
    # the commands of the operator do without all of this, and start in a third of the time
    from tools.headend.bootstrap import Settings, prepare
    from tools.headend.delivery.sms_gateway import SmsGatewayDelivery
    from tools.headend.delivery.smtp import SmtpServer
    from tools.headend.server import Server, Tls, listen, print_listening, run_until_signal, url_of

    if options.cpu is not None:
        _keep_to(options.cpu)
    tls = Tls(options.tls_cert, options.tls_key) if options.tls_cert else None
    settings = Settings(
        options.database,
        options.operator,
        options.keys,
        tuple(options.seed),
        smtp=SmtpServer.parse(options.smtp, os.environ.get(SMTP_PASSWORD, "")) if options.smtp else None,
        sms=SmsGatewayDelivery(options.sms_gateway, os.environ.get(SMS_TOKEN, "")) if options.sms_gateway else None,
        payments=_provider(options),
    )
    prepared = prepare(settings, SystemClock())
    with listen(options.host, options.port) as sock:
        url = url_of(sock, tls)
        service = prepared.build(options.origin or url)
        server = Server(service.app, tls, on_listening=lambda: print_listening(url), on_end=service.services.hub.close)
        service.start()
        try:
            run_until_signal(server, sock)
        finally:
            service.close()
    return 0


def _keep_to(cpu: int) -> None:
    """Run on one processor from now on, every later thread too; ConfigError where it is not this process's."""
    given = sorted(os.sched_getaffinity(0))
    if cpu not in given:
        raise ConfigError(
            f"--cpu {cpu}: no such processor for this process", remedy=f"it has {', '.join(map(str, given))}"
        )
    os.sched_setaffinity(0, {cpu})


def _provider(options: argparse.Namespace) -> PaymentProvider | None:
    from tools.headend.payments.yookassa import YooKassa

    if options.payments_url is None:
        return None
    secret = os.environ.get(PAYMENTS_SECRET, "")
    if options.payments_secret_file is not None:
        try:
            secret = options.payments_secret_file.read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            reason = error.strerror if isinstance(error, OSError) else "not UTF-8"
            raise ConfigError(f"{options.payments_secret_file}: cannot be read: {reason}") from None
    if not options.payments_shop_id or not secret:
        remedy = f"give --payments-shop-id, and the key in --payments-secret-file or {PAYMENTS_SECRET}"
        raise ConfigError("--payments-url needs the shop's id and secret key", remedy=remedy)
    return YooKassa(options.payments_url, options.payments_shop_id, secret)


def _change_state(command: str, which: str, url: str) -> int:
    verb, thing = command.split("-")
    state = REVOKED if verb == "revoke" else ACTIVE
    database = existing_database(url)
    try:
        registry = Registry(database)
        change = registry.set_box_state if thing == "box" else registry.set_card_state
        if not change(which, state):
            raise ConfigError(f"no {thing} {tail(which)} is registered in this database")
        now = SystemClock().now()
        database.write(lambda connection: entitlements.queue_owner(connection, thing, which, now))
    finally:
        database.close()
    return 0


def _end_at_once(_number: int, _frame: object) -> None:
    raise SystemExit(0)


def _port(text: str) -> int:
    if not text.isdigit() or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"expected 0 to 65535, found '{text}'")
    return int(text)


def _origin(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.path not in ("", "/") or "|" in text:
        raise argparse.ArgumentTypeError(f"expected http(s)://HOST[:PORT], found '{text}'")
    return f"{parts.scheme}://{parts.netloc.lower()}"


def entry() -> int:
    """``main`` as a process: JSON log lines, and an end at once where a signal comes before it listens."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _end_at_once)
    set_up_logging()
    return main()


if __name__ == "__main__":
    sys.exit(entry())
