"""The worker process and its watchdog; none of these needs pcscd."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from device.api.waiting import wait_until
from smartcard.errors import CardError, ReaderError, ReaderGone, ReaderUnavailable
from smartcard.pcsc import wire
from smartcard.pcsc.failures import failure, reader_failure
from smartcard.pcsc.process import Worker, WorkerEnded
from smartcard.pcsc.wire import Operation, Result
from smartcard.pcsc.worker import serve
from smartcard.readers import open_reader


def ended(pid: int) -> bool:
    """No process of that id, or one that only waits to be collected."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] in ("Z", "X")
    except FileNotFoundError:
        return True


def test_a_worker_that_does_not_answer_is_ended() -> None:
    worker = Worker()
    os.kill(worker.pid, signal.SIGSTOP)
    waiting = threading.Thread(target=_expect_end, args=(worker,))
    waiting.start()
    began = time.monotonic()
    with pytest.raises(WorkerEnded, match=r"LIST took longer than 0\.2 s") as caught:
        worker.monitor.ask(Operation.LIST, limit=0.2)
    assert caught.value.hung
    waiting.join(10)
    assert time.monotonic() - began < 8
    assert ended(worker.pid)
    _expect_end(worker)
    worker.kill()


def _expect_end(worker: Worker) -> None:
    """The other channel is over too, whether it was waiting or not."""
    with pytest.raises(WorkerEnded) as caught:
        worker.card.ask(Operation.LIST, limit=30)
    assert not caught.value.hung


def test_a_worker_does_not_outlive_a_process_that_is_killed() -> None:
    program = "from smartcard.pcsc.process import Worker; print(Worker().pid, flush=True); input()"
    with subprocess.Popen([sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        assert not ended(pid)
        parent.kill()
    wait_until(lambda: ended(pid), limit=5, what="the worker's end")


def test_without_pcscd_the_reader_says_so_and_goes_on_trying(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PCSCLITE_CSOCK_NAME", str(tmp_path / "nobody"))
    with open_reader("pcsc:") as reader:
        with pytest.raises(ReaderError, match=r"start pcscd|not installed"):
            reader.state()
        with pytest.raises(ReaderError):
            reader.connect()
        with pytest.raises(ReaderError):
            reader.wait_for_change(0, 60)


def test_without_the_library_every_call_says_so() -> None:
    ours, theirs = socket.socketpair()
    thread = threading.Thread(target=serve, args=(theirs, None))
    thread.start()
    with ours:
        wire.send(ours, Operation.LIST, b"")
        code, _ = wire.receive(ours)
    thread.join(5)
    assert code == Result.NO_LIBRARY
    assert isinstance(failure(code), ReaderUnavailable)


@pytest.mark.parametrize("spec", ["", "pcsc", "usb:", "serial:", "NAME"])
def test_what_names_no_reader(spec: str) -> None:
    with pytest.raises(ValueError, match="known: pcsc:NAME"):
        open_reader(spec)


@settings(deadline=None)
@given(st.integers(1, 0xFFFFFFFF) | st.sampled_from([each for each in Result if each]))
def test_every_return_code_is_a_typed_error_with_its_number(code: int) -> None:
    error = failure(code)
    assert isinstance(error, ReaderError | CardError)
    assert f"{code:08X}" in error.message
    assert isinstance(reader_failure(code), ReaderError)


def test_a_return_code_that_is_not_known_is_the_readers_fault() -> None:
    assert type(failure(0x80100001)) is ReaderGone


@settings(deadline=None)
@given(st.binary(max_size=64))
def test_any_bytes_on_the_line(data: bytes) -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.sendall(data)
        theirs.shutdown(socket.SHUT_WR)
        try:
            code, payload = wire.receive(ours)
        except (EOFError, ValueError):
            return
        assert data.startswith((len(payload) + 4).to_bytes(4, "little") + code.to_bytes(4, "little") + payload)
