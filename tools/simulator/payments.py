"""The payment stand-in beside the head-end: its process, and the faults of scripts that go to it."""

from __future__ import annotations

import secrets

import httpx

from tools.provisioning import KeyRing
from tools.simulator.errors import StepFailed
from tools.simulator.processes import Child, Supervisor
from tools.simulator.state import StateFolder

START_LIMIT_S = 30.0
_SHOP = "100500"
_TIMEOUT_S = 5.0


class PaymentStandIn:
    """``python -m tools.payment_provider`` with a secret of its own; it runs as long as the home does."""

    name = "payment stand-in"

    def __init__(self, supervisor: Supervisor, state: StateFolder, ring: KeyRing) -> None:
        self._supervisor = supervisor
        self._state = state
        self._ring = ring
        self._child: Child | None = None
        self.url = ""

    def start(self) -> None:
        """Begin; ``options`` waits until it listens."""
        secret = self._state.shop_secret
        if not secret.exists():
            secret.touch(mode=0o600)
            secret.write_text(f"{secrets.token_urlsafe(24)}\n", encoding="ascii")
        arguments = ["--port", "0", "--shop-id", _SHOP, "--secret-file", str(secret)]
        arguments += ["--webhook-ca", str(self._ring.ca_certificate)]
        self._child = self._supervisor.start(self.name, "tools.payment_provider", *arguments)

    def options(self) -> list[str]:
        """What the head-end is told about it; StartError where it does not listen."""
        if self._child is None:
            return []
        self.url = self._child.wait_listening(START_LIMIT_S)[0]
        secret = str(self._state.shop_secret)
        shop = ["--payments-shop-id", _SHOP, "--payments-secret-file", secret]
        return ["--payments-url", f"{self.url}/v3", *shop]

    def tell(self, head_end: str) -> None:
        """Its webhooks go to the head-end that listens there."""
        if self.url:
            self.press("webhooks", url=f"{head_end}/v1/webhooks/yookassa")

    def press(self, button: str, **options: object) -> None:
        """One of the developer's controls; StepFailed where there is nothing to do it to."""
        try:
            answer = httpx.post(f"{self.url}/control/{button}", json=options, timeout=_TIMEOUT_S, trust_env=False)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise StepFailed(f"the {self.name} does not answer: {type(error).__name__}") from None
        if answer.status_code == 404:
            raise StepFailed("no payment waits to be confirmed")
        if answer.status_code != 200:
            raise StepFailed(f"the {self.name} answered {answer.status_code}")
