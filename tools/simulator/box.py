"""The simulated box: the real device service with a virtual card slot and a clock that the simulator sets.

``python -m tools.simulator.box --config FILE --card unix:PATH --clock FILE``. The wiring is the service's own
(device.bootstrap); only the reader and the clock are of this world.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from device.adapters.system_clock import SystemClock
from device.api.errors import ApiError
from device.bootstrap import build, run
from device.config import Config, load_config
from device.log_setup import set_up_logging
from smartcard.errors import ReaderError
from smartcard.reader import CardReader
from smartcard.readers import open_reader
from tools.card_sim.vpcd_reader import VpcdReader
from tools.simulator.clock import ClockFile


class BoxClock(SystemClock):
    """The machine's clock for durations, the simulator's for what time it is."""

    def __init__(self, file: ClockFile) -> None:
        self._file = file

    def system_time(self) -> float:
        return self._file.now()


def main(argv: Sequence[str] | None = None) -> int:
    """Exit status of stb-device: 0 after a signal, 2 with one line on stderr where it cannot run."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.simulator.box",
        description="The device service of a simulated box: stb-device with a virtual card slot and a clock that can"
        " be set. Prints one JSON line once it listens; SIGTERM and SIGINT end it.",
        allow_abbrev=False,
    )
    parser.add_argument("--config", required=True, type=Path, metavar="FILE", help="as stb-device takes it")
    parser.add_argument(
        "--card",
        metavar="unix:PATH|HOST:PORT",
        help="where the slot is: a simulated card connects; without it the reader of the configuration is used",
    )
    parser.add_argument(
        "--clock", required=True, type=Path, metavar="FILE", help="the box's wall clock; not there: the machine's time"
    )
    options = parser.parse_args(argv)
    try:
        config = load_config(options.config)
        set_up_logging(config.log)
        service = build(config, reader=_reader(options.card, config), clock=BoxClock(ClockFile(options.clock)))
    except (ApiError, ReaderError, ValueError) as error:
        sys.stderr.write(f"box: {error}\n")
        return 2
    return run(service)


def _reader(slot: str | None, config: Config) -> CardReader:
    return VpcdReader(slot) if slot else open_reader(config.reader)


if __name__ == "__main__":
    sys.exit(main())
