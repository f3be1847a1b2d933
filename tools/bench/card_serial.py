"""Identity and proof of a PIV card behind a serial port, beside the time that the line itself needs for the bytes.

The port is RFC 2217's, paced at the card's rate: a character is not there before it would be. The line's own time is
etu arithmetic over the very bytes that crossed it (ISO/IEC 7816-3 7.2, 10.2, 11.3): 12 etu a character, and at each
change of direction the guard time of the protocol beyond that. Of the runs the median counts.
"""

from __future__ import annotations

import secrets
import statistics
from contextlib import ExitStack
from functools import partial

from smartcard.connection import CardConnection
from smartcard.identity import identify
from smartcard.proof import CardProof
from smartcard.serial.port import Port, SerialPort
from smartcard.serial.reader import SerialReader
from smartcard.timing import BLOCK_GUARD_ETU, CHARACTER_ETU, CLOCKS, TURN_ETU, Rate
from tools.bench.clock import seconds_of
from tools.bench.rows import Row
from tools.bench.simulated import card_process

LIMIT = 1.15
CLOCK = CLOCKS["3.57"]
_GUARD = {0: TURN_ETU, 1: BLOCK_GUARD_ETU}


class CountingPort(Port):
    """Another port, with what crossed it counted. The port hears itself: what it sends comes back."""

    def __init__(self, url: str) -> None:
        self._port = SerialPort(url)
        self.fastest = self._port.fastest
        self.characters = 0
        self.turns = 0
        self._written = 0
        self._heard = 0
        self._sending = False

    def begin(self) -> None:
        """Count from here."""
        self.characters = self.turns = self._written = self._heard = 0
        self._sending = False

    def write(self, data: bytes) -> None:
        if not self._sending:
            self._sending = True
            self.turns += 1
        self._written += len(data)
        self.characters += len(data)
        self._port.write(data)

    def read(self, count: int) -> bytes:
        came = self._port.read(count)
        echoed = min(len(came), self._written - self._heard)
        self._heard += echoed
        if len(came) > echoed:
            self.characters += len(came) - echoed
            if self._sending:
                self._sending = False
                self.turns += 1
        return came

    def configure(self, baud: int, parity: str) -> None:
        self._port.configure(baud, parity)

    def waiting(self) -> int:
        return self._port.waiting()

    def hold_reset(self, held: bool) -> bool:
        return self._port.hold_reset(held)

    def reopen(self) -> None:
        self._port.reopen()

    def card_in(self) -> bool | None:
        return self._port.card_in()

    def card_changes(self) -> int:
        return self._port.card_changes()

    def parity_errors(self) -> int:
        return self._port.parity_errors()

    def close(self) -> None:
        self._port.close()


def serial_rows(*, full: bool) -> list[Row]:
    """T=1 and T=0 at TA1 96 (223 kbit/s at 3.57 MHz), and T=1 at 9600."""
    more = 3 if full else 1
    return [
        _measured("card_serial_t1", _t1(0x96), Rate(512, 32, CLOCK), runs=24 * more),
        _measured("card_serial_t0", bytes.fromhex("3B909600"), Rate(512, 32, CLOCK), runs=24 * more),
        _measured("card_serial_t1_9600", _t1(0x11), Rate.default(CLOCK), runs=4 * more),
    ]


def _t1(ta1: int) -> bytes:
    """T=1, blocks of 254 bytes, BWI and CWI 4 and 13."""
    atr = bytes((0x3B, 0x90, ta1, 0x81, 0x31, 0xFE, 0x4D))
    check = 0
    for byte in atr[1:]:
        check ^= byte
    return atr + bytes((check,))


def _identify_and_prove(connection: CardConnection, proof: CardProof) -> None:
    identify(connection, proof).prove(proof)


def _measured(name: str, atr: bytes, rate: Rate, *, runs: int) -> Row:
    ports: list[CountingPort] = []

    def open_port() -> CountingPort:
        ports.append(CountingPort(url))
        return ports[-1]

    with ExitStack() as stack:
        url = stack.enter_context(card_process("--profile", "piv", "--rfc2217", "0", "--atr", atr.hex()))
        reader = stack.enter_context(SerialReader(url, open_port=open_port))
        with reader.connect() as connection:
            port = ports[-1]
            taken, needed = [], []
            for _ in range(runs):
                proof = CardProof.selftest(secrets.token_hex(32))
                port.begin()
                taken.append(seconds_of(partial(_identify_and_prove, connection, proof)))
                turn = _GUARD[connection.protocol] - CHARACTER_ETU
                needed.append((port.characters * CHARACTER_ETU + port.turns * turn) * rate.etu)
    milliseconds = statistics.median(taken) * 1000
    reference = f"the line's own time, T={connection.protocol}, {rate.baud} bit/s"
    return Row(name, milliseconds, "ms", reference, statistics.median(needed) * 1000, LIMIT)
