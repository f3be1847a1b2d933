"""What every change in an order's body has; order_bodies.py and room_bodies.py have the changes."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any

from tools.headend.api.bodies import RequestBody
from tools.headend.domain.orders import Change
from tools.headend.use_cases.work import Work


class ChangeBody(RequestBody):
    """One change. ``op`` names it."""

    @abstractmethod
    def change(self, _work: Work, /) -> Change:
        """What it means for this account; Declined where something that it names is not there."""

    def asked(self) -> dict[str, Any]:
        """What is kept of it with the quote: no code, and no number of a box or card."""
        return self.model_dump(mode="json")
