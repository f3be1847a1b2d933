"""espeak-ng as the voice: a process for each text, ended by its id when the next key is pressed."""

from __future__ import annotations

import logging
import os
import re
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html import escape
from io import BufferedReader
from typing import IO, cast

from stb_app.speech.tongue import Tongue
from stb_app.speech.voice import Voice

logger = logging.getLogger(__name__)

PROGRAM = "espeak-ng"
RETRY_S = 60.0
"""So long nothing is tried after a failure: a television that is switched on later gives its sound back then."""
LONGEST = 4000
"""Characters of a text: what is longer is no text of a screen. It fits into a pipe, so nothing waits to write it."""
LAST_WORDS = 2000
CLOSE_S = 2.0


_CYRILLIC = re.compile(r"[\u0400-\u04ff][\u0400-\u04ff\s-]*")
"""Names that people gave and texts that are there in Russian alone: a voice of Latin letters spells them one by one."""
_OF_CYRILLIC = "ru"


@dataclass(frozen=True)
class _Wanted:
    text: str
    language: str
    tongue: Tongue


class EspeakVoice(Voice):
    """``tongues`` by language. One thread starts the processes and waits for them: the UI loop never does.

    Where the program is missing or has no audio device, that is logged once and nothing is heard.
    """

    def __init__(
        self,
        tongues: Mapping[str, Tongue],
        program: str = PROGRAM,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._tongues = tongues
        self._program = program
        self._monotonic = monotonic
        self._changed = threading.Condition()
        self._wanted: _Wanted | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._cut = False
        """Nobody wants to hear the rest of what is being said."""
        self._closing = False
        self._silent_until: float | None = None
        """Set by a failure, until something was heard again."""
        self._thread = threading.Thread(target=self._run, name="voice", daemon=True)
        """Started by the first text: silence costs nothing."""

    def say(self, text: str, language: str) -> None:
        tongue = self._tongues.get(language)
        with self._changed:
            self._interrupt()
            if tongue is not None and text and not self._closing:
                self._wanted = _Wanted(text[:LONGEST], language, tongue)
                if self._thread.ident is None:
                    self._thread.start()
                self._changed.notify()

    def stop(self) -> None:
        with self._changed:
            self._interrupt()

    def close(self) -> None:
        with self._changed:
            self._interrupt()
            self._closing = True
            self._changed.notify()
        if self._thread.ident is not None:
            self._thread.join(CLOSE_S)

    def _interrupt(self) -> None:
        self._wanted, self._cut = None, True
        if self._process is not None:
            # Not SIGTERM: the app blocks it in all its threads, and what they start inherits that. The id is still that
            # of our process: nobody reaps it but the voice's thread, under this lock
            os.kill(self._process.pid, signal.SIGKILL)

    # On the voice's thread

    def _run(self) -> None:
        while True:
            with self._changed:
                while self._wanted is None and not self._closing:
                    self._changed.wait()
                if self._wanted is None:
                    return
                wanted, self._wanted, self._cut = self._wanted, None, False
                if self._silent_until is not None and self._monotonic() < self._silent_until:
                    continue
            self._speak(wanted)

    def _speak(self, wanted: _Wanted) -> None:
        options, text = given(wanted.text, wanted.language, wanted.tongue)
        try:
            process = subprocess.Popen(
                [self._program, *options],
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
            )
        except OSError as error:
            self._fail(f"{self._program} cannot be started: {error.strerror}")
            return
        with self._changed:
            self._process = process
            if self._cut:
                os.kill(process.pid, signal.SIGKILL)
        _hand_over(cast("IO[bytes]", process.stdin), text)
        complaint = _last_line(cast("BufferedReader", process.stderr))
        os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
        with self._changed:
            self._process = None
            code, cut = process.wait(), self._cut
        if cut:
            return
        # Without an audio device espeak-ng 1.51 complains, and exits with 0
        if code != 0 or complaint.startswith("error"):
            self._fail(f"{self._program} cannot speak: {complaint or f'exit code {code}'}")
        else:
            self._silent_until = None

    def _fail(self, reason: str) -> None:
        if self._silent_until is None:
            logger.warning("%s; the app goes on without speech, and tries again from time to time", reason)
        self._silent_until = self._monotonic() + RETRY_S


def given(text: str, language: str, tongue: Tongue) -> tuple[list[str], str]:
    """Options of espeak-ng and what it reads. The text goes over stdin: what a process is started with is for all to
    read, and the text may be private. What is written in other letters is read by their voice (SSML 1.1, 3.2.1).
    """
    options = ["-v", tongue.voice, "-s", str(tongue.words_a_minute), "-b", "1", "--stdin"]
    if language == _OF_CYRILLIC or not _CYRILLIC.search(text):
        return options, text
    marked = _CYRILLIC.sub(rf'<voice xml:lang="{_OF_CYRILLIC}">\g<0></voice>', escape(text, quote=False))
    return [*options, "-m"], marked


def _hand_over(stdin: IO[bytes], text: str) -> None:
    try:
        with stdin:
            stdin.write(text.encode(errors="replace"))
    except BrokenPipeError:
        return


def _last_line(stderr: BufferedReader) -> str:
    """What was complained of last, of any amount of it, when the other side has closed."""
    last = b""
    with stderr:
        while part := stderr.read1(LAST_WORDS):
            last = (last + part)[-LAST_WORDS:]
    lines = last.decode(errors="replace").split("\n")
    return next((line.strip()[:120] for line in reversed(lines) if line.strip()), "")
