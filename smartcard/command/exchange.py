"""``stb-card apdu`` and ``stb-card trace``: commands to the card, and what goes over the wire."""

from __future__ import annotations

import secrets
from collections.abc import Sequence

from smartcard.apdu import ApduFormatError, CommandAPDU
from smartcard.command.tool import Tool, UsageError, failure_document, read_hex, spaced
from smartcard.command.tracing import Exchange, TracingConnection
from smartcard.connection import CardConnection
from smartcard.errors import CardUnsupported, SmartCardError
from smartcard.identity import identify
from smartcard.processors import interindustry
from smartcard.proof import CardProof
from smartcard.status_word import describe

T14 = 14
"""Speaks frames, not APDUs: nothing of ISO 7816-4 may be done to them."""
RANDOM_BYTES = 32
MAX_COMMAND = 7 + 65535 + 2


def run_apdu(tool: Tool, spec: str, texts: Sequence[str], *, as_json: bool, raw: bool) -> int:
    """Send each command; 0 where every one was answered, whatever the status words are; 1 where one was not."""
    commands = [_command(text) for text in texts]
    answers: list[dict[str, str]] = []
    try:
        with tool.connected(spec) as (_, connection):
            whole = _stack(connection, commands, raw=raw)
            for command in commands:
                with tool.patience("waiting for the card"):
                    data, sw = whole.transmit(command)
                answers.append({"command": command.hex().upper(), "data": data.hex().upper(), "sw": f"{sw:04X}"})
                if not as_json:
                    tool.say(*_answer_lines(command, data, sw))
    except SmartCardError as error:
        if as_json:
            tool.document({"error": failure_document(error), "answers": answers})
        else:
            tool.note(error.message)
        return 1
    if as_json:
        tool.document(answers)
    return 0


def run_trace(tool: Tool, spec: str, texts: Sequence[str], *, as_json: bool, raw: bool) -> int:
    """Show every exchange of ``texts``, or of reading and proving the identity where there are none; 0 or 1."""
    commands = [_command(text) for text in texts]
    seen: list[Exchange] = []

    def report(exchange: Exchange) -> None:
        seen.append(exchange)
        if not as_json:
            tool.say(*_exchange_lines(exchange))

    error: SmartCardError | None = None
    try:
        with tool.connected(spec) as (reader, connection):
            if not as_json:
                tool.say(f"{reader.name}, T={connection.protocol}, ATR {spaced(connection.atr.raw)}")
            traced = TracingConnection(connection, report)
            if commands:
                whole = _stack(traced, commands, raw=raw)
                for command in commands:
                    whole.transmit(command)
            else:
                proof = CardProof.selftest(secrets.token_hex(RANDOM_BYTES))
                identify(traced, proof).prove(proof)
    except CardUnsupported:
        pass  # that no known application answers is what the trace was to show
    except SmartCardError as failure:
        error = failure
        if not as_json:
            tool.note(failure.message)
    if as_json:
        document: dict[str, object] = {} if error is None else {"error": failure_document(error)}
        tool.document(document | {"exchanges": [_exchange_document(each) for each in seen]})
    return 0 if error is None else 1


def _command(text: str) -> bytes:
    try:
        command = read_hex(text)
    except ValueError:
        raise UsageError(f"'{text}' is not hexadecimal") from None
    if not 4 <= len(command) <= MAX_COMMAND:
        raise UsageError(f"'{text[:40]}' has {len(command)} bytes, a command has 4 to {MAX_COMMAND}")
    return command


def _stack(connection: CardConnection, commands: Sequence[bytes], *, raw: bool) -> CardConnection:
    """The connection as the commands are to go through it; UsageError before any is sent where one cannot."""
    if raw or connection.protocol == T14:
        return connection
    for command in commands:
        try:
            CommandAPDU.decode(command)
        except ApduFormatError as error:
            raise UsageError(f"{command.hex().upper()}: {error.message}; --raw sends it all the same") from None
    return interindustry(connection)


def _answer_lines(command: bytes, data: bytes, sw: int) -> list[str]:
    lines = [f"> {spaced(command)}"]
    if data:
        lines.append(f"< {spaced(data)}")
    return [*lines, f"  {sw:04X} {describe(sw)}"]


def _exchange_lines(exchange: Exchange) -> list[str]:
    name = f"  {exchange.name}" if exchange.name else ""
    lines = [f"> {exchange.command}{name}"]
    if exchange.error is not None:
        return [*lines, f"  no answer: {exchange.error}"]
    if exchange.data:
        lines.append(f"< {exchange.data}")
    return [*lines, f"  {exchange.sw} {exchange.meaning}, {exchange.seconds * 1000:.1f} ms"]


def _exchange_document(exchange: Exchange) -> dict[str, object]:
    document: dict[str, object] = {
        "command": exchange.command,
        "name": exchange.name or None,
        "data": exchange.data,
        "sw": exchange.sw or None,
        "seconds": round(exchange.seconds, 6),
    }
    return document if exchange.error is None else document | {"error": exchange.error}
