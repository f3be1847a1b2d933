"""N1: what an account is told of, by SMS, e-mail or a line on the TV."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from tests.support.asking import get, post
from tests.support.headend_server import RunningHeadend
from tests.support.signin_box import SignInBox
from tools.headend.api import talk_schemas as documents
from tools.headend.domain.ledger import Entry, EntryKind, correction, payment
from tools.headend.domain.notices import Event
from tools.headend.use_cases.notices import tell
from tools.headend.use_cases.work import Work, begin, finish

FAMILY = 102733458021


@pytest.fixture
def box(headend: RunningHeadend) -> SignInBox:
    client = headend.box()
    client.sign_in()
    return client


def below(amount: int, currency: str = "RUB") -> dict[str, Any]:
    """The body that chooses X, kopecks."""
    return {"balance_low": {"amount": amount, "currency": currency}}


def choose(box: SignInBox, topic: str, **channels: bool) -> httpx.Response:
    chosen = {"sms": False, "email": False, "tv": False} | channels
    return post(box, "/v1/notifications", {"topics": [{"topic": topic, **chosen}]})


def happens(headend: RunningHeadend, event: Event, account_id: int = FAMILY, **params: Any) -> None:
    """Something that the account is told of."""

    def work(connection: Any) -> None:
        services = headend.service.services
        account = begin(connection, services.operator, services.clock.now(), account_id)
        tell(account, event, params)
        finish(account)

    headend.service.services.database.write(work)


def moved(headend: RunningHeadend, change: int, account_id: int = FAMILY) -> None:
    """The balance moves by ``change``."""

    def work(connection: Any) -> None:
        services = headend.service.services
        account: Work = begin(connection, services.operator, services.clock.now(), account_id)
        posting = payment("sbp", change) if change > 0 else correction(change)
        account.post([Entry(account.now, account.today, EntryKind.CORRECTION, posting)])
        finish(account)

    headend.service.services.database.write(work)


def delivered(headend: RunningHeadend) -> list[dict[str, str]]:
    """What went out since the last look."""
    headend.service.sender.send_due()
    files = sorted((headend.keys.folder.parent / "outbox").glob("*.json"))
    found = headend.sent()
    for file in files:
        file.unlink()
    return found


def lines(box: SignInBox) -> list[str]:
    """The Russian wording of what the TV has to show, oldest first."""
    return [each["text"]["ru"] for each in get(box, "/v1/notifications/tv")["items"]]


@pytest.fixture(autouse=True)
def nothing_waits(headend: RunningHeadend, box: SignInBox) -> None:
    """Everything told before is shown and out."""
    for each in get(box, "/v1/notifications/tv")["items"]:
        assert post(box, f"/v1/notifications/tv/{each['id']}/shown").status_code == 200
    delivered(headend)


def test_N1_every_event_has_a_topic_that_can_be_chosen(box: SignInBox) -> None:
    settings = get(box, "/v1/notifications")
    documents.Notifications.model_validate(settings, strict=True)
    topics = {each["topic"]: each for each in settings["topics"]}
    assert set(topics) >= {"balance_low", "charge", "payment", "promise", "service", "order", "block", "security"}
    assert [each["topic"] for each in settings["topics"] if each["fixed"]] == ["security"]
    assert settings["balance_low"] == {"amount": 10000, "currency": "RUB"}
    assert settings["language"] == "ru"


def test_N1_the_pin_is_told_by_sms_and_on_the_tv(headend: RunningHeadend, box: SignInBox) -> None:
    happens(headend, Event.PIN_CHANGED)
    [sms] = delivered(headend)
    assert (sms["channel"], sms["target"]) == ("sms", "+79005550134")
    assert sms["text"] == "ПИН-код изменён. Это не вы? Позвоните 0890."
    assert lines(box) == [sms["text"]]


@pytest.mark.parametrize("channels", [{}, {"sms": True}, {"tv": True}, {"email": True, "tv": True}])
def test_N1_what_protects_the_account_cannot_be_switched_off(
    headend: RunningHeadend, box: SignInBox, channels: dict[str, bool]
) -> None:
    answer = choose(box, "security", **channels)
    assert (answer.status_code, answer.json()["code"]) == (409, "notice_required")
    assert answer.json()["topic"] == "security"
    happens(headend, Event.ROOM_CHANGED, name="Кухня")
    assert lines(box) == ["Изменён список телевизоров: Кухня. Это не вы? Позвоните 0890."]
    assert [each["channel"] for each in delivered(headend)] == ["sms"]


def test_N1_what_protects_the_account_may_go_by_further_ways(headend: RunningHeadend, box: SignInBox) -> None:
    assert choose(box, "security", sms=True, email=True, tv=True).status_code == 200
    happens(headend, Event.PIN_CHANGED)
    assert sorted(each["channel"] for each in delivered(headend)) == ["email", "sms"]


def test_N1_each_topic_goes_by_the_chosen_channels_alone(headend: RunningHeadend, box: SignInBox) -> None:
    for channels in ({}, {"sms": True}, {"email": True}, {"tv": True}, {"sms": True, "email": True, "tv": True}):
        assert choose(box, "payment", **channels).status_code == 200
        happens(headend, Event.PAYMENT_RECEIVED, amount=50000)
        gone = delivered(headend)
        assert {each["channel"] for each in gone} == set(channels) - {"tv"}
        shown = get(box, "/v1/notifications/tv")["items"]
        assert [each["topic"] for each in shown] == (["payment"] if "tv" in channels else [])
        for each in shown:
            post(box, f"/v1/notifications/tv/{each['id']}/shown")
    assert {each["text"] for each in gone} == {"Платёж 500,00 ₽ зачислен. Спасибо!"}
    assert {each["target"] for each in gone} == {"+79005550134", "ivan.petrov@example.org"}


def test_N1_a_line_on_the_tv_stays_10_s_at_most_and_is_shown_once(headend: RunningHeadend, box: SignInBox) -> None:
    happens(headend, Event.PIN_CHANGED)
    told = get(box, "/v1/notifications/tv")
    documents.TvLines.model_validate(told, strict=True)
    assert told["seconds"] == 10
    [line] = told["items"]
    assert set(line["text"]) == {"ru", "en", "sk", "es"}
    assert post(box, f"/v1/notifications/tv/{line['id']}/shown").json() == {"id": line["id"], "shown": True}
    kitchen = headend.box("family", "kitchen")
    kitchen.sign_in()
    assert lines(kitchen) == []
    assert post(box, f"/v1/notifications/tv/{line['id']}/shown").status_code == 200, "saying it twice is no error"


def test_N1_an_old_line_is_not_shown_any_more(headend: RunningHeadend, box: SignInBox) -> None:
    happens(headend, Event.PIN_CHANGED)
    headend.clock.advance(72 * 3600)
    box.sign_in()
    assert len(lines(box)) == 1, "72 hours old"
    headend.clock.advance(1)
    assert lines(box) == []


def test_N1_a_line_of_another_account_cannot_be_marked(headend: RunningHeadend, box: SignInBox) -> None:
    happens(headend, Event.PIN_CHANGED)
    [line] = get(box, "/v1/notifications/tv")["items"]
    stranger = headend.box("debt")
    stranger.sign_in()
    answer = post(stranger, f"/v1/notifications/tv/{line['id']}/shown")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert len(lines(box)) == 1


def test_N1_balance_below_x_is_told_when_it_falls_below_and_once(headend: RunningHeadend, box: SignInBox) -> None:
    balance = get(box, "/v1/account")["balance"]["amount"]
    assert post(box, "/v1/notifications", below(balance - 100)).status_code == 200
    moved(headend, -100)
    assert lines(box) == [], "exactly X is not below X"
    moved(headend, -1)
    [line] = lines(box)
    assert line.startswith("На счёте 1")
    moved(headend, -1)
    assert len(lines(box)) == 1, "it was below before"
    moved(headend, 102)
    moved(headend, -101)
    assert len(lines(box)) == 2, "it fell below again"
    moved(headend, 101)


@pytest.mark.parametrize(("sum_", "status"), [(-1, 400), (0, 200), (1000000, 200), (1000001, 400)])
def test_N1_x_lies_within_the_operators_limits(box: SignInBox, sum_: int, status: int) -> None:
    answer = post(box, "/v1/notifications", below(sum_))
    assert answer.status_code == status
    if status == 200:
        assert answer.json()["balance_low"]["amount"] == sum_
    else:
        assert answer.json()["errors"][0]["field"] == "balance_low"


def test_N1_the_language_of_sms_is_the_chosen_one(headend: RunningHeadend, box: SignInBox) -> None:
    assert post(box, "/v1/notifications", {"language": "sk"}).json()["language"] == "sk"
    happens(headend, Event.PIN_CHANGED)
    assert delivered(headend)[0]["text"].startswith("PIN bol zmenený")
    assert post(box, "/v1/notifications", {"language": "ru"}).status_code == 200


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"topics": [{"topic": "gossip", "sms": True, "email": False, "tv": False}]}, "topics.0.topic"),
        ({"topics": [{"topic": "charge", "sms": 1, "email": False, "tv": False}]}, "topics.0.sms"),
        ({"topics": [{"topic": "charge", "sms": True, "email": False, "tv": False}] * 2}, "topics"),
        ({"language": "de"}, "language"),
        ({"balance_low": 100}, "balance_low"),
        (below(100, "EUR"), "balance_low.currency"),
        ({"sms": True}, "sms"),
    ],
)
def test_N1_what_is_wrong_is_said_by_field(box: SignInBox, body: dict[str, Any], field: str) -> None:
    answer = post(box, "/v1/notifications", body)
    assert (answer.status_code, answer.json()["code"]) == (400, "request_invalid"), answer.text
    assert answer.json()["errors"][0]["field"] == field


def test_N1_the_monthly_charge_and_a_low_balance_are_told_to_those_who_want_it(
    headend: RunningHeadend, box: SignInBox
) -> None:
    assert choose(box, "charge", email=True, tv=True).status_code == 200
    ending = headend.box("ending")
    ending.sign_in()
    fee = get(box, "/v1/account")["next_charge"]["sum"]["amount"]
    balance = get(box, "/v1/account")["balance"]["amount"]
    assert post(box, "/v1/notifications", below(balance - fee + 1)).status_code == 200
    headend.clock.at = datetime(2026, 12, 1, 6, tzinfo=UTC)
    box.sign_in()
    ending.sign_in()
    after = get(box, "/v1/account")["balance"]["amount"]
    assert after == balance - fee
    [charged, low] = sorted(
        get(box, "/v1/notifications/tv")["items"], key=lambda each: str(each["topic"]), reverse=True
    )
    assert (low["topic"], charged["topic"]) == ("balance_low", "charge")
    out = [each for each in delivered(headend) if each["target"] in ("ivan.petrov@example.org", "+79005550134")]
    assert sorted(each["channel"] for each in out) == ["email", "sms"]
    assert get(ending, "/v1/notifications")["topics"][1]["tv"] is False
    assert "charge" not in [each["topic"] for each in get(ending, "/v1/notifications/tv")["items"]]


def test_N1_polaris_tells_in_its_own_way(polaris: RunningHeadend) -> None:
    box = polaris.box()
    box.sign_in()
    settings = get(box, "/v1/notifications")
    assert settings["balance_low"] == {"amount": 500, "currency": "EUR"}
    assert settings["language"] == "en"
    happens(polaris, Event.PIN_CHANGED)
    assert [each["channel"] for each in delivered(polaris)] == ["email"]
    assert get(box, "/v1/notifications/tv")["seconds"] == 8
