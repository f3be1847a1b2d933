"""Byte streams of remotes in the kernel's own format (``recordings/``): what the app gets from each."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.api.errors import ConfigError
from stb_app.bootstrap import remote_keys
from stb_app.input.decoder import KeyDecoder
from stb_app.input.dispatch import Dispatcher
from stb_app.input.kernel import CODES, EV_KEY, SYN_REPORT, Identity, InputEvent
from stb_app.input.keys import Key, KeyEvent
from stb_app.input.press import Phase
from stb_app.input.recording import Recorder, Replay, keys_of, load_recording

RECORDINGS = Path(__file__).parent / "recordings"
DEVICES = remote_keys()

MADE = {
    "infrared": "4 0 OK DOWN RED GREEN YELLOW BLUE EXIT",
    "keyboard": "4 0 OK OK BACK RED UP OK",
    "cec": "OK BACK HOME 7 7 INFO BACK BLUE RED GREEN YELLOW",
    "media_center": "BACK HOME OK",
    "dropped": "DOWN RIGHT",
    "worn_button": "OK OK OK OK OK OK OK OK",
    "box_32bit": "UP OK",
    "two_receivers": "OK OK LEFT RIGHT",
}


def keys(name: str) -> list[tuple[float, KeyEvent]]:
    return keys_of(load_recording(RECORDINGS / f"{name}.rec"), DEVICES)


def presses(name: str, debounce: float = 0.0) -> list[tuple[Key, Phase]]:
    """What the app acts on, with a loop that wakes in time."""
    dispatcher, got = Dispatcher(debounce=debounce), []
    for at, event in keys(name):
        while dispatcher.deadline is not None and dispatcher.deadline < at:
            got += list(dispatcher.due(dispatcher.deadline))
        got += list(dispatcher.feed(event, at))
    while dispatcher.deadline is not None:
        got += list(dispatcher.due(dispatcher.deadline))
    return [(press.key, press.phase) for press in got]


@pytest.mark.parametrize("name", MADE)
def test_every_press_arrives(name: str) -> None:
    assert [str(event.key) for _, event in keys(name) if event.pressed] == MADE[name].split()
    assert sum(event.pressed for _, event in keys(name)) == sum(not event.pressed for _, event in keys(name))


def test_no_recording_is_left_out() -> None:
    assert {path.stem for path in RECORDINGS.iterdir()} == MADE.keys()


def test_the_kernels_own_repeats_are_not_ours() -> None:
    """DOWN is held for 0.935 s: repeats at 0.5, 0.625, 0.75 and 0.875, each once."""
    down = [phase for key, phase in presses("infrared") if key is Key.DOWN]
    assert down.count(Phase.REPEAT) == 4 and down.count(Phase.MAKE) == down.count(Phase.BREAK) == 1


def test_two_keys_of_one_meaning_are_one_key() -> None:
    assert [(key, phase) for key, phase in presses("keyboard")][-4:] == [
        (Key.UP, Phase.MAKE), (Key.OK, Phase.MAKE), (Key.OK, Phase.BREAK), (Key.UP, Phase.BREAK)
    ]  # fmt: skip


def test_a_press_seen_by_two_receivers_is_one() -> None:
    assert [key for key, phase in presses("two_receivers") if phase is Phase.MAKE] == [Key.OK, Key.LEFT, Key.RIGHT]


def test_a_worn_button_presses_twice_as_it_was_pressed() -> None:
    assert presses("worn_button", debounce=0.04) == [(Key.OK, Phase.MAKE), (Key.OK, Phase.BREAK)] * 2


def test_after_dropped_events_nothing_is_held_that_is_not() -> None:
    released = next(event for _, event in keys("dropped") if event.key is Key.DOWN and not event.pressed)
    assert released.lost, "nobody saw it being let go"
    assert [phase for key, phase in presses("dropped") if key is Key.DOWN] == [Phase.MAKE]


def test_after_dropped_events_what_is_held_is_asked_from_the_kernel() -> None:
    held = frozenset({CODES["KEY_OK"], CODES["KEY_UP"], 0x110})
    decoder = KeyDecoder(DEVICES.map_for(Identity()), held=lambda: held)
    events = [
        (1, CODES["KEY_UP"], 1),
        (1, CODES["KEY_DOWN"], 1),
        (0, 3, 0),
        (1, CODES["KEY_UP"], 0),
        (0, SYN_REPORT, 0),
    ]
    got = [key for kind, code, value in events for key in decoder.feed(InputEvent(1.0, kind, code, value))]
    assert got == [
        KeyEvent(Key.UP, True), KeyEvent(Key.DOWN, True), KeyEvent(Key.DOWN, False, lost=True), KeyEvent(Key.OK, True)
    ]  # fmt: skip


def test_an_unknown_code_is_told_once_and_harms_nobody() -> None:
    told: list[int] = []
    decoder = KeyDecoder(DEVICES.map_for(Identity()), unknown=told.append)
    for code in (0x2FE, CODES["KEY_EPG"], 0x2FE):
        assert list(decoder.feed(InputEvent(1.0, EV_KEY, code, 1))) == []
        assert list(decoder.feed(InputEvent(1.0, EV_KEY, code, 0))) == []
    assert told == [0x2FE, CODES["KEY_EPG"]]


@given(st.lists(st.tuples(st.sampled_from([0, 1, 4]), st.integers(0, 0x2FF), st.integers(-1, 3))))
def test_any_stream_gives_presses_and_releases_in_turn(stream: list[tuple[int, int, int]]) -> None:
    decoder = KeyDecoder(DEVICES.map_for(Identity()))
    got = [key for kind, code, value in stream for key in decoder.feed(InputEvent(1.0, kind, code, value))]
    got += list(decoder.leave())
    down: set[Key] = set()
    for event in got:
        assert (event.key in down) is not event.pressed
        (down.add if event.pressed else down.discard)(event.key)
    assert not down


def test_what_the_recorder_writes_reads_the_same_but_for_digits(tmp_path: Path) -> None:
    path = tmp_path / "new.rec"
    before = load_recording(RECORDINGS / "cec.rec")
    recorder = Recorder(path)
    for each in before:
        recorder.write(each.device, each.event)
    recorder.close()
    assert path.stat().st_mode & 0o777 == 0o600
    kept = [each for each in before if each.event.type != 4]
    after = load_recording(path)
    assert [each.device for each in after] == [each.device for each in kept]
    assert [each.event.at for each in after] == [each.event.at for each in kept]
    assert [str(key.key) for _, key in keys_of(after, DEVICES) if key.pressed] == MADE["cec"].replace("7", "0").split()
    assert "_7" not in path.read_text(), "what is typed may be a PIN"


def test_what_cat_writes_from_a_device_is_a_recording_too(tmp_path: Path) -> None:
    path = tmp_path / "event3"
    path.write_bytes(b"".join(each.event.to_bytes() for each in load_recording(RECORDINGS / "infrared.rec")))
    assert [str(key.key) for _, key in keys_of(load_recording(path), DEVICES) if key.pressed] == MADE[
        "infrared"
    ].split()


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "no recording"),
        (b"press DOWN\n", "no recording"),
        (b"\xff" * 48, "no recording"),
        (b"# stb-app input recording\n\nDOWN\n", r"bad\.rec:3: expected '@' and a device"),
        (b"# stb-app input recording\n@ 3 1 1 Remote\n", r"bad\.rec:2: expected '@' and a device"),
        (b"# stb-app input recording\n" + b"0" * 46 + b"\n", r"bad\.rec:2: "),
        (b"# stb-app input recording\n" + b"z" * 48 + b"\n", r"bad\.rec:2: "),
    ],
)
def test_a_bad_recording_is_told_in_one_line(tmp_path: Path, data: bytes, says: str) -> None:
    path = tmp_path / "bad.rec"
    path.write_bytes(data)
    with pytest.raises(ConfigError, match=says):
        load_recording(path)


def test_a_replay_keeps_its_own_pace_and_ends_when_told() -> None:
    got: list[KeyEvent] = []
    first = threading.Event()

    def feed(event: KeyEvent) -> None:
        got.append(event)
        first.set()

    pace = [(0.0, KeyEvent(Key.OK, True)), (0.05, KeyEvent(Key.OK, False)), (3600.0, KeyEvent(Key.UP, True))]
    begun = time.monotonic()
    replay = Replay(pace[:2], feed)
    replay.start()
    replay.join()
    assert time.monotonic() - begun >= 0.05
    assert [(event.key, event.pressed) for event in got] == [(Key.OK, True), (Key.OK, False)]
    assert got[0].at is not None and got[1].at is not None
    assert abs(got[1].at - got[0].at - 0.05) < 1e-6
    first.clear()
    replay = Replay(pace, feed)
    replay.start()
    assert first.wait(10)
    replay.close()
    assert Key.UP not in {event.key for event in got}
