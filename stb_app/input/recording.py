"""Recorded input: the kernel's events of a remote as a file of lines that people can read and compare.

    # stb-app input recording
    @ 0x0003 0x1784 0x0008 Media Center Ed. eHome Infrared Remote Transceiver
    e803000000000000102700000000000001006c0001000000  # KEY_DOWN 1

``@``: bus, vendor, product and name of the device whose events follow. A line of hex is one ``struct input_event``,
little endian, with 64-bit times (32 digits: 32-bit ones). What ``cat /dev/input/event3`` writes is taken too.
"""

from __future__ import annotations

import os
import re
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from device.api.errors import ConfigError
from stb_app.input.decoder import KeyDecoder
from stb_app.input.devices import Devices, code_name
from stb_app.input.kernel import CODES, EV_KEY, EV_SYN, EventReader, Identity, InputEvent
from stb_app.input.keys import KeyEvent

HEADER = "# stb-app input recording"
MAX_BYTES = 64 * 1024 * 1024
_LAYOUTS = {48: struct.Struct("<qqHHi"), 32: struct.Struct("<iiHHi")}
_DEVICE = re.compile(r"@ 0x([0-9a-f]{1,4}) 0x([0-9a-f]{1,4}) 0x([0-9a-f]{1,4}) ?(.*)", re.IGNORECASE)
_TYPED = {
    CODES[f"{prefix}{digit}"]: CODES[f"{prefix}0"]
    for prefix in ("KEY_", "KEY_NUMERIC_", "KEY_KP")
    for digit in range(10)
}


@dataclass(frozen=True)
class Recorded:
    """An event and whose it was."""

    device: Identity
    event: InputEvent


def load_recording(path: Path) -> list[Recorded]:
    """The events of ``path`` in order; ConfigError with file and line where it is no recording."""
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}") from None
    if len(data) > MAX_BYTES:
        raise ConfigError(f"{path}: longer than {MAX_BYTES} bytes")
    if not data.startswith(HEADER.encode()):
        raw = [Recorded(Identity(path.name), event) for event in EventReader().feed(data)]
        if not raw or {each.event.type for each in raw} - set(range(0x20)):
            raise ConfigError(f"{path}: no recording of input events", remedy=f"its first line is '{HEADER}'")
        return raw
    return list(_lines(data.decode("utf-8", "replace"), path))


def _lines(text: str, path: Path) -> Iterator[Recorded]:
    device = Identity()
    for number, line in enumerate(text.splitlines(), start=1):
        said = line.strip() if line.startswith("@") else line.partition("#")[0].strip()
        named = _DEVICE.fullmatch(said)
        if named:
            bus, vendor, product = (int(each, 16) for each in named.groups()[:3])
            device = Identity(named[4], bus, vendor, product)
        elif said:
            yield Recorded(device, _event(said, f"{path}:{number}"))


def _event(said: str, where: str) -> InputEvent:
    layout = _LAYOUTS.get(len(said))
    try:
        data = bytes.fromhex(said)
    except ValueError:
        layout = None
    if layout is None:
        raise ConfigError(f"{where}: expected '@' and a device, or 48 or 32 digits of hex, found '{said[:60]}'")
    seconds, microseconds, kind, code, value = layout.unpack(data)
    return InputEvent((seconds * 1_000_000 + microseconds) / 1_000_000, kind, code, value)


class Recorder:
    """Writes what the remotes send, as ``load_recording`` reads it. Every digit is written as 0: what a viewer types
    may be a PIN, and a recording is shown to others. Only keys are written, for the same reason."""

    def __init__(self, path: Path) -> None:
        try:
            fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise ConfigError(f"{path}: cannot be written: {error.strerror}") from None
        self._file = os.fdopen(fd, "w", encoding="utf-8", buffering=1)
        self._file.write(HEADER + "\n")
        self._device: Identity | None = None

    def write(self, device: Identity, event: InputEvent) -> None:
        """OSError where the disk refuses."""
        if event.type not in (EV_SYN, EV_KEY):
            return
        if device != self._device:
            self._device = device
            name = " ".join(device.name.split())
            self._file.write(f"@ {device.bus:#06x} {device.vendor:#06x} {device.product:#06x} {name}\n")
        if event.type == EV_KEY:
            event = replace(event, code=_TYPED.get(event.code, event.code))
        remark = f"{code_name(event.code)} {event.value}" if event.type == EV_KEY else f"SYN {event.code}"
        seconds, microseconds = divmod(round(event.at * 1_000_000), 1_000_000)
        packed = _LAYOUTS[48].pack(seconds, microseconds, event.type, event.code, event.value)
        self._file.write(f"{packed.hex()}  # {remark}\n")

    def close(self) -> None:
        with suppress(OSError):
            self._file.close()


def keys_of(recording: list[Recorded], devices: Devices) -> list[tuple[float, KeyEvent]]:
    """When, in seconds after the recording's first event, which key events the app would have got."""
    decoders: dict[Identity, KeyDecoder] = {}
    start = recording[0].event.at if recording else 0.0
    found = []
    for each in recording:
        if each.device not in decoders:
            decoders[each.device] = KeyDecoder(devices.map_for(each.device))
        after = max(0.0, each.event.at - start)
        found += [(after, key) for key in decoders[each.device].feed(each.event)]
    return found


class Replay:
    """Gives a recording's keys to ``feed`` at its own pace, on a thread of its own."""

    def __init__(self, keys: list[tuple[float, KeyEvent]], feed: Callable[[KeyEvent], None]) -> None:
        self._keys = keys
        self._feed = feed
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="replay", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def close(self) -> None:
        self._stop.set()
        self._thread.join()

    def join(self) -> None:
        """Until all of it was given."""
        self._thread.join()

    def _run(self) -> None:
        start = time.monotonic()
        for after, event in self._keys:
            if self._stop.wait(max(0.0, start + after - time.monotonic())):
                return
            self._feed(replace(event, at=start + after))
