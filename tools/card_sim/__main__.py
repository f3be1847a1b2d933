"""``python -m tools.card_sim``: the simulated card from a shell."""

from __future__ import annotations

import json
import signal
import sys
import tempfile
import threading
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from device.api.errors import ApiError
from smartcard.errors import ReaderError
from tools.card_sim.cli import parser
from tools.card_sim.faces import faces
from tools.provisioning import KeyRing


def main(argv: Sequence[str] | None = None) -> int:
    """0 after a signal; 2, with one line on stderr, where the card cannot be made or put in."""
    options = parser().parse_args(argv)
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    with ExitStack() as stack:
        folder = options.keys or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="card-sim-")))
        try:
            places = faces(options, KeyRing(folder), stack.callback)
        except (ApiError, ReaderError) as error:
            return _refuse(str(error))
        except OSError as error:
            return _refuse(f"{error.filename or folder}: {error.strerror}")
        print(json.dumps({"listening": places}), flush=True)
        ended.wait()
    return 0


def _refuse(why: str) -> int:
    print(f"python -m tools.card_sim: {why}", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main())
