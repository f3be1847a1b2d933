"""From the command line to the command; every way out has its exit status, and none is a traceback."""

from __future__ import annotations

import logging
import os
import sys
from argparse import Namespace
from collections.abc import Sequence

from smartcard.command.cli import build_parser
from smartcard.command.tool import Tool, UsageError
from smartcard.errors import SmartCardError

FAILED, BAD_USAGE, INTERRUPTED = 1, 2, 130


def main(arguments: Sequence[str] | None = None, tool: Tool | None = None) -> int:
    """Run one command of ``tool``; 0 done, 1 reader or card failed or it does not hold, 2 bad usage."""
    tool = tool or Tool()
    logging.getLogger("smartcard").addHandler(logging.NullHandler())  # what a person has to know is an error of ours
    options = build_parser(tool.program, tool.readers).parse_args(arguments)
    try:
        return _run(tool, options)
    except UsageError as error:
        tool.note(str(error))
        return BAD_USAGE
    except SmartCardError as error:
        tool.note(error.message)
        return FAILED
    except BrokenPipeError:  # whoever read our output has enough; what is still buffered must not be tried again
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    except KeyboardInterrupt:
        return INTERRUPTED


def _run(tool: Tool, options: Namespace) -> int:
    """Each command is loaded when it is asked for: ``atr`` needs neither cryptography nor a reader."""
    as_json: bool = options.json
    reader: str = options.reader
    if options.command == "atr":
        from smartcard.command.answer_to_reset import run_atr

        return run_atr(tool, options.hex, reader, as_json=as_json)
    if options.command == "readers":
        from smartcard.command.listing import run_readers

        return run_readers(tool, as_json=as_json)
    if options.command == "info":
        from smartcard.command.identity import run_info

        return run_info(tool, reader, as_json=as_json)
    if options.command == "prove":
        from smartcard.command.identity import run_prove

        return run_prove(tool, reader, options.ca, as_json=as_json)
    from smartcard.command.exchange import run_apdu, run_trace

    run = run_apdu if options.command == "apdu" else run_trace
    return run(tool, reader, options.hex, as_json=as_json, raw=options.raw)
