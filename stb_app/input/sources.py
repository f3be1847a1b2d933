"""Where the keys of a run come from, besides the window: remotes of the box, a recording, and what is recorded."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from device.api.errors import ConfigError
from stb_app.input.devices import Devices
from stb_app.input.keys import KeyEvent
from stb_app.input.recording import Recorder, Replay, keys_of, load_recording
from stb_app.input.remotes import FOLDER, Remotes

AUTO, NONE = "auto", "none"


@dataclass(frozen=True)
class Sources:
    """``remote``: folder of event devices, or one of them; ``replay``: a recording to play; ``record``: one to make."""

    remote: Path | None = None
    replay: Path | None = None
    record: Path | None = None

    def open(self, devices: Devices, feed: Callable[[KeyEvent], None]) -> ExitStack:
        """Start reading; closing the answer ends it. ConfigError in one line where a file cannot be used."""
        with ExitStack() as opening:
            recorder = None
            if self.record is not None:
                if self.remote is None:
                    raise ConfigError(f"{self.record}: nothing to record: no remote is read", remedy="add --remote")
                recorder = Recorder(self.record)
                opening.callback(recorder.close)
            keys = keys_of(load_recording(self.replay), devices) if self.replay is not None else None
            if self.remote is not None:
                remotes = Remotes(self.remote, devices, feed, recorder=recorder)
                remotes.start()
                opening.callback(remotes.close)
            if keys is not None:
                replay = Replay(keys, feed)
                replay.start()
                opening.callback(replay.close)
            return opening.pop_all()


def remote_of(option: str, environment: Mapping[str, str] = os.environ) -> Path | None:
    """The option ``--remote``: ``auto`` reads the box's devices where no desktop does it already."""
    if option == NONE:
        return None
    if option != AUTO:
        return Path(option)
    return None if environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY") else FOLDER
