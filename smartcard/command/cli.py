"""The command line of the card tool."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import NoReturn

DEFAULT_READER = "pcsc:"

_DESCRIPTION = "The card tool of a box: what is in the reader, whose card it is, and what it answers."

_EPILOG = """\
readers:
  pcsc:NAME   the first PC/SC reader whose name begins with NAME, else contains it; pcsc: alone is the first of all
  serial:URL  a Phoenix or Smartmouse reader behind any URL of pyserial: serial:/dev/ttyUSB0,
              serial:rfc2217://HOST:PORT; behind it, each with a comma:
              clock=3.57|6 (MHz), echo=auto|on|off, reset=rts|-rts
{readers}
exit status:
  0  it did what was asked
  1  reader or card failed, or what was asked for does not hold: bytes that are no ATR; prove: a card that proves
     nothing, or that the authority of --ca does not vouch for
  2  bad usage

--json prints one JSON document on stdout and nothing else there; a failure is {{"error": {{"kind", "message"}}}}.
"""

_COMMANDS = {
    "readers": "list the readers that --reader can name",
    "atr": "explain every byte of an answer to reset",
    "info": "whose card it is; a card with a key signs a fresh challenge",
    "apdu": "send commands and show the answers",
    "trace": "show every exchange with the card, PINs and keys left out",
    "prove": "have the card prove its identity, and check who vouches for it",
}
_EPILOGS = {
    "atr": """\
JSON: atr, convention, protocols (in the order announced), f, d (null: reserved), n, specific_mode, wi, ifsc, cwi,
bwi, historical, tck, faults (history_short, tck_wrong, tck_missing, trailing_bytes, ta1_rfu). A TS other than 3B and
3F and missing interface bytes are errors with kind and offset.
'atr -' answers one JSON document a line of stdin, an error document for a line that is no ATR, and exits 0.
""",
    "info": """\
JSON: reader, atr, protocol, kind, serial, assurance. PROVEN: the card signed a fresh challenge with the key of the
certificate that it showed; CLAIMED: it told a number and has no key; null: no application of it is known.
""",
    "apdu": """\
61xx, 6Cxx and data of more than 255 bytes are dealt with unless --raw is given. A card of T=14 takes the frame
without its first byte 01 and its check byte. JSON: [{command, data, sw}...]; where reader or card fail, exit 1 and
{error, answers}, with what was answered before.
""",
    "trace": """\
Without HEX it reads the card's identity and has it proven. What a PIN, a key or a signature could be is shown as
[N bytes]. JSON: exchanges, each with command, name, data, sw, seconds.
""",
    "prove": """\
JSON: as info, with seconds, certificate_subject and trusted: whether the certificate chains to --ca FILE, null
without it. Exit 0 only where the card proved its identity and, with --ca, is trusted.
""",
}


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one line; ``--help`` tells the rest."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: {' '.join(message.split())}\n")


def build_parser(program: str, readers: str) -> argparse.ArgumentParser:
    """``readers``: help on the readers that only this program has, indented lines."""
    parser = _Parser(
        prog=program,
        description=_DESCRIPTION,
        epilog=_EPILOG.format(readers=readers),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    _add_common(parser, reader=DEFAULT_READER, as_json=False)
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", title="commands", required=True)
    made = {}
    for name, text in _COMMANDS.items():
        made[name] = commands.add_parser(
            name,
            help=text,
            description=f"{text[0].upper()}{text[1:]}.",
            epilog=_EPILOGS.get(name),
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        _add_common(made[name], reader=argparse.SUPPRESS, as_json=argparse.SUPPRESS)
    made["atr"].add_argument(
        "hex",
        nargs="*",
        metavar="HEX",
        help="the bytes, in one or more words; '-' reads lines; nothing: the card's own",
    )
    made["apdu"].add_argument("hex", nargs="+", metavar="HEX", help="one command each, in quotes where it has spaces")
    made["trace"].add_argument("hex", nargs="*", metavar="HEX", help="one command each; nothing: identity and proof")
    for name in ("apdu", "trace"):
        made[name].add_argument("--raw", action="store_true", help="send just these bytes, whatever the card answers")
    made["prove"].add_argument("--ca", type=Path, metavar="FILE", help="certificates of the authorities, PEM")
    return parser


def _add_common(parser: argparse.ArgumentParser, *, reader: str, as_json: bool | str) -> None:
    """May stand before the command or behind it: where both are given, the one behind counts."""
    parser.add_argument(
        "--reader", metavar="SPEC", default=reader, help=f"which reader, see below (default {DEFAULT_READER})"
    )
    parser.add_argument("--json", action="store_true", default=as_json, help="one JSON document instead of text")
