"""The TV as scripts see it: keys go in, picture and text come out."""

from __future__ import annotations

from abc import ABC, abstractmethod
from pathlib import Path
from typing import Any

from device.api.errors import ApiError
from device.client import RpcClient
from tools.simulator.errors import StepFailed, TelevisionGone
from tools.simulator.matching import Tree

_ANSWER_LIMIT_S = 20.0
"""For what the TV does at once; a loaded machine takes its time over a 4K picture."""


class Television(ABC):
    """One TV. Every call may raise TelevisionGone, and StepFailed for what the TV itself refuses."""

    @abstractmethod
    def press(self, key: str) -> None:
        """Press and release a logical key; returns when the picture that it caused is presented."""

    @abstractmethod
    def hold(self, key: str, seconds: float) -> None:
        """Press, repeat as the remote does, release after ``seconds``."""

    @abstractmethod
    def dump(self) -> Tree:
        """What the screen says (contracts.md, "a dump")."""

    @abstractmethod
    def screenshot(self, path: Path) -> None:
        """Write the picture as PNG; ``path`` is absolute."""

    @abstractmethod
    def wait(self, text: str, seconds: float) -> bool:
        """Was ``text`` on the screen within ``seconds``?"""


class TelevisionClient(Television):
    """The TV process behind its control socket."""

    def __init__(self, path: Path) -> None:
        try:
            self._client = RpcClient(path)
        except ApiError as error:
            raise TelevisionGone(f"the TV cannot be reached: {error.message}") from None

    def press(self, key: str) -> None:
        self._call("tv.press", {"key": key})

    def hold(self, key: str, seconds: float) -> None:
        self._call("tv.hold", {"key": key, "seconds": seconds}, seconds)

    def dump(self) -> Tree:
        tree: Tree = self._call("tv.dump", {})
        return tree

    def screenshot(self, path: Path) -> None:
        self._call("tv.screenshot", {"path": str(path)})

    def wait(self, text: str, seconds: float) -> bool:
        return bool(self._call("tv.wait", {"text": text, "seconds": seconds}, seconds)["found"])

    def close(self) -> None:
        """End the connection; whoever waits for an answer gets TelevisionGone."""
        self._client.close()

    def _call(self, method: str, params: dict[str, Any], seconds: float = 0.0) -> Any:
        try:
            return self._client.call(method, params, timeout=seconds + _ANSWER_LIMIT_S)
        except ApiError as error:
            if error.code in ("device_unreachable", "timeout"):
                raise TelevisionGone(f"the TV does not answer: {error.message}") from None
            raise StepFailed(f"the TV refuses: {error}") from None
