"""The real espeak-ng, with a FIFO in the place of a loudspeaker: it speaks, it is interrupted, nothing of it stays."""

from __future__ import annotations

import logging
import os
import selectors
import signal
import subprocess
import wave
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest

from device.api.waiting import wait_until
from stb_app.bootstrap import tongues
from stb_app.speech.espeak import PROGRAM, RETRY_S, EspeakVoice, given
from tests.unit.stb_app.speech.support import LANGUAGES, reader

pytestmark = pytest.mark.needs_peer(PROGRAM)

LIMIT_S = 30.0
SUM = "1 284,50 ₽"
LONG = "Хватит до тридцать первого декабря. " * 40
"""More sound than the FIFO takes: who says it waits for ever, until it is ended."""


class Loudspeaker:
    """``sound`` is what came so far; it is only taken when asked for."""

    def __init__(self, path: Path) -> None:
        os.mkfifo(path)
        self._reading = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
        self._kept = os.open(path, os.O_WRONLY)
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._reading, selectors.EVENT_READ)
        self.sound = b""

    def sounds(self) -> bool:
        return bool(self._selector.select(0))

    def take(self) -> bytes:
        while self.sounds():
            self.sound += os.read(self._reading, 1 << 16)
        return self.sound

    def close(self) -> None:
        self._selector.close()
        os.close(self._reading)
        os.close(self._kept)


@pytest.fixture(autouse=True)
def _pulse(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The library of the sound server, which espeak-ng starts whatever it writes to, keeps its folders here."""
    for name in ("PULSE_RUNTIME_PATH", "PULSE_STATE_PATH"):
        monkeypatch.setenv(name, str(tmp_path / "pulse"))


@pytest.fixture
def loudspeaker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Loudspeaker]:
    made = Loudspeaker(tmp_path / "sound")
    alsa(
        tmp_path, monkeypatch,
        '</usr/share/alsa/alsa.conf>\npcm.!default { type plug slave.pcm { type file slave.pcm "null" '
        f'file "{tmp_path / "sound"}" format "raw" }} }}\n',
    )  # fmt: skip
    yield made
    made.close()


def alsa(folder: Path, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    (folder / "asound.conf").write_text(text)
    monkeypatch.setenv("ALSA_CONFIG_PATH", str(folder / "asound.conf"))
    monkeypatch.setenv("PULSE_SERVER", "unix:/nowhere")


@pytest.fixture
def voice() -> Iterator[EspeakVoice]:
    made = EspeakVoice(tongues())
    yield made
    made.close()


def processes() -> list[int]:
    """The ids of this process's voices, the dead that nobody has buried too."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            name, _, rest = stat.read_text().partition("(")[2].rpartition(")")
        except OSError:
            continue
        if name == PROGRAM and int(rest.split()[1]) == os.getpid():
            found.append(int(stat.parent.name))
    return found


def wait_for_none() -> None:
    wait_until(lambda: not processes(), limit=LIMIT_S, what="the end of the voice")


def speaking(loudspeaker: Loudspeaker) -> int:
    """The id of the process that is in the middle of its text."""
    wait_until(loudspeaker.sounds, limit=LIMIT_S, what="a sound")
    (found,) = processes()
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_has_a_voice_that_sounds(language: str) -> None:
    options, text = given(reader(language).read(SUM), language, tongues()[language])
    command = [PROGRAM, *options]
    sound = subprocess.run([*command, "--stdout"], input=text.encode(), capture_output=True, check=True).stdout
    with wave.open(BytesIO(sound)) as made:
        frames = made.readframes(len(sound))
        seconds = len(frames) / made.getsampwidth() / made.getframerate()
    assert 2 < seconds < 12 and any(frames)
    said = subprocess.run([*command, "-q", "--ipa"], input=text.encode(), capture_output=True, check=True).stdout
    assert "(en)" not in said.decode(), f"{said.decode()} leaves the language"


@pytest.mark.parametrize("language", LANGUAGES)
def test_russian_names_are_read_and_not_spelled_in_every_language(language: str) -> None:
    texts = [given(f"1{name} & 2.", language, tongues()[language]) for name in (" Кухня Светланы", "")]
    said = [
        subprocess.run([PROGRAM, *options, "-q", "--ipa"], input=text.encode(), capture_output=True, check=True)
        for options, text in texts
    ]
    with_name, without = (each.stdout.decode() for each in said)
    assert "kˈuxnʲ" in with_name and len(with_name) - len(without) < 60, with_name


def test_what_is_said_is_heard(voice: EspeakVoice, loudspeaker: Loudspeaker) -> None:
    voice.say("Баланс", "ru")
    wait_until(lambda: any(loudspeaker.take()), limit=LIMIT_S, what="a sound")
    wait_for_none()


def test_the_next_key_ends_it_in_the_middle_though_the_app_blocks_signals(loudspeaker: Loudspeaker) -> None:
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM, signal.SIGINT})
    voice = EspeakVoice(tongues())
    try:
        voice.say(LONG, "ru")
        assert speaking(loudspeaker)
        voice.stop()
        wait_for_none()
    finally:
        voice.close()
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def test_a_text_takes_the_word_from_the_one_before(voice: EspeakVoice, loudspeaker: Loudspeaker) -> None:
    voice.say(LONG, "ru")
    first = speaking(loudspeaker)
    voice.say("Да", "ru")
    wait_until(lambda: first not in processes(), limit=LIMIT_S, what="the end of the first text")
    wait_until(lambda: loudspeaker.take() and not processes(), limit=LIMIT_S, what="the end of the second text")


