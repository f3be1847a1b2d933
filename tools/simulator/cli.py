"""The simulator's command line: everything a person can get wrong is found here, before a process starts."""

from __future__ import annotations

import argparse
import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import ui_assets
from device.api.command_line import OneLineParser
from smartcard.readers import open_reader
from stb_app.words import languages
from tools.headend.households import household_names
from tools.headend.operators import operator_names
from tools.simulator.errors import ScriptError
from tools.simulator.faults import FAULTS
from tools.simulator.parser import KEYS, read_script
from tools.simulator.settings import Settings, choose_box
from tools.simulator.steps import Script

LANGUAGES = tuple(languages(ui_assets.ROOT / "strings"))
TEXT_SIZES = ("S", "M", "L", "XL")
_RESOLUTION = re.compile(r"([0-9]{3,4})x([0-9]{3,4})")
_LEAST, _MOST = (640, 360), (7680, 4320)

DESCRIPTION = """\
A whole home with a set-top box on this machine, with no hardware: account service, network, box, smart card and TV.
With a display the TV is a window, else (or with --headless) it is kept as a picture in a file. It runs until it is
stopped (Ctrl-C, SIGTERM, or the window is closed), or to the end of a script.
"""

EPILOG = f"""\
output:
  first line  one JSON document: {{"listening": [...], "device_socket", "service", "page", "state": DIR}};
              DIR holds device.pem, card.pem, card.crt and ca.crt of the box that is shown
  then        lines for people: without a script the balance that is shown and the path of the picture, which is kept
              current; with a script a line for each of its steps

exit status:
  0  every line of the script held; or, without a script, it was told to stop
  1  a line did not hold ("FILE:LINE: TEXT: why; on screen: ..." on stderr), or a process ended by itself
  2  it could not start: options, the script's text, or a piece that does not come up

scripts (one step a line, # starts a comment):
  wait "TEXT" [SECONDS]      until the text is on the screen, 10 s at most unless told
  press KEY [xN]             KEY: {" ".join(KEYS[:16])}
                             {" ".join(KEYS[16:])}
  hold KEY SECONDS           press, repeat as the remote does, release
  expect "TEXT"              the text is on the screen now; refuse "TEXT": it is not
  focus "LABEL"              what has the focus is labelled so
  fault NAME [VALUE]         {", ".join(list(FAULTS)[:6])},
                             {", ".join(list(FAULTS)[6:])}
                             card.insert takes nothing (the box's own card), HOUSEHOLD[/BOX] or profile:NAME,
                             card.swap a card, network.slow milliseconds, clock a moment (1970-01-01T00:00:00Z)
  screenshot NAME, dump NAME DIR/NAME.png, DIR/NAME.json (--out DIR)
  sleep SECONDS

households: {", ".join(household_names())}
"""


def build_parser() -> argparse.ArgumentParser:
    parser = OneLineParser(
        prog="python -m tools.simulator",
        description=DESCRIPTION,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    add = parser.add_argument
    add("--household", default="family", metavar="NAME", help="the account and its boxes (default: %(default)s)")
    add("--language", default="ru", choices=LANGUAGES, help="of the TV (default: %(default)s)")
    add("--text-size", default="M", choices=TEXT_SIZES, help="of the TV (default: %(default)s)")
    add("--resolution", default="1920x1080", type=_resolution, metavar="WxH", help="default: %(default)s")
    add("--box", default=1, type=int, metavar="N", help="which of the household's boxes is shown, from 1")
    add("--operator", default="mts", choices=operator_names(), help="whose service (default: %(default)s)")
    add(
        "--reader",
        type=_reader,
        metavar="pcsc:NAME|serial:URL",
        help="a card reader on this machine instead of the simulated slot; cards are put in by hand then. A simulated"
        " card in it: --state DIR here, and python -m tools.card_sim --card HOUSEHOLD --keys DIR/keys --vpcd HOST:PORT",
    )
    add("--headless", action="store_true", help="no window, even where there is a display")
    add("--script", type=Path, metavar="FILE", help="do what stands in FILE, then end")
    add("--out", type=Path, metavar="DIR", help="made; gets screenshots, dumps, log.txt, logs/ and steps.json")
    add("--state", type=Path, metavar="DIR", help="live there and keep it (default: a new folder, removed at the end)")
    return parser


def _reader(text: str) -> str:
    try:
        open_reader(text).close()
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None
    return text


def _resolution(text: str) -> str:
    match = _RESOLUTION.fullmatch(text)
    size = tuple(map(int, match.groups())) if match else (0, 0)
    if not all(least <= side <= most for least, side, most in zip(_LEAST, size, _MOST, strict=True)):
        raise argparse.ArgumentTypeError(f"'{text}' is no resolution: 640x360 to 7680x4320, like 1920x1080")
    return text


def read_settings(argv: Sequence[str] | None, environment: Mapping[str, str] = os.environ) -> Settings:
    """Settings that can be run. SystemExit 2 for options, ApiError in one line for a household, box or script."""
    options = build_parser().parse_args(argv)
    household, box = choose_box(options.household, options.operator, options.box)
    return Settings(
        household=household,
        box=box,
        operator=options.operator,
        language=options.language,
        text_size=options.text_size,
        resolution=options.resolution,
        window=not options.headless and bool(environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY")),
        script=_script(options.script, options.out),
        out=options.out,
        state=options.state,
        reader=options.reader,
    )


def _script(path: Path | None, out: Path | None) -> Script | None:
    if path is None:
        return None
    script = read_script(path)
    if out is None and script.writes is not None:
        raise ScriptError(script.path, script.writes.number, f"{script.writes.text} writes a file", "say --out DIR")
    return script
