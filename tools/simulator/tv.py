"""The TV of the simulator: the real app, in a window or without one, with a remote that scripts hold.

``python -m tools.simulator.tv --device-socket PATH --control PATH …``. The control socket speaks JSON-RPC 2.0 as the
device service does; keys go the same way as those of a keyboard.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import sys
import threading
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from device.api.errors import ApiError, InvalidParams
from device.api.methods import Method, Param, Role
from device.rpc.server import Call, RpcServer
from stb_app.account.gateway import DeviceGateway
from stb_app.app import App
from stb_app.bootstrap import build, desktop_keys, tongues
from stb_app.clock import SystemClock
from stb_app.command import log_to_stderr, resolution
from stb_app.input.keys import Key, KeyEvent
from stb_app.platform.offscreen import OffscreenPlatform
from stb_app.platform.port import Platform
from stb_app.platform.window import WindowPlatform
from stb_app.preferences import Preferences
from stb_app.speech.espeak import EspeakVoice
from stb_app.stopping import block_signals, stop_on_signals
from stb_app.toolkit.theme import TEXT_SIZES
from tools.simulator.clock import ClockFile
from tools.simulator.matching import shows, texts

logger = logging.getLogger(__name__)

SETTLE_S = 2.0
"""How long a press waits for the data that its picture asked for; then it answers with what is there."""
MAX_HOLD_S = 60.0
MAX_WAIT_S = 600.0

_TEXT: dict[str, Any] = {"type": "string"}
_NUMBER: dict[str, Any] = {"type": "number"}

METHODS = (
    Method("tv.press", Role.operator, "Press and release a key", (Param("key", _TEXT),)),
    Method("tv.hold", Role.operator, "Hold a key", (Param("key", _TEXT), Param("seconds", _NUMBER))),
    Method("tv.dump", Role.operator, "What the screen says"),
    Method("tv.screenshot", Role.operator, "The picture as PNG at a path", (Param("path", _TEXT),)),
    Method("tv.wait", Role.operator, "Wait for a text", (Param("text", _TEXT), Param("seconds", _NUMBER))),
)


class TvClock(SystemClock):
    """The box's wall clock as the simulator set it."""

    def __init__(self, file: ClockFile) -> None:
        self._file = file

    def wall(self) -> datetime:
        return datetime.fromtimestamp(self._file.now(), UTC)


class Control:
    """The handlers; they live on the server's loop and reach the app by ``post``."""

    def __init__(self, app: App, platform: Platform) -> None:
        self._app = app
        self._platform = platform

    def handlers(self) -> dict[str, Callable[[Call], Any]]:
        return {
            "tv.press": self._press,
            "tv.hold": self._hold,
            "tv.dump": self._dump,
            "tv.screenshot": self._screenshot,
            "tv.wait": self._wait,
        }

    async def _press(self, call: Call) -> dict[str, Any]:
        key = _key(call.params["key"])
        self._platform.feed(KeyEvent(key, True))
        self._platform.feed(KeyEvent(key, False))
        await self._settled()
        return {}

    async def _hold(self, call: Call) -> dict[str, Any]:
        key = _key(call.params["key"])
        seconds = _seconds(call.params["seconds"], MAX_HOLD_S)
        self._platform.feed(KeyEvent(key, True))
        try:
            await asyncio.sleep(seconds)
        finally:
            self._platform.feed(KeyEvent(key, False))
        await self._settled()
        return {}

    async def _dump(self, call: Call) -> dict[str, Any]:  # noqa: ARG002
        dump: dict[str, Any] = await self._on_app(self._app.dump)
        return dump

    async def _screenshot(self, call: Call) -> dict[str, Any]:
        path = Path(call.params["path"])
        await self._on_app(lambda: self._platform.save(path))
        return {}

    async def _wait(self, call: Call) -> dict[str, Any]:
        text, seconds = call.params["text"], _seconds(call.params["seconds"], MAX_WAIT_S)
        loop = asyncio.get_running_loop()
        found: asyncio.Future[None] = loop.create_future()

        def look(changed: bool) -> bool:
            if found.done():
                return False
            if changed and shows(self._app.dump(), text):
                loop.call_soon_threadsafe(_finish, found)
                return False
            return True

        def begin() -> None:
            if look(True):
                self._app.watchers.append(look)

        self._app.post(begin)
        try:
            await asyncio.wait_for(found, seconds)
        except TimeoutError:
            return {"found": False, "texts": texts(await self._on_app(self._app.dump))}
        return {"found": True, "texts": []}

    async def _settled(self) -> None:
        """Until the picture that was caused is presented, and the data that it asked for is in it."""
        loop = asyncio.get_running_loop()
        settled: asyncio.Future[None] = loop.create_future()

        def look(changed: bool) -> bool:  # noqa: ARG001 - a key may change nothing
            if not settled.done() and not self._app.busy and not self._app.store.loading:
                loop.call_soon_threadsafe(_finish, settled)
                return False
            return not settled.done()

        self._app.post(lambda: self._app.watchers.append(look))
        try:
            await asyncio.wait_for(settled, SETTLE_S)
        except TimeoutError:
            logger.info("the picture still waits for data after %g s", SETTLE_S)

    async def _on_app(self, work: Callable[[], Any]) -> Any:
        loop = asyncio.get_running_loop()
        done: asyncio.Future[Any] = loop.create_future()

        def run() -> None:
            try:
                result = work()
            except ApiError as error:
                loop.call_soon_threadsafe(done.set_exception, error)
            else:
                loop.call_soon_threadsafe(done.set_result, result)

        self._app.post(run)
        return await done


