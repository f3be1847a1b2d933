"""Runs a module as ``python -m`` does, in a process that dies with its parent, whatever kills the parent.

``python -m tools.simulator.child PARENT_PID MODULE [ARG...]``. The parent's thread that started it must live as long
as the parent: Linux sends the signal when that thread ends (prctl(2), PR_SET_PDEATHSIG).
"""

from __future__ import annotations

import ctypes
import os
import runpy
import signal
import sys

from stb_app.stopping import SIGNALS

_PR_SET_PDEATHSIG = 1


def main(arguments: list[str]) -> None:
    parent, module, *rest = arguments
    if ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL) != 0:
        raise OSError(ctypes.get_errno(), "prctl(PR_SET_PDEATHSIG)")
    if os.getppid() != int(parent):  # it died before the wish was known
        os.kill(os.getpid(), signal.SIGKILL)
    # the simulator waits for these in a thread of its own and blocks them; that is inherited
    signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)
    sys.argv = [module, *rest]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main(sys.argv[1:])
