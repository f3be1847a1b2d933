"""Wires the app: the only place where real adapters meet screens."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial
from pathlib import Path

import ui_assets
from stb_app.account.gateway import Gateway
from stb_app.app import ACTIONS, App
from stb_app.appearance import Appearance, Dress
from stb_app.clock import Clock
from stb_app.controls.keyboard import load_keyboard
from stb_app.input.devices import Devices, load_devices
from stb_app.input.keymap import load_keymap, load_physical
from stb_app.input.keys import Key
from stb_app.platform.port import Platform
from stb_app.preferences import Allowed, Preferences
from stb_app.profile import load_profile
from stb_app.router import SCREENS
from stb_app.speech.reading import Reader
from stb_app.speech.speaker import Speaker
from stb_app.speech.telling import Teller
from stb_app.speech.tongue import Tongue, load_tongue
from stb_app.speech.voice import Voice
from stb_app.toolkit.fonts import find_family
from stb_app.toolkit.scene import Kit
from stb_app.toolkit.stage import Stage
from stb_app.toolkit.theme_file import load_theme
from stb_app.words import languages, load_words

OPERATOR = "mts"


def build(
    preferences: Preferences,
    platform: Platform,
    gateway: Gateway,
    clock: Clock,
    *,
    operator: str = OPERATOR,
    keep: Callable[[Preferences], None] | None = None,
    voice: Voice | None = None,
    assets: Path = ui_assets.ROOT,
) -> App:
    """An app ready to ``run``; ConfigError in one line where an asset is missing or wrong. ``voice`` says what is on
    the screen while the viewer wants to hear it.
    """
    app = App(dresser(platform, operator, assets), preferences, platform, gateway, clock, keep)
    if voice is not None:
        app.companions.append(Speaker(voice, teller(assets)))
    return app


def teller(assets: Path = ui_assets.ROOT) -> Callable[[str], Teller]:
    """What makes the teller of a language."""

    def make(language: str) -> Teller:
        return Teller(Reader(load_words(assets / "strings", language), load_tongue(assets / "speech", language)))

    return make


def tongues(assets: Path = ui_assets.ROOT) -> dict[str, Tongue]:
    """How each language that a viewer may choose is read aloud."""
    return {language: load_tongue(assets / "speech", language) for language in languages(assets / "strings")}


def dresser(platform: Platform, operator: str, assets: Path) -> Dress:
    """What makes an appearance of preferences: theme, words and keys are read anew each time."""
    profile = load_profile(assets / "operators", operator)
    canvas = platform.canvas()
    sent = remote_keys(assets).sent | frozenset(desktop_keys(assets).values())
    screens = {screen.name for screen in SCREENS}
    keymap = load_keymap(assets / "keymaps" / "remote.yaml", screens, ACTIONS, sent=sent)
    choices = allowed(assets)
    family = cache(partial(find_family, assets / "fonts.yaml"))

    def dress(preferences: Preferences) -> Appearance:
        path = assets / "themes" / f"{preferences.theme}.yaml"
        theme = load_theme(path, preferences.text_size, profile.colours).for_canvas(canvas.get_height())
        kit = Kit.of(theme, family(theme.fonts), canvas.get_size())
        words = load_words(assets / "strings", preferences.language)
        stage = Stage(kit, canvas, motion=preferences.motion, edges=preferences.edges, steps=platform.steps)
        keyboard = load_keyboard(assets / "keyboards", preferences.language)
        return Appearance(preferences, choices, words, profile, keymap, keyboard, stage)

    return dress


def allowed(assets: Path = ui_assets.ROOT) -> Allowed:
    """What a viewer may choose: what there are files for, the usual first."""
    themes = sorted(
        (each.stem for each in (assets / "themes").glob("*.yaml")), key=lambda name: (name != "default", name)
    )
    return Allowed(tuple(languages(assets / "strings")), tuple(themes))


def remote_keys(assets: Path = ui_assets.ROOT) -> Devices:
    """What the remotes of a box send."""
    return load_devices(assets / "keymaps" / "devices")


def desktop_keys(assets: Path = ui_assets.ROOT) -> dict[str, Key]:
    """The keyboard that stands in for the remote in a window."""
    return load_physical(assets / "keymaps" / "desktop.yaml")
