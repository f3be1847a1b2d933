"""The options of ``python -m tools.card_sim``."""

from __future__ import annotations

import argparse
from pathlib import Path

from device.api.command_line import OneLineParser
from smartcard.atr import ATR
from smartcard.errors import ATRError
from tools.card_sim.address import VPCD_PORT, Address
from tools.card_sim.cards import PROFILES
from tools.card_sim.faults import FAULTS, Faults, FaultUnknown

DESCRIPTION = """\
A simulated smart card that is put into a reader and stays in until this program ends. The reader is a virtual one
(--vpcd: vsmartcard's in a real pcscd, or the slot of a simulated box, either of which the card waits for while it is
not there), or a serial one that is simulated too: a pseudo-terminal (--pty) or an RFC 2217 port (--rfc2217). With
several of them the same card is in each.

One JSON line on stdout tells where: {"listening": [ADDRESS, PATH or URL...]}. SIGTERM or Ctrl-C pulls the card out.
"""
EXAMPLES = """\
examples:
  python -m tools.card_sim --profile piv                        a PIV card in vpcd's first reader
  python -m tools.card_sim --card family --vpcd 127.0.0.1:35964  the first box's card of a household, in the second one
  python -m tools.card_sim --card family/kitchen --keys DIR --vpcd unix:/run/stb/card.sock
  python -m tools.card_sim --profile irdeto --rfc2217 0          behind a serial port, as stb-card's serial:rfc2217://…
  python -m tools.card_sim --profile piv --pty --fault wrong-lrc wtx:always

On the pseudo-terminal every open is a reset, and characters take no time. The RFC 2217 port is a Phoenix reader: RTS
asserted holds the card in reset, CTS and CD say that it is in, and rate and parity must be the card's.
"""
CLOCKS = {"3.57": 3_571_200, "6": 6_000_000}


def parser() -> argparse.ArgumentParser:
    arguments = OneLineParser(
        prog="python -m tools.card_sim",
        description=DESCRIPTION,
        epilog=f"{EXAMPLES}\n{_faults()}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    which = arguments.add_mutually_exclusive_group(required=True)
    which.add_argument("--profile", choices=sorted(PROFILES), help="a card of a kind, of no household")
    which.add_argument(
        "--card", metavar="HOUSEHOLD[/BOX]", help="the card of a household's box, the first box's if none"
    )
    arguments.add_argument(
        "--vpcd",
        metavar="HOST:PORT|unix:PATH",
        type=_address,
        help=f"where the virtual reader listens (127.0.0.1:{VPCD_PORT}, vpcd's first reader, if no face is named)",
    )
    arguments.add_argument("--pty", action="store_true", help="a pseudo-terminal")
    arguments.add_argument(
        "--rfc2217", metavar="PORT", type=_port, help="a serial port in the network, on 127.0.0.1; 0: any free port"
    )
    arguments.add_argument(
        "--fault", metavar="NAME[:TIMES]", nargs="+", action="extend", default=[], type=_fault, help="see below"
    )
    arguments.add_argument("--atr", metavar="HEX", type=_atr, help="the card answers a reset with this instead")
    arguments.add_argument(
        "--clock", choices=sorted(CLOCKS), default="3.57", help="MHz of a serial reader (default: %(default)s)"
    )
    arguments.add_argument("--no-echo", action="store_true", help="a serial reader that does not hear itself")
    arguments.add_argument("--inverted-reset", action="store_true", help="RTS cleared holds the card in reset")
    arguments.add_argument(
        "--keys",
        metavar="DIR",
        type=Path,
        help="the key folder, made at first use; the account service's own for a card that it is to accept "
        "(default: new keys each time, gone afterwards)",
    )
    return arguments


def _faults() -> str:
    lines = ["faults, each that many times unless told otherwise (NAME:3, NAME:always), then the card is a good one:"]
    for name, kind in FAULTS.items():
        lines.append(f"  {name:16}{'always' if kind.times is None else kind.times!s:8}{kind.summary}")
    return "\n".join(lines) + "\n"


def _address(text: str) -> str:
    try:
        return str(Address.parse(text))
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _port(text: str) -> int:
    if not text.isdecimal() or not text.isascii() or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"'{text}' is no port; 0 to 65535 are")
    return int(text)


def _fault(text: str) -> str:
    try:
        Faults([text])
    except FaultUnknown as error:
        raise argparse.ArgumentTypeError(str(error)) from None
    return text


def _atr(text: str) -> bytes:
    try:
        return ATR.parse(bytes.fromhex(text)).raw
    except (ValueError, ATRError) as error:
        raise argparse.ArgumentTypeError(f"'{text}' is no ATR: {error}") from None
