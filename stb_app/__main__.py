"""``stb-app``: the on-screen account app of a box."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence


def main(argv: Sequence[str] | None = None) -> int:
    # pygame greets on standard output when it is imported, and that belongs to whoever started us
    os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")
    from stb_app.command import main as run

    return run(argv)


if __name__ == "__main__":
    sys.exit(main())