def _finish(future: asyncio.Future[None]) -> None:
    if not future.done():
        future.set_result(None)


def _key(name: str) -> Key:
    try:
        return Key(name)
    except ValueError:
        raise InvalidParams(f"there is no key {name!r}", remedy=f"keys: {', '.join(Key)}") from None


def _seconds(value: float, limit: float) -> float:
    if not 0 <= value <= limit:
        raise InvalidParams(f"{value:g} s is outside 0 to {limit:g} s")
    return float(value)


class ControlThread:
    """The control socket on a loop of its own: the app's loop never waits for a script."""

    def __init__(self, control: Control, path: Path) -> None:
        self._control = control
        self._path = path
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="control", daemon=True)
        self._server = RpcServer(METHODS, control.handlers(), lambda uid: Role.operator)  # noqa: ARG005 - mode 0600

    def start(self) -> None:
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._server.start(self._path, 0o600), self._loop).result()

    def close(self) -> None:
        asyncio.run_coroutine_threadsafe(self._server.stop(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


def main(argv: Sequence[str] | None = None) -> int:
    """0 when the window was closed or a signal came, 2 with one line on stderr where it cannot start."""
    parser = argparse.ArgumentParser(prog="python -m tools.simulator.tv", description=__doc__, allow_abbrev=False)
    parser.add_argument("--device-socket", required=True, type=Path, metavar="PATH", help="of the device service")
    parser.add_argument("--control", required=True, type=Path, metavar="PATH", help="where the remote listens")
    parser.add_argument("--clock", required=True, type=Path, metavar="FILE", help="the box's wall clock")
    parser.add_argument("--language", default="ru")
    parser.add_argument("--text-size", choices=TEXT_SIZES, default="M")
    parser.add_argument("--resolution", type=resolution, default=(1920, 1080), metavar="WxH")
    parser.add_argument("--operator", default="mts")
    parser.add_argument("--headless", action="store_true", help="no window")
    options = parser.parse_args(argv)
    block_signals()
    log_to_stderr()
    gateway = DeviceGateway(options.device_socket)
    platform: Platform
    try:
        if options.headless:
            platform = OffscreenPlatform(options.resolution)
        else:
            platform = WindowPlatform(options.resolution, desktop_keys(), "STB simulator", full_screen=False)
        preferences = Preferences(options.language, options.text_size)
        clock = TvClock(ClockFile(options.clock))
        app = build(preferences, platform, gateway, clock, operator=options.operator, voice=EspeakVoice(tongues()))
        control = ControlThread(Control(app, platform), options.control)
        control.start()
    except (ApiError, OSError) as error:
        sys.stderr.write(f"tv: {error}\n")
        return 2
    stop_on_signals(app.stop)
    sys.stdout.write(json.dumps({"listening": [str(options.control)]}) + "\n")
    sys.stdout.flush()
    try:
        app.run()
    finally:
        control.close()
        gateway.close()
        platform.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
