"""``stb-card readers``: what could be named with ``--reader`` on this machine."""

from __future__ import annotations

from dataclasses import dataclass

from smartcard.command.tool import Tool
from smartcard.errors import ReaderError, ReaderUnavailable
from smartcard.pcsc.failures import reader_failure
from smartcard.pcsc.process import Worker, WorkerEnded
from smartcard.pcsc.wire import Operation

LIMIT = 2.0


@dataclass(frozen=True)
class Found:
    """One reader; ``spec`` is what ``--reader`` takes."""

    spec: str
    description: str


def run_readers(tool: Tool, *, as_json: bool) -> int:
    """0; a PC/SC service that is not there is told on stderr."""
    found: list[Found] = []
    try:
        with tool.patience("asking the PC/SC service"):
            found.extend(_pcsc())
    except ReaderError as error:
        tool.note(f"PC/SC: {error.message}")
    found.extend(_serial())
    if as_json:
        tool.document([{"reader": each.spec, "description": each.description} for each in found])
    elif found:
        tool.say(*(f"{each.spec}  ({each.description})" for each in found))
    else:
        tool.say("no reader")
    return 0


def _pcsc() -> list[Found]:
    try:
        worker = Worker()
    except OSError as error:
        raise ReaderUnavailable(f"the worker cannot be started: {error.strerror}") from error
    try:
        code, names = worker.card.ask(Operation.LIST, limit=LIMIT)
    except WorkerEnded as error:
        raise ReaderUnavailable(str(error)) from error
    finally:
        worker.kill()
    if code:
        raise reader_failure(code)
    decoded = [name.decode("utf-8", "replace") for name in names.split(b"\x00") if name]
    return [Found(f"pcsc:{name}", "PC/SC") for name in decoded]


def _serial() -> list[Found]:
    """Serial ports that lead somewhere: those whose driver tells what is behind them, as USB adapters' do."""
    from serial.tools.list_ports import comports

    return [Found(f"serial:{port.device}", port.description) for port in comports() if port.description != "n/a"]
