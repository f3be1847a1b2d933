"""``python -m smartcard.command``: the same as ``stb-card``."""

from __future__ import annotations

import sys

from smartcard.command.program import main

if __name__ == "__main__":
    sys.exit(main())
