"""The command ``stb-app``: options, wiring, and the run until SIGTERM."""

from __future__ import annotations

import argparse
import logging
import os
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import ui_assets
from device.api.command_line import OneLineParser
from device.api.errors import ApiError, ConfigError
from device.api.redaction import RedactingFormatter
from stb_app.account.gateway import DeviceGateway
from stb_app.app import App
from stb_app.bootstrap import allowed, build, desktop_keys, remote_keys, tongues
from stb_app.clock import SystemClock
from stb_app.input.repeat import RATES
from stb_app.input.sources import Sources, remote_of
from stb_app.platform.framebuffer import DEVICE, FramebufferPlatform
from stb_app.platform.port import Platform
from stb_app.platform.window import WindowPlatform
from stb_app.preferences import PreferenceFile, Preferences, preferences_of
from stb_app.speech.espeak import EspeakVoice
from stb_app.speech.voice import LogVoice, Voice
from stb_app.stopping import block_signals, stop_on_signals
from stb_app.toolkit.theme import TEXT_SIZES

DEFAULT_SOCKET = "/run/stb/device.sock"
DEFAULT_STATE = "/var/lib/stb-app"
RESOLUTION = (1920, 1080)


def parser() -> argparse.ArgumentParser:
    operators = sorted(each.name for each in (ui_assets.ROOT / "operators").iterdir() if each.is_dir())
    result = OneLineParser(
        prog="stb-app",
        description="The on-screen account app: balance, charges, rooms and help, by the remote control.",
        epilog="Keys on a keyboard: arrows, Enter = OK, Escape = BACK, M = MENU, Q = EXIT, I = INFO, "
        "F1 to F4 = red, green, yellow, blue, T = speech. SIGTERM ends it.",
    )
    result.add_argument(
        "--socket",
        type=Path,
        default=Path(os.environ.get("STB_DEVICE_SOCKET", DEFAULT_SOCKET)),
        help="socket of the device service (default: $STB_DEVICE_SOCKET, else %(default)s)",
    )
    viewer = result.add_argument_group(
        "what the viewer prefers", "What is given here counts instead of what the viewer chose on the settings screen."
    )
    choices = allowed()
    viewer.add_argument("--language", choices=choices.languages, help="default: ru")
    viewer.add_argument("--text-size", choices=TEXT_SIZES, help="default: M")
    viewer.add_argument("--theme", choices=choices.themes, help="default: default")
    viewer.add_argument("--key-repeat", choices=RATES, help="of a held key (default: normal)")
    viewer.add_argument("--no-motion", dest="motion", action="store_false", default=None, help="the focus jumps")
    viewer.add_argument(
        "--speech",
        choices=("on", "off", "log"),
        help="what is on the screen is said aloud by espeak-ng, where it is installed; log: written to stdout instead "
        "(default: off)",
    )
    viewer.add_argument(
        "--preferences",
        type=Path,
        default=Path(os.environ.get("STATE_DIRECTORY", DEFAULT_STATE)) / "preferences.json",
        metavar="FILE",
        help="where the viewer's choices are kept (default: $STATE_DIRECTORY/preferences.json, else %(default)s)",
    )
    result.add_argument("--operator", choices=operators, default="mts", help="whose name, colours and numbers")
    picture = result.add_argument_group("picture")
    picture.add_argument("--resolution", type=resolution, metavar="WxH", help="default: 1920x1080")
    where = picture.add_mutually_exclusive_group()
    where.add_argument("--window", action="store_true", help="in a window instead of the full screen")
    where.add_argument(
        "--framebuffer",
        type=Path,
        nargs="?",
        const=DEVICE,
        metavar="PATH",
        help=f"without SDL's drivers, straight into a framebuffer of 16 or 32 bits, in its own resolution ({DEVICE})",
    )
    keys = result.add_argument_group("keys")
    keys.add_argument(
        "--remote",
        default="auto",
        metavar="auto|none|PATH",
        help="read and grab the input devices of a folder, or one device; auto: those of /dev/input where there is no "
        "desktop (neither DISPLAY nor WAYLAND_DISPLAY is set) or the picture goes to a framebuffer, else the window's "
        "keyboard (default: %(default)s)",
    )
    keys.add_argument("--input", type=Path, metavar="FILE", help="play the keys of a recording, at its own pace")
    keys.add_argument(
        "--record", type=Path, metavar="FILE", help="record what the remotes send; every digit is written as 0"
    )
    keys.add_argument(
        "--debounce",
        type=milliseconds,
        default=0.0,
        metavar="MS",
        help="a second press of a key within so many ms of its release is the same press: for worn buttons and for "
        "receivers that see a press twice (default: off)",
    )
    return result


