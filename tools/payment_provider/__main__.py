"""``python -m tools.payment_provider``: see ``--help``."""

from __future__ import annotations

import argparse
import logging
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit

from device.api.command_line import OneLineParser
from device.api.errors import ApiError, ConfigError

SECRET = "PAYMENT_PROVIDER_SECRET"  # noqa: S105 - the name of the variable
DEMO_SECRET = "stand-in"  # noqa: S105 - opens nothing but this stand-in


def parser() -> argparse.ArgumentParser:
    """What can be said on the command line."""
    result = OneLineParser(
        prog="python -m tools.payment_provider",
        description="A stand-in for the payment provider: YooKassa's API v3 under /v3, without money. Prints one JSON "
        'line {"listening": [URL]} on stdout once it listens, and ends on SIGTERM or SIGINT within 3 s with exit code '
        "0. Payments are in memory. Bad usage: one line on stderr, exit code 2.",
        epilog="For developers: / shows the payments; POST /control/approve and /control/decline (payment_id, else the "
        "newest open one; reason), /control/lose_answer (count), /control/saved_cards (answer: succeed, decline, "
        "confirm, wait), /control/webhooks (url, sending, times).",
    )
    result.add_argument("--host", default="127.0.0.1", help="address to listen on (127.0.0.1)")
    result.add_argument("--port", type=_port, required=True, metavar="N", help="port to listen on; 0: any free one")
    result.add_argument("--shop-id", default="100500", metavar="ID", help="the one shop that it knows (100500)")
    result.add_argument(
        "--secret-file",
        type=Path,
        metavar="FILE",
        help=f"holds the shop's secret key; without it the variable {SECRET} does, or it is '{DEMO_SECRET}'",
    )
    result.add_argument("--webhook", type=_url, metavar="URL", help="where events are sent, until they are taken")
    result.add_argument("--webhook-ca", type=Path, metavar="FILE", help="CA of that address, PEM")
    return result


def main(arguments: Sequence[str] | None = None) -> int:
    """Run; 0 when it ended as asked, 2 for what the user can mend."""
    options = parser().parse_args(arguments)
    try:
        return _serve(options)
    except ApiError as error:
        sys.stderr.write(f"{error}\n")
        return 2


def _serve(options: argparse.Namespace) -> int:
    from tools.headend.server import listen, print_listening, run_until_signal
    from tools.payment_provider.serving import StandIn

    secret = os.environ.get(SECRET, "") or DEMO_SECRET
    for path in (options.secret_file, options.webhook_ca):
        if path is not None and not path.is_file():
            raise ConfigError(f"{path}: no such file")
    if options.secret_file is not None:
        secret = options.secret_file.read_text(encoding="utf-8").strip()
    with listen(options.host, options.port) as sock:
        stand_in = StandIn(sock, options.shop_id, secret, options.webhook, options.webhook_ca)
        server = stand_in.server(lambda: print_listening(stand_in.url))
        stand_in.notifier.start()
        try:
            run_until_signal(server, sock)
        finally:
            stand_in.notifier.stop()
    return 0


def _end_at_once(_number: int, _frame: object) -> None:
    raise SystemExit(0)


def _port(text: str) -> int:
    if not (text.isascii() and text.isdigit()) or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"expected 0 to 65535, found '{text}'")
    return int(text)


def _url(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise argparse.ArgumentTypeError(f"expected http(s)://HOST[:PORT]/PATH, found '{text}'")
    return text


if __name__ == "__main__":
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _end_at_once)
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING)
    sys.exit(main())
