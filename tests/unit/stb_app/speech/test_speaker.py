"""When something is said: after the last key, not while one is held, silent where nobody listens."""

from __future__ import annotations

from stb_app.companions import Presented
from stb_app.input.keys import Key
from stb_app.input.press import Phase, Press
from stb_app.preferences import Preferences
from stb_app.speech.speaker import QUIET_S, UNASKED_S, Speaker
from stb_app.speech.telling import Teller
from stb_app.toolkit.scene import Node
from tests.support.listener import Listener
from tests.unit.stb_app.speech.support import reader

SPEAKS, SILENT = Preferences("en", speech=True), Preferences("en")
STEP_S = 0.125
"""Of a held key."""


class Room:
    """A speaker with a list of things, and the time."""

    def __init__(self, preferences: Preferences = SPEAKS) -> None:
        self.voice = Listener()
        self.speaker = Speaker(self.voice, lambda language: Teller(reader(language)))
        self.speaker.chosen(preferences)
        self.now = 10.0
        self.trees = 0

    def show(self, focus: str, screen: str = "list", value: str = "") -> None:
        rows = [Node(name, "row", name, value, focusable=True) for name in "abcdefgh"]

        def tree() -> Node:
            self.trees += 1
            return Node("screen", "screen", "", children=rows)

        self.speaker.presented(Presented(screen, focus, tree), self.now)

    def press(self, phase: Phase = Phase.MAKE) -> None:
        assert self.speaker.attend(Press(Key.DOWN, phase), self.now) is False

    def wait(self, seconds: float) -> list[str]:
        self.now += seconds
        assert self.speaker.tick(self.now) is False
        return self.voice.heard()


def test_a_picture_is_told_when_the_keys_are_quiet() -> None:
    room = Room()
    room.show("a")
    assert room.speaker.deadline == 10.0 + QUIET_S
    assert room.wait(QUIET_S / 2) == []
    assert room.wait(QUIET_S * 0.6) == ["a."]
    assert room.wait(60) == [] and room.speaker.deadline is None


def test_a_held_key_speaks_where_it_stops() -> None:
    room = Room()
    room.show("a")
    room.wait(1)
    room.press()
    room.show("b")
    for name in "cdefg":
        assert room.wait(STEP_S) == []
        room.press(Phase.REPEAT)
        room.show(name)
    room.press(Phase.BREAK)
    assert room.wait(QUIET_S) == ["g."]


def test_a_key_silences_at_once_and_its_release_does_not() -> None:
    room = Room()
    room.press()
    assert room.voice.stops == 1
    room.press(Phase.BREAK)
    assert room.voice.stops == 1
    room.press(Phase.REPEAT)
    assert room.voice.stops == 2


def test_what_changes_by_itself_is_told_now_and_then() -> None:
    room = Room()
    room.show("a", value="0 dB")
    room.wait(1)
    said = []
    for step in range(1, 40):
        room.show("a", value=f"{step} dB")
        said += room.wait(0.25)
    assert 3 <= len(said) <= 4 and said[-1] != "0 decibels."
    room.press()
    room.show("a", value="99 dB")
    assert room.wait(QUIET_S) == ["99 decibels."], "what a key has caused waits for nothing"
    assert UNASKED_S > 4 * QUIET_S


def test_what_was_awaited_is_told_as_soon_as_it_is_there() -> None:
    room = Room()
    room.press()
    room.show("a", value="One moment")
    room.wait(QUIET_S)
    room.show("a", value="Here it is")
    assert room.wait(QUIET_S) == ["Here it is."]


def test_nothing_is_looked_at_where_nobody_wants_to_hear() -> None:
    room = Room(SILENT)
    room.press()
    room.show("a")
    assert room.speaker.deadline is None and room.wait(10) == []
    assert (room.trees, room.voice.stops) == (0, 0)


def test_the_choice_counts_at_once_both_ways() -> None:
    room = Room(SILENT)
    room.show("a")
    room.speaker.chosen(SPEAKS)
    room.show("a")
    assert room.wait(QUIET_S) == ["a."]
    room.show("b")
    room.speaker.chosen(SILENT)
    assert room.voice.stops == 1 and room.wait(10) == []
    room.speaker.chosen(SPEAKS)
    room.show("b")
    assert room.wait(QUIET_S) == ["b."]


def test_another_language_tells_the_screen_anew_and_the_same_goes_on() -> None:
    room = Room()
    room.show("a")
    room.wait(1)
    room.speaker.chosen(SPEAKS)
    room.show("a")
    assert room.wait(10) == []
    room.speaker.chosen(Preferences("sk", speech=True))
    room.show("a")
    assert room.wait(QUIET_S) == ["a."] and room.voice.languages[-1] == "sk"


def test_the_resting_screen_is_silent_and_the_screen_is_told_again_after_it() -> None:
    room = Room()
    room.show("a")
    room.wait(1)
    room.show("a", screen="rest")
    assert room.voice.stops == 1 and room.wait(10) == []
    room.show("a")
    assert room.wait(UNASKED_S) == ["a."]


def test_the_end_closes_the_voice() -> None:
    room = Room()
    room.speaker.close()
    assert room.voice.closed
