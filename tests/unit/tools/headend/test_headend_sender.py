"""The outbox: claimed once, sent again after failures under the same id, given up in the end; whom it goes to."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, insert, select

from tests.support.account_rows import account_row
from tests.support.headend_server import ManualClock
from tools.headend.clock import milliseconds
from tools.headend.delivery import Delivery, DeliveryFailed, Message
from tools.headend.delivery.sender import ATTEMPTS_MOST, CLAIM, Sender
from tools.headend.domain.notices import Event
from tools.headend.operators import load_operator
from tools.headend.storage import outbox, tables
from tools.headend.storage.database import Database
from tools.headend.storage.schema import open_database
from tools.headend.use_cases.notices import tell
from tools.headend.use_cases.work import begin, finish

OPERATOR = load_operator("mts")
ACCOUNT = 102733458021


class RecordingDelivery(Delivery):
    """Keeps what it is given; fails as often as it was told."""

    def __init__(self) -> None:
        self.tried: list[Message] = []
        self.taken: list[Message] = []
        self.failures: list[DeliveryFailed] = []
        self.lock = threading.Lock()

    def send(self, message: Message) -> None:
        with self.lock:
            self.tried.append(message)
            if self.failures:
                raise self.failures.pop(0)
            self.taken.append(message)


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = open_database(f"sqlite:///{tmp_path / 'outbox.db'}")
    opened.write(lambda connection: connection.execute(insert(tables.accounts), account_row(ACCOUNT)))
    yield opened
    opened.close()


@pytest.fixture
def delivery() -> RecordingDelivery:
    return RecordingDelivery()


@pytest.fixture
def sender(database: Database, delivery: RecordingDelivery, clock: ManualClock) -> Sender:
    return Sender(database, OPERATOR, delivery, clock)


def pin_changed(database: Database, clock: ManualClock) -> None:
    def work(connection: Connection) -> None:
        account = begin(connection, OPERATOR, clock.now(), ACCOUNT)
        tell(account, Event.PIN_CHANGED)
        finish(account)

    database.write(work)


def waiting(database: Database) -> int:
    with database.read() as connection:
        return len(connection.execute(select(tables.outbox)).all())


def test_it_is_sent_once_and_then_gone(
    database: Database, sender: Sender, delivery: RecordingDelivery, clock: ManualClock
) -> None:
    pin_changed(database, clock)
    assert (sender.send_due(), sender.send_due()) == (1, 0)
    assert [each.target for each in delivery.taken] == ["+79005550134"]
    assert waiting(database) == 0


def test_many_senders_send_each_message_once(
    database: Database, delivery: RecordingDelivery, clock: ManualClock
) -> None:
    for _ in range(20):
        pin_changed(database, clock)
    senders = [Sender(database, OPERATOR, delivery, clock) for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(Sender.send_due, senders)) == 20
    assert len({each.id for each in delivery.taken}) == len(delivery.taken) == 20


def test_a_failure_is_tried_again_later_and_later_under_the_same_id(
    database: Database, sender: Sender, delivery: RecordingDelivery, clock: ManualClock
) -> None:
    pin_changed(database, clock)
    delivery.failures = [DeliveryFailed("busy") for _ in range(3)]
    pauses: list[int] = []
    for _ in range(3):
        assert sender.send_due() == 0
        waited = 0
        while len(delivery.tried) == len(pauses) + 1 and waited < 600:
            clock.advance(30)
            waited += 30
            sender.send_due()
        pauses.append(waited)
    assert pauses == [60, 120, 240]
    assert len(delivery.taken) == 1
    assert len({each.id for each in delivery.tried}) == 1
    assert delivery.tried[0].id


def test_what_fails_for_good_is_given_up_at_once(
    database: Database, sender: Sender, delivery: RecordingDelivery, clock: ManualClock
) -> None:
    pin_changed(database, clock)
    delivery.failures = [DeliveryFailed("no such number", final=True)]
    assert sender.send_due() == 0
    assert waiting(database) == 0


def test_what_always_fails_is_given_up_in_the_end(
    database: Database, sender: Sender, delivery: RecordingDelivery, clock: ManualClock
) -> None:
    pin_changed(database, clock)
    delivery.failures = [DeliveryFailed("busy") for _ in range(100)]
    for _ in range(100):
        sender.send_due()
        clock.advance(3600 * 3)
    assert len(delivery.tried) == ATTEMPTS_MOST
    assert waiting(database) == 0


def test_who_is_killed_while_sending_leaves_it_to_the_next_one(
    database: Database, sender: Sender, delivery: RecordingDelivery, clock: ManualClock
) -> None:
    pin_changed(database, clock)

    def claimed_and_killed(connection: Connection) -> None:
        now = milliseconds(clock.now())
        [row] = outbox.due(connection, now, 10)
        assert outbox.claim(connection, row, now, milliseconds(clock.now() + CLAIM))

    database.write(claimed_and_killed)
    clock.at += CLAIM - timedelta(milliseconds=1)
    assert sender.send_due() == 0, "it is still the other one's"
    clock.advance(0.001)
    assert sender.send_due() == 1
    assert waiting(database) == 0


def contact(database: Database, contact_id: str, **differently: object) -> None:
    row = {
        "account_id": ACCOUNT,
        "contact_id": contact_id,
        "use": "notifications",
        "channel": "sms",
        "value": "9125550177",
        "state": "confirmed",
        "created_at": 1,
    }
    database.write(lambda connection: connection.execute(insert(tables.contacts), row | differently))


def test_confirmed_contacts_are_written_to_instead_of_the_contracts(
    database: Database, sender: Sender, delivery: RecordingDelivery, clock: ManualClock
) -> None:
    contact(database, "a")
    contact(database, "b", value="9125550188", created_at=2)
    contact(database, "c", value="9125550199", state="pending")
    contact(database, "d", value="9125550100", use="contract")
    contact(database, "e", value="x@example.org", channel="email")
    pin_changed(database, clock)
    sender.send_due()
    sender.send_due()
    assert [each.target for each in delivery.taken] == ["+79125550177", "+79125550188"]
    assert len({each.id for each in delivery.taken}) == 2
    assert waiting(database) == 0


def test_a_notice_tells_the_wrong_parameters_to_whoever_wrote_it(database: Database, clock: ManualClock) -> None:
    def work(connection: Connection) -> None:
        account = begin(connection, OPERATOR, clock.now(), ACCOUNT)
        tell(account, Event.PIN_CHANGED, {"amount": 1})

    with pytest.raises(ValueError, match="pin_changed is told with"):
        database.write(work)
