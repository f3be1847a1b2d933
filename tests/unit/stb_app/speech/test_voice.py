"""The voice that writes down what it would say."""

from __future__ import annotations

import os
from contextlib import suppress
from io import StringIO

from stb_app.speech.voice import LogVoice


def test_each_text_is_a_line_with_its_language() -> None:
    stream = StringIO()
    voice = LogVoice(stream)
    voice.say("Баланс, 5 рублей.", "ru")
    voice.stop()
    voice.say("Zostatok", "sk")
    voice.close()
    assert stream.getvalue() == "ru: Баланс, 5 рублей.\nsk: Zostatok\n"


def test_a_reader_that_goes_away_ends_nothing() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    stream = os.fdopen(writing, "w")
    LogVoice(stream).say("Баланс", "ru")
    with suppress(BrokenPipeError):
        stream.close()
