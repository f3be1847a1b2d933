"""SIGTERM and Ctrl-C end the app: a thread of its own waits for them, so that no handler runs inside SDL's wait."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable

SIGNALS = frozenset({signal.SIGTERM, signal.SIGINT})


def block_signals() -> None:
    """Call before the first thread starts, so that all threads inherit it."""
    signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)


def stop_on_signals(stop: Callable[[], None]) -> None:
    """From now on the first signal calls ``stop``, in the waiting thread."""

    def wait() -> None:
        signal.sigwait(SIGNALS)
        stop()

    threading.Thread(target=wait, name="signals", daemon=True).start()