def test_of_many_texts_at_once_one_process_is_left_and_it_says_the_last(
    voice: EspeakVoice, loudspeaker: Loudspeaker
) -> None:
    for _ in range(50):
        voice.say(LONG, "ru")
        voice.stop()
    voice.say(LONG, "sk")
    kept = speaking(loudspeaker)
    assert "sk" in Path(f"/proc/{kept}/cmdline").read_text().split("\0")
    voice.stop()
    wait_for_none()


def test_a_private_text_is_not_in_the_list_of_processes(voice: EspeakVoice, loudspeaker: Loudspeaker) -> None:
    voice.say(LONG, "ru")
    assert "декабря" not in Path(f"/proc/{speaking(loudspeaker)}/cmdline").read_text()


def test_the_end_of_the_app_leaves_nothing(loudspeaker: Loudspeaker) -> None:
    voice = EspeakVoice(tongues())
    voice.say(LONG, "ru")
    assert speaking(loudspeaker)
    voice.close()
    assert not processes()
    voice.say("Да", "ru")
    assert not processes()


def test_without_an_audio_device_one_line_is_logged_and_nothing_is_tried_for_a_minute(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    alsa(tmp_path, monkeypatch, "")
    now = [0.0]
    voice = EspeakVoice(tongues(), monotonic=lambda: now[0])
    caplog.set_level(logging.INFO)
    voice.say("Баланс 1284 рубля", "ru")
    wait_until(lambda: bool(caplog.records), limit=LIMIT_S, what="a line in the log")
    wait_for_none()
    tried = tmp_path / "tried"
    monkeypatch.setenv("PATH", str(tmp_path))
    (tmp_path / PROGRAM).write_text(f"#!/bin/sh\n/bin/cat >>{tried}\nexit 1\n")
    (tmp_path / PROGRAM).chmod(0o755)
    for now[0] in (1.0, RETRY_S - 1):
        voice.say("Слишком рано.", "ru")
        wait_until(lambda: voice._wanted is None, limit=LIMIT_S, what="the thread")
    now[0] = RETRY_S + 1
    voice.say("Ещё раз.", "ru")
    wait_until(lambda: tried.exists() and tried.read_text().endswith("Ещё раз."), limit=LIMIT_S, what="another try")
    voice.close()
    assert tried.read_text() == "Ещё раз."
    (line,) = [record.getMessage() for record in caplog.records]
    assert "cannot speak" in line and "1284" not in line


def test_where_it_is_not_installed_one_line_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    voice = EspeakVoice(tongues(), program="espeak-of-nowhere")
    for _ in range(3):
        voice.say("Баланс", "ru")
        wait_until(lambda: voice._wanted is None, limit=LIMIT_S, what="the thread")
    voice.close()
    (line,) = [record.getMessage() for record in caplog.records]
    assert "espeak-of-nowhere cannot be started" in line


def test_a_language_without_a_voice_is_silence(voice: EspeakVoice) -> None:
    voice.say("x", "xx")
    assert not processes()
