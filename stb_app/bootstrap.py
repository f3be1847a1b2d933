"""Wires the app: the only place where real adapters meet screens."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import ui_assets
from stb_app.account.gateway import Gateway
from stb_app.app import ACTIONS, App, Settings
from stb_app.clock import Clock
from stb_app.input.devices import Devices, load_devices
from stb_app.input.keymap import load_keymap, load_physical
from stb_app.input.keys import Key
from stb_app.platform.port import Platform
from stb_app.profile import load_profile
from stb_app.router import SCREENS
from stb_app.toolkit.icons import Icons
from stb_app.toolkit.scene import Kit
from stb_app.toolkit.shapes import Shapes
from stb_app.toolkit.stage import Stage
from stb_app.toolkit.text import TextRenderer, font_folder
from stb_app.toolkit.theme import load_theme
from stb_app.words import load_words


@dataclass(frozen=True)
class Look:
    """What the viewer and the operator chose for the picture."""

    language: str = "ru"
    text_size: str = "M"
    operator: str = "mts"


def build(look: Look, platform: Platform, gateway: Gateway, clock: Clock, assets: Path = ui_assets.ROOT) -> App:
    """An app ready to ``run``; ConfigError in one line where an asset is missing or wrong."""
    profile = load_profile(assets / "operators", look.operator)
    canvas = platform.canvas()
    theme = load_theme(assets / "themes" / "default.yaml", look.text_size, profile.accent)
    theme = theme.for_canvas(canvas.get_height())
    kit = Kit(theme, TextRenderer(theme, font_folder()), Shapes(), Icons(), canvas.get_size())
    sent = remote_keys(assets).sent | frozenset(desktop_keys(assets).values())
    screens = {screen.name for screen in SCREENS}
    keymap = load_keymap(assets / "keymaps" / "remote.yaml", screens, ACTIONS, sent=sent)
    words = load_words(assets / "strings", look.language)
    settings = Settings(words, profile, keymap, theme.one_column)
    return App(settings, platform, Stage(kit, canvas), gateway, clock)


def remote_keys(assets: Path = ui_assets.ROOT) -> Devices:
    """What the remotes of a box send."""
    return load_devices(assets / "keymaps" / "devices")


def desktop_keys(assets: Path = ui_assets.ROOT) -> dict[str, Key]:
    """The keyboard that stands in for the remote in a window."""
    return load_physical(assets / "keymaps" / "desktop.yaml")
