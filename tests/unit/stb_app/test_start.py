"""What a start brings in: nothing that the first picture does not need, or the viewer waits for it."""

from __future__ import annotations

import json
import subprocess
import sys

LATER = {"asyncio", "cryptography", "email.message", "http.client", "requests", "segno", "ssl", "urllib.request", "xml"}
"""Modules that take longer to import than a screen to be painted."""


def test_the_first_picture_waits_for_no_library_that_it_does_not_need() -> None:
    program = "import json, sys, stb_app.command; print(json.dumps(sorted(sys.modules)))"
    said = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60
    ).stdout
    found = LATER & set(json.loads(said.splitlines()[-1]))
    assert not found, f"imported before the first picture: {', '.join(sorted(found))}"
