"""``python -m tools.card_sim``: the simulated card from a shell."""

from __future__ import annotations

import argparse
import json
import signal
import sys
import tempfile
import threading
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import NoReturn

from device.api.errors import ApiError
from tools.card_sim.address import VPCD_PORT, Address
from tools.card_sim.cards import PROFILES, card_of_household, card_of_profile
from tools.card_sim.vpcd import VpcdFace
from tools.provisioning import KeyRing

DESCRIPTION = """\
A simulated smart card that is put into a virtual reader and stays in until this program ends: vsmartcard's vpcd in a
real pcscd, or the slot of a simulated box. While the reader is not there the card waits for it.

One JSON line on stdout tells where the card is put in: {"listening": [ADDRESS]}. SIGTERM or Ctrl-C pulls it out.
"""
EPILOG = """\
examples:
  python -m tools.card_sim --profile piv                        a PIV card in vpcd's first reader
  python -m tools.card_sim --card family --vpcd 127.0.0.1:35964  the first box's card of a household, in the second one
  python -m tools.card_sim --card family/kitchen --keys DIR --vpcd unix:/run/stb/card.sock
"""


class OneLineParser(argparse.ArgumentParser):
    """Says what is wrong in one line; ``--help`` tells the rest."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: {message}\n")


def parser() -> argparse.ArgumentParser:
    arguments = OneLineParser(
        prog="python -m tools.card_sim",
        description=DESCRIPTION,
        epilog=EPILOG,
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
        default=f"127.0.0.1:{VPCD_PORT}",
        help="where the virtual reader listens (default: %(default)s, vpcd's first reader)",
    )
    arguments.add_argument(
        "--keys",
        metavar="DIR",
        type=Path,
        help="the key folder, made at first use; the account service's own for a card that it is to accept "
        "(default: new keys each time, gone afterwards)",
    )
    return arguments


def _address(text: str) -> str:
    try:
        return str(Address.parse(text))
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def main(argv: Sequence[str] | None = None) -> int:
    """0 after a signal; 2, with one line on stderr, where the card cannot be made."""
    options = parser().parse_args(argv)
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    with ExitStack() as stack:
        folder = options.keys or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="card-sim-")))
        ring = KeyRing(folder)
        try:
            card = card_of_profile(options.profile, ring) if options.profile else card_of_household(options.card, ring)
        except ApiError as error:
            print(f"python -m tools.card_sim: {error}", file=sys.stderr)
            return 2
        except OSError as error:
            print(f"python -m tools.card_sim: {folder}: {error.strerror}", file=sys.stderr)
            return 2
        face = VpcdFace(card, options.vpcd)
        face.start()
        stack.callback(face.stop)
        print(json.dumps({"listening": [options.vpcd]}), flush=True)
        ended.wait()
    return 0


if __name__ == "__main__":
    sys.exit(main())
