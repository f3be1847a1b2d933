"""The account service in a thread of the test's process: real TLS, a real database, a clock that tests move."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.support.households import household as known_household
from tests.support.signin_box import Card, SignInBox, load_private_key
from tools.headend.bootstrap import Prepared, Service, Settings, prepare
from tools.headend.payments import PaymentProvider
from tools.headend.server import Server, Tls, listen, url_of
from tools.provisioning import KeyRing

_CODE = re.compile(r"\b\d{6,8}\b")
START = datetime(2026, 11, 21, 16, 41, 7, tzinfo=UTC)


class ManualClock:
    """A clock that stands until it is moved."""

    def __init__(self, at: datetime = START) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at

    def advance(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


class RunningHeadend:
    """A service that listens; ``box`` gives clients for its households."""

    def __init__(self, folder: Path, clock: ManualClock, service: Service, prepared: Prepared, keys: KeyRing) -> None:
        self.folder = folder
        self.clock = clock
        self.service = service
        self.prepared = prepared
        self.keys = keys
        self.operator = prepared.operator.name
        self._boxes: list[SignInBox] = []

    @property
    def origin(self) -> str:
        return self.service.services.origin

    @property
    def database_file(self) -> Path:
        return self.folder / "headend.db"

    def box(self, household: str = "family", box: str = "", *, card_of: str = "") -> SignInBox:
        """A client for a household's box (the shown one unless named), with its own card or that of HOUSEHOLD/BOX."""
        found = known_household(household, self.operator)
        which = found.box(box) if box else found.shown
        assert which is not None
        made = self.keys.box(household, which.id, chip_id=which.chip_id, card_number=which.card_number)
        card = self.card(card_of) if card_of else Card.load(which.card_number, made.card_key, made.card_certificate)
        client = SignInBox(
            self.origin, self.keys.ca_certificate, which.chip_id, load_private_key(made.device_key), card
        )
        self._boxes.append(client)
        return client

    def sent(self) -> list[dict[str, str]]:
        """What was sent by SMS and e-mail, oldest first: channel, target, subject, text."""
        self.service.services.courier.wait_idle()
        return [json.loads(file.read_text()) for file in sorted((self.keys.folder.parent / "outbox").glob("*.json"))]

    def code_message(self) -> dict[str, str]:
        """The last message that has a code."""
        return [each for each in self.sent() if _CODE.search(each["text"])][-1]

    def sent_code(self) -> str:
        """The code of the last message that has one."""
        return str(_CODE.findall(self.code_message()["text"])[0])

    def card(self, name: str) -> Card:
        household, box = name.split("/")
        which = known_household(household, self.operator).box(box)
        assert which is not None
        made = self.keys.box(household, box, chip_id=which.chip_id, card_number=which.card_number)
        return Card.load(which.card_number, made.card_key, made.card_certificate)

    def close_boxes(self) -> None:
        for box in self._boxes:
            box.close()


@contextmanager
def running_headend(
    folder: Path,
    *,
    households: Sequence[str] = ("all",),
    operator: str = "mts",
    keep_alive: float = 0.2,
    database_url: str = "",
    payments: PaymentProvider | None = None,
) -> Iterator[RunningHeadend]:
    """A service over HTTPS on a free port, with ``households`` in the database at ``database_url``; without one in a
    new SQLite file in ``folder``."""
    clock = ManualClock()
    # cards are judged at the service's clock, its own certificate at the machine's
    keys = KeyRing(folder / "keys", now=clock.now)
    url = database_url or f"sqlite:///{folder / 'headend.db'}"
    settings = Settings(url, operator, keys.folder, tuple(households), keep_alive, payments=payments)
    prepared = prepare(settings, clock)
    with listen("127.0.0.1", 0) as sock:
        tls = Tls(*KeyRing(keys.folder).tls())
        service = prepared.build(url_of(sock, tls))
        listening = threading.Event()
        server = Server(service.app, tls, on_listening=listening.set, on_end=service.services.hub.close)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [sock]}, name="headend")
        thread.start()
        service.start()
        running = RunningHeadend(folder, clock, service, prepared, keys)
        try:
            assert listening.wait(10), "the service does not listen"
            yield running
        finally:
            running.close_boxes()
            server.stop()
            thread.join(10)
            service.close()
            assert not thread.is_alive()
