"""The TV in a window on a real X server: it comes up by itself where there is a display, and closing it ends all."""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from device.api.waiting import wait_until
from tools.simulator.processes import ROOT
from tools.simulator.television import TelevisionClient

pytestmark = [pytest.mark.e2e, pytest.mark.needs_peer("Xvfb", "xdotool")]

LIMIT_S = 60.0
GREEN = "F2"
"""The key that stands for the remote's green one (ui_assets/keymaps/desktop.yaml)."""


@pytest.fixture(scope="module")
def display() -> Iterator[str]:
    """The name of a display of our own; the server picks a free number."""
    reading, writing = os.pipe()
    command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1280x720x24", "-nolisten", "tcp"]
    with subprocess.Popen(command, pass_fds=[writing], stderr=subprocess.DEVNULL) as server:
        os.close(writing)
        with os.fdopen(reading) as number:
            name = f":{number.readline().strip()}"
        try:
            yield name
        finally:
            server.terminate()


def xdotool(display: str, *arguments: str) -> str:
    done = subprocess.run(
        ["xdotool", *arguments], env={**os.environ, "DISPLAY": display}, capture_output=True, text=True, check=False
    )
    return done.stdout.strip()


class ClientMessage(ctypes.Structure):
    """XClientMessageEvent, filled up to the size of XEvent (Xlib, 10.3)."""

    _fields_ = (
        ("type", ctypes.c_int),
        ("serial", ctypes.c_ulong),
        ("send_event", ctypes.c_int),
        ("display", ctypes.c_void_p),
        ("window", ctypes.c_ulong),
        ("message_type", ctypes.c_ulong),
        ("format", ctypes.c_int),
        ("data", ctypes.c_long * 5),
        ("rest", ctypes.c_long * 12),
    )


def ask_to_close(display: str, window: int) -> None:
    """What a window manager sends when its close button is pressed (ICCCM 4.2.8.1); xdotool only destroys."""
    xlib = ctypes.CDLL("libX11.so.6")
    xlib.XOpenDisplay.restype = ctypes.c_void_p
    xlib.XInternAtom.restype = ctypes.c_ulong
    connection = ctypes.c_void_p(xlib.XOpenDisplay(display.encode()))
    protocols, delete = (xlib.XInternAtom(connection, name, 0) for name in (b"WM_PROTOCOLS", b"WM_DELETE_WINDOW"))
    message = ClientMessage(type=33, window=window, message_type=protocols, format=32)
    message.data[0] = delete
    xlib.XSendEvent(connection, ctypes.c_ulong(window), 0, ctypes.c_long(0), ctypes.byref(message))
    xlib.XCloseDisplay(connection)


@contextlib.contextmanager
def simulator(display: str, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "tools.simulator", "--resolution", "1280x720", *arguments]
    with subprocess.Popen(
        command,
        cwd=ROOT,
        env={**os.environ, "DISPLAY": display},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def test_a_window_takes_keys_of_the_keyboard_and_closing_it_ends_everything(display: str) -> None:
    with simulator(display) as process:
        assert process.stdout is not None
        state = Path(json.loads(process.stdout.readline())["state"])
        window = wait_until(
            lambda: xdotool(display, "search", "--onlyvisible", "--class", "."), limit=LIMIT_S, what="the window"
        )
        with contextlib.closing(TelevisionClient(state / "tv.sock")) as television:
            assert television.wait("1 284,50 ₽", LIMIT_S)
            xdotool(display, "key", GREEN)
            assert television.wait("списано", LIMIT_S)
        ask_to_close(display, int(window))
        status = process.wait(LIMIT_S)
        assert process.stderr is not None
        assert status == 0, process.stderr.read()
    assert not state.exists()


def test_a_script_runs_in_a_window_too(display: str, tmp_path: Path) -> None:
    script = tmp_path / "script.txt"
    script.write_text('wait "1 284,50 ₽" 30\npress GREEN\nwait "списано"\nscreenshot charges\n')
    with simulator(display, "--script", str(script), "--out", str(tmp_path / "out")) as process:
        _, errors = process.communicate(timeout=LIMIT_S)
    assert process.returncode == 0, errors
    assert (tmp_path / "out" / "charges.png").read_bytes().startswith(b"\x89PNG")
