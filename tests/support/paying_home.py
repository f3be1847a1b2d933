"""A service that a payment stand-in takes money for, and a household in front of its TV."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

from device.api.waiting import wait_until
from tests.support.headend_server import RunningHeadend
from tests.support.household_viewer import Viewer
from tests.support.payment_stand_in import SECRET, SHOP, RunningStandIn, running_stand_in
from tools.headend.payments.yookassa import YooKassa


class PayingHome:
    """``viewer`` pays; ``stand_in`` is the provider; nothing here sleeps but until something is so."""

    def __init__(self, headend: RunningHeadend, stand_in: RunningStandIn, household: str = "family") -> None:
        self.headend = headend
        self.stand_in = stand_in
        self.viewer = Viewer.afresh(headend, household)
        self.cashier = headend.service.services.cashier

    def quiet(self) -> None:
        """As a developer's buttons are at the start."""
        self.stand_in.control("lose_answer", count=0)
        self.stand_in.control("saved_cards", answer="succeed")
        self.stand_in.control("webhooks", sending=True, times=1)
        self.cashier.wait_idle()
        self.stand_in.webhooks_sent()

    def body(self, amount: int, method: str = "sbp", **more: Any) -> dict[str, Any]:
        return {"amount": self.viewer.money(amount), "method": method, **more}

    def begin(self, amount: int, method: str = "sbp", **more: Any) -> str:
        """Begin a payment; its id, once the provider was asked."""
        begun = self.viewer.post("/v1/payments", self.body(amount, method, **more))
        assert begun["state"] == "created"
        self.cashier.wait_idle()
        return str(begun["id"])

    def payment(self, payment_id: str) -> dict[str, Any]:
        return self.viewer.get(f"/v1/payments/{payment_id}")

    def state(self, payment_id: str) -> str:
        return str(self.payment(payment_id)["state"])

    def approve(self) -> None:
        """The payer agrees to the newest payment, and its webhook is taken."""
        self.stand_in.control("approve")
        self.stand_in.webhooks_sent()

    def later(self, seconds: float) -> None:
        """Time goes on, and what is due then is asked."""
        self.headend.clock.advance(seconds)
        self.ask()

    def ask(self) -> None:
        """Ask the provider about everything that is due."""
        self.cashier.ask_due()
        self.cashier.wait_idle()

    @contextmanager
    def provider_away(self) -> Iterator[None]:
        """Nothing listens where the service looks for the provider."""
        there = self.cashier.provider
        with closing(YooKassa("http://127.0.0.1:9/v3", SHOP, SECRET, timeout=5.0)) as nowhere:
            self.cashier.provider = nowhere
            try:
                yield
            finally:
                self.cashier.wait_idle()
                self.cashier.provider = there

    def save_card(self, amount: int = 10000) -> str:
        """A card is typed on the phone and kept; its id."""
        self.begin(amount, "card", save=True)
        self.approve()
        [card] = self.viewer.get("/v1/payment-methods")["items"]
        return str(card["id"])

    def wait_for(self, payment_id: str, state: str) -> None:
        wait_until(lambda: self.state(payment_id) == state, limit=5, what=f"a payment that is {state}")


@contextmanager
def standing_in(running: Any, **options: Any) -> Iterator[tuple[RunningHeadend, RunningStandIn]]:
    """A service of ``running`` (a callable that starts one) with a stand-in of the same clock."""
    started: list[RunningHeadend] = []

    def now() -> Any:
        if not started:
            raise AssertionError("no payment before the service")
        return started[0].clock.now()

    with running_stand_in(now) as stand_in:
        headend = running(payments=stand_in.provider(), **options)
        started.append(headend)
        stand_in.tell(headend)
        yield headend, stand_in
