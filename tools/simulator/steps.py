"""A parsed script: its lines and what each of them does."""

from __future__ import annotations

from dataclasses import dataclass

from tools.simulator.faults import Fault


@dataclass(frozen=True)
class Wait:
    """Until ``text`` is on the screen, ``seconds`` at most."""

    text: str
    seconds: float = 10.0


@dataclass(frozen=True)
class Press:
    """``key`` pressed and released ``times`` times."""

    key: str
    times: int = 1


@dataclass(frozen=True)
class Hold:
    """``key`` held for ``seconds``, repeating as the remote does."""

    key: str
    seconds: float


@dataclass(frozen=True)
class Expect:
    """``text`` is on the screen now."""

    text: str


@dataclass(frozen=True)
class Refuse:
    """``text`` is not on the screen now."""

    text: str


@dataclass(frozen=True)
class Focus:
    """What has the focus is labelled ``label``."""

    label: str


@dataclass(frozen=True)
class Break:
    """A fault happens."""

    fault: Fault


@dataclass(frozen=True)
class Screenshot:
    """The picture as ``name``.png."""

    name: str


@dataclass(frozen=True)
class Dump:
    """What the screen says as ``name``.json."""

    name: str


@dataclass(frozen=True)
class Sleep:
    """Nothing for ``seconds``."""

    seconds: float


Step = Wait | Press | Hold | Expect | Refuse | Focus | Break | Screenshot | Dump | Sleep


@dataclass(frozen=True)
class Line:
    """``number`` from 1; ``text`` as the person wrote it, without comment and outer white space."""

    number: int
    text: str
    step: Step


@dataclass(frozen=True)
class Script:
    """``path`` as it is named in messages."""

    path: str
    lines: tuple[Line, ...]

    @property
    def writes(self) -> Line | None:
        """The first line that writes a file, so that a missing folder for it is found before anything starts."""
        return next((line for line in self.lines if isinstance(line.step, Screenshot | Dump)), None)
