"""Who this box is: the Chip ID, an identifier printed on the box, never a secret."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass

from device.api.errors import ApiError


class ChipIdMissing(ApiError):
    """No source on this box holds a Chip ID that can be one."""

    code = "chip_id_missing"


@dataclass(frozen=True)
class ChipId:
    """``value`` as read; ``source`` is the file it came from, for diagnostics."""

    value: str
    source: str


class ChipIdentity(ABC):
    @abstractmethod
    def read(self) -> ChipId:
        """The Chip ID; ChipIdMissing where there is none. May read files: not for the event loop."""
