"""``stb-device --config FILE``: the companion service of the box."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from device.adapters.system_clock import SystemClock
from device.api.command_line import OneLineParser
from device.api.errors import ApiError, ConfigError
from device.bootstrap import build, run
from device.config import EXAMPLE, Config, load_config
from device.log_setup import set_up_logging
from smartcard.reader import CardReader
from smartcard.readers import open_reader

_EPILOG = f"""\
The configuration is YAML; relative paths in it begin at its own folder:

{EXAMPLE}
Prints one JSON line {{"listening": [SOCKET]}} once the local API answers, and READY=1 to systemd where NOTIFY_SOCKET
is set (Type=notify). Runs until SIGTERM or SIGINT, then ends within 3 s with exit code 0. One service a socket: a
second one names the process that holds SOCKET.lock and ends with exit code 2, as for a configuration, a CA file or a
socket that cannot be used. Without network, card, reader or writable state it runs on and says so in session.status.
"""


def main(arguments: Sequence[str] | None = None) -> int:
    parser = OneLineParser(
        prog="stb-device",
        description="The companion service of a set-top box: signs the box in with Chip ID and smart card, and gives"
        " the on-screen app its account through a local socket (JSON-RPC 2.0).",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--config", required=True, type=Path, metavar="FILE", help="the service's configuration, YAML")
    options = parser.parse_args(arguments)
    try:
        config = load_config(options.config)
        set_up_logging(config.log)
        service = build(config, reader=_reader(config), clock=SystemClock())
    except ApiError as error:
        sys.stderr.write(f"stb-device: {error}\n")
        return 2
    return run(service)


def _reader(config: Config) -> CardReader:
    try:
        return open_reader(config.reader)
    except ValueError as error:
        raise ConfigError(f"{config.path}: reader: {error}") from None


if __name__ == "__main__":
    sys.exit(main())
