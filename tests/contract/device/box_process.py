"""The real service as a process of its own, with a virtual card slot and a clock that a test sets.

``python -m tests.contract.device.box_process --config FILE --card unix:PATH --clock FILE``
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from device.adapters.system_clock import SystemClock
from device.api.errors import ApiError
from device.bootstrap import build, run
from device.config import load_config
from device.log_setup import set_up_logging
from tools.card_sim.vpcd_reader import VpcdReader
from tools.simulator.clock import ClockFile


class SetClock(SystemClock):
    """The kernel's boottime; the wall clock of a file."""

    def __init__(self, file: ClockFile) -> None:
        self._file = file

    def system_time(self) -> float:
        return self._file.now()


def main() -> int:
    parser = argparse.ArgumentParser()
    for name in ("config", "clock"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--card", required=True)
    options = parser.parse_args()
    try:
        config = load_config(options.config)
        set_up_logging(config.log)
        service = build(config, reader=VpcdReader(options.card), clock=SetClock(ClockFile(options.clock)))
    except ApiError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return run(service)


if __name__ == "__main__":
    sys.exit(main())
