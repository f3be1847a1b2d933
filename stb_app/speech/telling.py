"""What to say of a picture: all that matters of a new one, and of one that changed only what is new."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from stb_app.speech.reading import Reader
from stb_app.toolkit.scene import Node

MOST_NOTICES = 2
SECRET = frozenset({"pin"})
"""Roles of what nobody may overhear."""
ANSWERS = frozenset({"code", "progress"})
"""Roles that are told in whatever type they are: what is to be named, what is waited for."""
_PART = ", "
"""Between the parts of a value: what is chosen, and what that means."""
_DIGITS = re.compile(r"\d{2}")
_ENDS = ".?!"


@dataclass(frozen=True)
class _Heard:
    """A picture as far as it is spoken of."""

    screen: str
    title: tuple[str, ...]
    """Of the header; this and the next four as they are said."""
    headings: tuple[str, ...]
    alerts: tuple[str, ...]
    answers: tuple[str, ...]
    notices: tuple[str, ...]
    focusables: frozenset[str]
    focus: Node | None

    @property
    def texts(self) -> frozenset[str]:
        return frozenset((*self.alerts, *self.title, *self.headings, *self.answers, *self.notices))

    def goes_on(self, now: _Heard) -> bool:
        """Whether ``now`` is the same screen: its headings may follow the focus, while the focus moves on it, and its
        title may tell the time.
        """
        if self.screen != now.screen:
            return False
        if self.headings == now.headings or self.focus is None or now.focus is None:
            return self.headings == now.headings
        return self.focus.id != now.focus.id and self.focusables == now.focusables


class Teller:
    """Keeps what was told last. One a language."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self.words = reader.words
        self._last: _Heard | None = None
        self._visited: set[str] = set()
        self._explained: set[str] = set()

    def forget(self) -> None:
        """Tell the next picture as a new one."""
        self._last = None

    def tell(self, screen: str, tree: Node, focus: str | None) -> str:
        """What is new, ready to be said; '' where nothing is."""
        last, now = self._last, self._heard(screen, tree, focus)
        self._last = now
        known = last.texts if last is not None and last.screen == now.screen else frozenset()
        if last is None or not last.goes_on(now):
            focused = self._focused(now.focus)
            texts = [*now.alerts, *now.title, *now.headings, *_unsaid(now.answers, focused), *now.notices]
            return _sentences([*(text for text in texts if text not in known), *focused, *self._keys(screen, tree)])
        parts = [text for text in (*now.alerts, *now.notices) if text not in known]
        moved = now.focus is not None and (last.focus is None or last.focus.id != now.focus.id)
        focused = self._focused(now.focus) if moved else self._changed(last.focus, now.focus)
        if not moved or last.focus is None:
            # What follows the focus is said by the focused thing itself
            parts += _unsaid([text for text in now.answers if text not in known], focused)
        return _sentences([*parts, *focused])

    def _heard(self, screen: str, tree: Node, focus: str | None) -> _Heard:
        nodes = list(tree.walk())
        header = _inside(nodes, "banner")
        frame = header | _inside(nodes, "contentinfo")
        headings = [node for node in nodes if node.role == "heading" and id(node) not in header]
        above = [node for node in nodes if node.role == "heading" and id(node) in header]
        # Where there is a title, the name of the whole app before it is not what one wants to hear
        above = above[1:] if above[1:] or headings else above
        # Where there is nothing to move to, the text is what there is
        texts = {id(node) for node in nodes if node.role == "text"} - frame if focus is None else set()
        answers = [
            node
            for node in nodes
            if node.role != "heading" and (node.answers or node.role in ANSWERS or id(node) in texts)
        ]
        alerts = [node for node in nodes if node.role == "alert"]
        notices = [node for node in nodes if node.role == "notice"]
        focusables = [node for node in nodes if node.focusable]
        return _Heard(
            screen,
            tuple(self._phrase([node.label]) for node in above),
            tuple(self._phrase([node.label]) for node in headings),
            tuple(self._phrase([node.label]) for node in alerts),
            tuple(self._answer(node) for node in answers),
            tuple(self._phrase([node.label]) for node in notices[:MOST_NOTICES]),
            frozenset(node.id for node in focusables),
            next((node for node in focusables if node.id == focus), None),
        )

    def _answer(self, node: Node) -> str:
        """What loads says so in its text."""
        return self._phrase([node.label, node.value, *([self.words("last known")] if "stale" in node.state else [])])

    # The focused thing

    def _focused(self, node: Node | None) -> list[str]:
        if node is None:
            return []
        parts = [self._label(node), self._value(node), *self._states(node)]
        if node.position is not None:
            at, count = node.position
            parts.append(self.words("{position} of {count}", position=at, count=count))
        return [self._phrase(parts), *map(self._reader.read, self._how(node))]

    def _changed(self, before: Node | None, now: Node | None) -> list[str]:
        """What the focused thing says otherwise than before: its value, as a rule; the key of a pad is its label."""
        if before is None or now is None:
            return []
        parts = [self._label(now)] if now.label != before.label else []
        parts += self._typed(before.value, now.value) if now.role == "keyboard" else self._new(before, now)
        states = self._states(now)
        parts += [state for state in states if state not in self._states(before)]
        return [self._phrase(parts)]

    def _new(self, before: Node, now: Node) -> list[str]:
        known = self._value(before).split(_PART)
        return [part for part in self._value(now).split(_PART) if part not in known]

    def _typed(self, before: str, now: str) -> list[str]:
        """What was written last: a letter, after a space the word; or that it is gone."""
        kept = next((at for at, pair in enumerate(zip(before, now, strict=False)) if pair[0] != pair[1]), len(before))
        kept = min(kept, len(now))
        if now[kept:] == " ":
            return now.split()[-1:] or [self.words("Space")]
        if now[kept:]:
            return [now[kept:]]
        return [self.words("deleted"), *before[kept:].split()] if before[kept:] else []

    def _label(self, node: Node) -> str:
        """Who overhears which keys of a pad one goes to has heard the PIN."""
        return self.words("a digit") if node.role in SECRET and node.label.isdecimal() else node.label

    def _value(self, node: Node) -> str:
        """Of what is secret it is how much has been typed."""
        return "" if node.role in SECRET and _DIGITS.search(node.value) else node.value

    def _states(self, node: Node) -> list[str]:
        """The states that a person cannot hear from label and value; those of a switch and of tabs are
        their value."""
        said = {
            "disabled": self.words("not available"),
            "loading": self.words("loading"),
            "stale": self.words("last known"),
            "selected": "" if node.role in ("toggle", "tabs") else self.words("selected"),
        }
        return [said[state] for state in node.state if said.get(state)]

    def _how(self, node: Node) -> list[str]:
        """How to work a thing whose kind has the focus for the first time."""
        how = {
            "toggle": self.words("OK switches it"),
            "chooser": self.words("Left and right choose"),
            "tabs": self.words("Left and right choose"),
            "keyboard": self.words("The digits of the remote write letters too, as on a telephone"),
            "pin": self.words("Type with the digits of the remote. They are not said aloud"),
        }
        if node.role not in how or node.role in self._explained:
            return []
        self._explained.add(node.role)
        return [how[node.role]]

    # The keys

    def _keys(self, screen: str, tree: Node) -> list[str]:
        """The footer's keys, on the first visit of a screen: one who hears them each time stops to listen."""
        if screen in self._visited:
            return []
        self._visited.add(screen)
        hints = [node for node in tree.walk() if node.role == "hint"]
        return [self._phrase([f"{self._key(node.value)}: {node.label}"]) for node in hints]

    def _key(self, name: str) -> str:
        words = self.words
        colours = {
            words.key("R"): words("red button"),
            words.key("G"): words("green button"),
            words.key("Y"): words("yellow button"),
            words.key("B"): words("blue button"),
        }
        # Capital letters may be spelled, which no word on a key is
        return colours.get(name) or (name if name.isascii() else name.capitalize())

    def _phrase(self, parts: Iterable[str]) -> str:
        """``parts``, each read for itself, with small pauses between them; '' where all are empty."""
        said = [text for text in map(self._reader.read, parts) if text]
        return ", ".join([*(text.rstrip(_ENDS) for text in said[:-1]), *said[-1:]])


def _unsaid(texts: Iterable[str], focused: Collection[str]) -> list[str]:
    """``texts`` that the focused thing does not say too."""
    return [text for text in texts if not any(text in each for each in focused)]


def _inside(nodes: Iterable[Node], role: str) -> set[int]:
    """Which nodes stand in those of ``role``."""
    return {id(node) for each in nodes if each.role == role for node in each.walk()}


def _sentences(parts: Iterable[str]) -> str:
    """Each once, with a full stop."""
    return " ".join(text if text[-1] in _ENDS else f"{text}." for text in dict.fromkeys(parts) if text)
