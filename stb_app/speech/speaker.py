"""Speech goes along with the loop: it tells what the viewer came to, and falls silent at the next key."""

from __future__ import annotations

from collections.abc import Callable

from stb_app.companions import Companion, Presented
from stb_app.input.press import Phase, Press
from stb_app.preferences import Preferences
from stb_app.speech.telling import Teller
from stb_app.speech.voice import Voice

QUIET_S = 0.15
"""After a key so long nothing is said: longer than a held key's repeat takes, so that it speaks where it stops."""
UNASKED_S = 3.0
"""What changes by itself, without a key, is told no more often: a meter that never stands still is told too."""
SILENT = frozenset({"rest"})
"""Screens that nobody looks at."""


class Speaker(Companion):
    """``teller_of`` makes what knows a language. Where the viewer wants no speech, no picture is looked at."""

    def __init__(self, voice: Voice, teller_of: Callable[[str], Teller]) -> None:
        self._voice = voice
        self._teller_of = teller_of
        self._teller: Teller | None = None
        self._language = ""
        self._picture: Presented | None = None
        self._due: float | None = None
        self._asked = True
        """A key was pressed since something was said last."""
        self._unasked_until = 0.0
        """Before this nothing more is told that no key has caused."""

    @property
    def deadline(self) -> float | None:
        return self._due

    def chosen(self, preferences: Preferences) -> None:
        if not preferences.speech:
            if self._teller is not None:
                self._voice.stop()
            self._teller = self._due = self._picture = None
        elif self._teller is None or self._language != preferences.language:
            self._language = preferences.language
            self._teller = self._teller_of(self._language)
            self._asked = True

    def attend(self, press: Press, now: float) -> bool:
        if self._teller is not None and press.phase is not Phase.BREAK:
            self._voice.stop()
            self._asked = True
            if self._due is not None:
                self._due = now + QUIET_S
        return False

    def presented(self, picture: Presented, now: float) -> None:
        if self._teller is None:
            return
        self._picture = picture
        if picture.screen in SILENT:
            self._voice.stop()
            self._teller.forget()
            self._due = None
        elif self._due is None:
            self._due = now + QUIET_S if self._asked else max(now + QUIET_S, self._unasked_until)

    def tick(self, now: float) -> bool:
        if self._due is None or now < self._due or self._picture is None or self._teller is None:
            return False
        self._due = None
        said = self._teller.tell(self._picture.screen, self._picture.tree(), self._picture.focus)
        if said:
            self._voice.say(said, self._language)
            if not self._asked:
                self._unasked_until = now + UNASKED_S
            self._asked = False
        return False

    def close(self) -> None:
        self._voice.close()
