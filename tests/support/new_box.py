"""A box that is of no account yet: it shows a pairing code and asks whether somebody has typed it (product.md M1)."""

from __future__ import annotations

from typing import Any

import httpx

from tests.support.headend_server import RunningHeadend
from tests.support.signin_box import GRANT_TYPE, SignInBox


class NewBox:
    """A spare box of household family, with its own card or that of HOUSEHOLD/BOX."""

    def __init__(self, headend: RunningHeadend, name: str = "bedroom", *, card_of: str = "") -> None:
        self.box: SignInBox = headend.box("family", name, card_of=card_of)

    def try_show_code(self, **claims: Any) -> httpx.Response:
        """``POST /v1/pairing-codes`` with an assertion that says ``claims``."""
        assertion = self.box.assertion(self.box.challenge(), **claims)
        return self.box.http.post(
            f"{self.box.origin}/v1/pairing-codes",
            data={"grant_type": GRANT_TYPE, "assertion": assertion},
            headers={"DPoP": self.box.proof("POST", "/v1/pairing-codes")},
        )

    def show_code(self) -> dict[str, Any]:
        answer = self.try_show_code()
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def poll(self, shown: dict[str, Any]) -> httpx.Response:
        return self.box.http.get(f"{self.box.origin}/v1/pairing-codes/{shown['id']}")

    def state(self, shown: dict[str, Any]) -> str:
        answer = self.poll(shown)
        assert answer.status_code == 200, answer.text
        return str(answer.json()["state"])

    @property
    def numbers(self) -> dict[str, str]:
        """What is printed on box and card."""
        return {"chip_id": self.box.chip_id, "card_number": self.box.card.number}
