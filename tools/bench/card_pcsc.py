"""One APDU over PC/SC: in the worker, through ``CardConnection``, and with pyscard, turn by turn on one card.

Of the rounds' p50 the median counts.
"""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import smartcard
from tools.bench.peers import PYSCARD, PeerMissing, peer_python
from tools.bench.rows import CannotMeasure, Row
from tools.bench.simulated import card_process
from tools.card_sim.pcscd import DRIVER, FIRST_READER, PcscDaemon

COMMAND = bytes.fromhex("00CB3FFF055C035FC10200")
"""GET DATA of a PIV card's CHUID: 61 bytes of answer, hardly any work for the card."""
ROUNDS, TIMES = 60, 60
WORKER_LIMIT, CONNECTION_LIMIT = 1.0, 2.2

_INSIDE = """
import json, sys, time
sys.path.insert(0, sys.argv[1])
from smartcard.pcsc.library import Library
from smartcard.pcsc.wire import Operation
from smartcard.pcsc.worker import Session

session = Session(Library())
assert session.run(Operation.CONNECT, b"\\0" + sys.argv[2].encode())[0] == 0
command, times = bytes.fromhex(sys.argv[3]), int(sys.argv[4])
run = lambda: session.run(Operation.TRANSMIT, command)
"""
_PYSCARD = """
import json, sys, time
from smartcard.System import readers

connection = next(each for each in readers() if str(each) == sys.argv[2]).createConnection()
connection.connect()
command, times = list(bytes.fromhex(sys.argv[3])), int(sys.argv[4])
run = lambda: connection.transmit(command)
"""
_THROUGH = """
import json, sys, time
sys.path.insert(0, sys.argv[1])
from smartcard.pcsc.reader import PcscReader

reader = PcscReader(sys.argv[2])
state = reader.state()
if not state.present:
    assert reader.wait_for_change(state.generation, 10).present
connection = reader.connect()
command, times = bytes.fromhex(sys.argv[3]), int(sys.argv[4])
run = lambda: connection.transmit(command)
"""
_LOOP = """
for _ in sys.stdin:
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        run()
        taken.append(time.perf_counter() - began)
    print(json.dumps(sorted(taken)[times // 2]), flush=True)
"""


def pcsc_rows(*, full: bool) -> list[Row]:
    """CannotMeasure without pcscd, vpcd or pyscard."""
    if shutil.which("pcscd") is None or not Path(DRIVER).exists():
        raise CannotMeasure("PC/SC: needs Debian's pcscd and vsmartcard-vpcd")
    try:
        python = str(peer_python(PYSCARD))
    except PeerMissing as missing:
        raise CannotMeasure(f"PC/SC: {missing}") from missing
    arguments = [str(Path(smartcard.__file__).resolve().parents[1]), FIRST_READER, COMMAND.hex(), str(TIMES)]
    with ExitStack() as stack:
        stack.enter_context(_one_processor())
        daemon = stack.enter_context(_card_in_pcscd())
        ways = {
            name: stack.enter_context(_looping(interpreter, program, arguments, daemon))
            for name, interpreter, program in (
                ("through", [sys.executable, "-I", "-S"], _THROUGH),  # the first: it waits until the card is in
                ("inside", [sys.executable, "-I", "-S"], _INSIDE),
                ("pyscard", [python, "-I"], _PYSCARD),
            )
        }
        seen: dict[str, list[float]] = {name: [] for name in ways}
        for _ in range(ROUNDS * (3 if full else 1)):
            for name, measure in ways.items():
                seen[name].append(measure())
    p50 = {name: statistics.median(values) * 1e6 for name, values in seen.items()}
    reference = f"pyscard {PYSCARD.requirement.partition('==')[2]}, p50"
    return [
        Row("card_pcsc_worker", p50["inside"], "µs", reference, p50["pyscard"], WORKER_LIMIT),
        Row("card_pcsc_connection", p50["through"], "µs", reference, p50["pyscard"], CONNECTION_LIMIT),
    ]


@contextmanager
def _one_processor() -> Iterator[None]:
    """For everything that is started inside: whether a wake-up crosses from one processor to another is the kernel's
    mood of the minute, and half of an APDU's time."""
    allowed = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {max(allowed)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, allowed)


@contextmanager
def _card_in_pcscd() -> Iterator[PcscDaemon]:
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        daemon = PcscDaemon(Path(folder))
        daemon.start()
        try:
            with card_process("--profile", "piv", "--vpcd", f"127.0.0.1:{daemon.port}"):
                yield daemon
        finally:
            daemon.stop()


@contextmanager
def _looping(
    interpreter: list[str], program: str, arguments: list[str], daemon: PcscDaemon
) -> Iterator[Callable[[], float]]:
    """A process that measures a round whenever it is asked: the p50 in seconds."""
    command = [*interpreter, "-c", program + _LOOP, *arguments]
    with ExitStack() as stack:
        process = stack.enter_context(
            subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
                env=daemon.environment,
            )
        )

        def measure() -> float:
            if process.stdin is None or process.stdout is None:
                raise CannotMeasure("PC/SC: a client has no pipes")
            process.stdin.write("\n")
            process.stdin.flush()
            line = process.stdout.readline()
            if not line:
                raise CannotMeasure("PC/SC: a client ended before its time")
            value: float = json.loads(line)
            return value

        try:
            measure()  # the first round warms up, and says that the client is ready
            yield measure
        finally:
            process.terminate()
