"""The log stays small, clean and quiet about itself; the table has a handler for each method; workers end."""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from device.api.methods import METHODS
from device.bootstrap import build
from device.config import LogConfig, load_config
from device.lazily import Lazily
from device.log_setup import set_up_logging
from device.workers import Workers
from tests.unit.device.support import LoopThread, SetClock
from tools.card_sim.vpcd_reader import VpcdReader


@pytest.fixture
def root_logger() -> Iterator[logging.Logger]:
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield root
    logging.captureWarnings(False)
    for handler in tuple(root.handlers):
        root.removeHandler(handler)
        if handler not in handlers:
            handler.close()
    for handler in handlers:
        root.addHandler(handler)
    root.setLevel(level)


def test_the_log_is_capped_and_redacted(tmp_path: Path, root_logger: logging.Logger) -> None:
    set_up_logging(LogConfig(tmp_path / "logs" / "d.log", max_bytes=4096, backups=1))
    for _ in range(500):
        root_logger.info("card 410273345801 token eyJhbGciOiJFUzI1NiJ9.eyJhIjoxfQ.c2ln pin=4711")
    files = sorted((tmp_path / "logs").iterdir())
    assert [file.name for file in files] == ["d.log", "d.log.1"]
    assert sum(file.stat().st_size for file in files) <= 2 * 4096
    text = files[0].read_text()
    assert "…5801" in text
    for secret in ("410273345801", "eyJ", "4711"):
        assert secret not in text


def test_a_log_that_cannot_be_written_is_said_once(
    tmp_path: Path, root_logger: logging.Logger, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "d.log").mkdir()
    set_up_logging(LogConfig(tmp_path / "d.log", max_bytes=4096, backups=1))
    for _ in range(5):
        root_logger.error("nobody reads this")
    assert capsys.readouterr().err.count("cannot be written") == 1
    (tmp_path / "file").touch()
    set_up_logging(LogConfig(tmp_path / "file" / "d.log", max_bytes=4096, backups=1))
    root_logger.error("on standard error then")
    told = capsys.readouterr().err
    assert "cannot be made" in told and "on standard error then" in told


def test_every_method_of_the_table_is_wired(tmp_path: Path) -> None:
    """RpcServer refuses a table and handlers that differ, so wiring is the test."""
    path = tmp_path / "d.yaml"
    path.write_text(
        "service: http://127.0.0.1:1\nsocket: d.sock\nstate: s\ndevice_key: k\nreader: 'pcsc:'\n"
        f"roles: {{{os.getuid()}: viewer}}\nmodel: M\nmanufacturer: X\nidentity_root: .\n"
    )
    reader = VpcdReader(f"unix:{tmp_path / 'c.sock'}")
    service = build(load_config(path), reader=reader, clock=SetClock())
    thread = LoopThread()
    parts = thread.call(service._wire)
    assert {method.name for method in METHODS} == set(parts.server._handlers)
    thread.run(parts.keeper.stop())
    for workers in parts.workers:
        workers.stop()
    thread.close()
    reader.close()


def test_workers_hand_over_results_and_errors_and_cancel_what_waits() -> None:
    workers = Workers("test", 1)
    begun, held = threading.Event(), threading.Event()

    def fail() -> None:
        raise ZeroDivisionError

    def work() -> bool:
        begun.set()
        return held.wait(5)

    assert workers.submit(pow, 2, exp=3).result(5) == 8
    with pytest.raises(ZeroDivisionError):
        workers.submit(fail).result(5)
    busy = workers.submit(work)
    assert begun.wait(5)
    waiting = workers.submit(fail)
    workers.stop()
    assert waiting.cancelled()
    held.set()
    assert busy.result(5) is True


def test_lazily_makes_once_and_tries_again_after_a_failure() -> None:
    made: list[int] = []

    def make() -> int:
        made.append(1)
        if len(made) == 1:
            raise OSError("not yet")
        return len(made)

    lazy = Lazily(make)
    with pytest.raises(OSError, match="not yet"):
        lazy()
    results: list[int] = []
    threads = [threading.Thread(target=lambda: results.append(lazy())) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(5)
    assert results == [2] * 8 and len(made) == 2
