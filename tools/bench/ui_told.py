"""``stb-app`` that tells when what happened: JSON lines on standard output. Arguments are those of ``stb-app``.

``{"told": "keys", "at"}`` when it waits for keys with a picture presented, ``"balance"`` when that is on the picture,
``"present"`` each time; ``at`` is CLOCK_MONOTONIC in seconds, which all processes of a machine share.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Sequence
from typing import Any

os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")

from stb_app import bootstrap, command
from stb_app.app import App
from stb_app.companions import Companion, Presented
from stb_app.platform.port import Event
from stb_app.platform.window import WindowPlatform


class TellingPlatform(WindowPlatform):
    """The window that the app opens in any case."""

    _waits = False

    def wait(self, timeout: float | None) -> list[Event]:
        if not self._waits:
            self._waits = True
            tell("keys")
        return super().wait(timeout)


class BalanceSeen(Companion):
    """Looks at each picture until the balance is on it."""

    _seen = False

    def presented(self, picture: Presented, now: float) -> None:  # noqa: ARG002
        tell("present")
        if not self._seen and any(node.id == "balance" and node.value for node in picture.tree().walk()):
            self._seen = True
            tell("balance")


def tell(what: str) -> None:
    sys.stdout.write(json.dumps({"told": what, "at": time.monotonic()}) + "\n")
    sys.stdout.flush()


def main(arguments: Sequence[str]) -> int:
    def built(*given: Any, **named: Any) -> App:
        app = bootstrap.build(*given, **named)
        app.companions.append(BalanceSeen())
        return app

    vars(command).update(WindowPlatform=TellingPlatform, build=built)
    return command.main(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
