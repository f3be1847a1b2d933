"""A process for the tests of supervision: ``python -m tests.unit.tools.simulator.server BEHAVIOUR``."""

from __future__ import annotations

import json
import signal
import sys


def main(behaviour: str) -> None:
    if behaviour == "dies":
        sys.exit("no database\nthe port is taken")
    if behaviour == "babbles":
        print("hello", flush=True)  # noqa: T201
    if behaviour == "stubborn":
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    if behaviour in ("listens", "stubborn"):
        print(json.dumps({"listening": ["here", "there"]}), flush=True)  # noqa: T201
    signal.pause()


if __name__ == "__main__":
    main(sys.argv[1])