def milliseconds(text: str) -> float:
    """``40`` -> 0.04 s; 0 to 500."""
    if not text.isdecimal() or int(text) > 500:
        raise argparse.ArgumentTypeError(f"expected 0 to 500 ms, found '{text}'")
    return int(text) / 1000


def resolution(text: str) -> tuple[int, int]:
    """``1920x1080`` -> (1920, 1080); 16:9 or close to it, 640x360 to 7680x4320."""
    width, x, height = text.partition("x")
    if not (x and width.isdecimal() and height.isdecimal()):
        raise argparse.ArgumentTypeError(f"expected WIDTHxHEIGHT, found '{text}'")
    size = int(width), int(height)
    if not (640 <= size[0] <= 7680 and 360 <= size[1] <= 4320 and 1.6 <= size[0] / size[1] <= 1.9):
        raise argparse.ArgumentTypeError(f"{text}: a television is 16:9, from 640x360 to 7680x4320")
    return size


def log_to_stderr() -> None:
    handler = logging.StreamHandler()
    handler.setFormatter(RedactingFormatter("%(asctime)s %(levelname)s %(name)s: %(message)s", "%Y-%m-%dT%H:%M:%S"))
    logging.basicConfig(level=logging.INFO, handlers=[handler])


def preferred(options: argparse.Namespace, kept: PreferenceFile) -> Preferences:
    """What the viewer chose before, but for what the command line says."""
    given = {name: getattr(options, name) for name in ("language", "text_size", "theme", "key_repeat", "motion")}
    if options.speech is not None:
        given["speech"] = options.speech != "off"
    chosen = preferences_of(kept.read(), allowed(), Preferences())
    return replace(chosen, **{name: value for name, value in given.items() if value is not None})


def voice_of(speech: str | None) -> Voice:
    """Who says what is on the screen, as ``--speech`` has it; whether is the viewer's preference."""
    return LogVoice(sys.stdout) if speech == "log" else EspeakVoice(tongues())


def platform_of(options: argparse.Namespace, remote: Path | None) -> Platform:
    """Where the picture goes; ConfigError in one line where that cannot be."""
    if options.framebuffer is not None:
        if options.resolution is not None:
            raise ConfigError("--resolution: a framebuffer has its own", remedy="leave it out")
        return FramebufferPlatform(options.framebuffer)
    # The devices that we read are grabbed; SDL must not read the same ones
    keyboard = desktop_keys() if remote is None else {}
    return WindowPlatform(options.resolution or RESOLUTION, keyboard, "STB", full_screen=not options.window)


def wired(options: argparse.Namespace, closing: ExitStack) -> App:
    """The app of the options; ``closing`` gives back what it took. ApiError in one line where that cannot be."""
    remote = remote_of(options.remote, {} if options.framebuffer else os.environ)
    devices = remote_keys()
    kept = PreferenceFile(options.preferences)
    closing.callback(kept.close)
    platform = platform_of(options, remote)
    closing.callback(platform.close)
    gateway = DeviceGateway(options.socket)
    closing.callback(gateway.close)
    app = build(
        preferred(options, kept),
        platform,
        gateway,
        SystemClock(),
        operator=options.operator,
        keep=kept.keep,
        voice=voice_of(options.speech),
    )
    app.keys.debounce = options.debounce
    closing.push(Sources(remote, options.input, options.record).open(devices, platform.feed))
    return app


def main(argv: Sequence[str] | None = None) -> int:
    options = parser().parse_args(argv)
    block_signals()
    log_to_stderr()
    with ExitStack() as closing:
        try:
            app = wired(options, closing)
        except ApiError as error:
            # The console comes back first, or nobody could read it
            closing.close()
            sys.stderr.write(f"stb-app: {error}\n")
            return 2
        stop_on_signals(app.stop)
        app.run()
    return 0
