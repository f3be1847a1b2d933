"""H1: requests with a thread, chat, call-back, help pages."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select, update

from tests.support.asking import done, everything, get, post, refused
from tests.support.headend_server import RunningHeadend
from tests.support.signin_box import SignInBox
from tools.headend.api import talk_schemas as documents
from tools.headend.storage import tables
from tools.headend.use_cases import tickets
from tools.headend.use_cases.tickets import MESSAGES_MOST
from tools.headend.use_cases.work import begin, finish

FAMILY = 102733458021


@pytest.fixture
def box(headend: RunningHeadend) -> SignInBox:
    """The family's box, all requests of the tests before closed."""
    client = headend.box()
    client.sign_in()
    for each in everything(client, "/v1/tickets"):
        done(client, f"/v1/tickets/{each['id']}/close")
    return client


def answered(headend: RunningHeadend, ticket_id: str, text: str, *, closing: bool = False) -> None:
    """The operator answers."""

    def work(connection: Any) -> None:
        services = headend.service.services
        account = begin(connection, services.operator, services.clock.now(), FAMILY)
        tickets.answer(account, ticket_id, text, closing=closing)
        finish(account)

    headend.service.services.database.write(work)


def thread(box: SignInBox, ticket_id: str) -> list[tuple[str, str]]:
    """Who said what, in Russian."""
    found = get(box, f"/v1/tickets/{ticket_id}")
    documents.TicketThread.model_validate(found, strict=True)
    return [(each["author"], each["text"]["ru"]) for each in found["thread"]]


def charge(box: SignInBox) -> dict[str, Any]:
    return next(each for each in get(box, "/v1/ledger/entries?limit=200")["items"] if each["disputable"])


def test_H1_help_says_whom_to_call_from_where_and_what_to_have_at_hand(box: SignInBox) -> None:
    found = get(box, "/v1/help")
    documents.Help.model_validate(found, strict=True)
    assert [each["number"] for each in found["lines"]] == ["0890", "8 800 250 08 90"]
    assert all(each["free"] for each in found["lines"])
    assert [each["id"] for each in found["salons"]] == ["himki"], "of the account's region alone"
    assert found["coverage_url"].startswith("https://")
    assert found["at_hand"]["ru"] and found["answers"]


def test_H1_the_expected_wait_follows_the_regions_time_of_day(headend: RunningHeadend, box: SignInBox) -> None:
    # 19:4x in Moscow
    assert get(box, "/v1/help")["chat"]["wait_minutes"] == 20


def test_H1_a_request_has_a_thread_and_states(headend: RunningHeadend, box: SignInBox) -> None:
    made = done(box, "/v1/tickets", {"subject": "picture", "text": "Квадраты на экране\nс утра"})
    documents.Ticket.model_validate(made, strict=True)
    assert (made["kind"], made["state"], made["messages"], made["unread"]) == ("question", "open", 1, False)
    assert made["subject"]["en"] == "Bad picture"
    headend.clock.advance(60)
    answered(headend, made["id"], "Проверьте кабель")
    found = get(box, f"/v1/tickets/{made['id']}")
    assert (found["state"], found["unread"]) == ("answered", True)
    assert thread(box, made["id"]) == [("viewer", "Квадраты на экране\nс утра"), ("operator", "Проверьте кабель")]
    assert found["thread"][1]["text"] == dict.fromkeys(("ru", "en", "sk", "es"), "Проверьте кабель")
    assert get(box, "/v1/tickets")["unread"] == 1
    assert done(box, f"/v1/tickets/{made['id']}/read")["unread"] is False
    assert get(box, "/v1/tickets")["unread"] == 0
    assert done(box, f"/v1/tickets/{made['id']}/messages", {"text": "Помогло"})["state"] == "open"
    assert done(box, f"/v1/tickets/{made['id']}/close")["state"] == "closed"
    assert refused(box, f"/v1/tickets/{made['id']}/messages", {"text": "Нет"}) == (409, "ticket_closed")
    assert done(box, f"/v1/tickets/{made['id']}/close")["state"] == "closed"


def test_H1_an_answer_is_told(headend: RunningHeadend, box: SignInBox) -> None:
    made = done(box, "/v1/tickets", {"subject": "money"})
    answered(headend, made["id"], "Разобрались", closing=True)
    headend.service.sender.send_due()
    assert "Ответ на обращение: Списания и оплата" in headend.sent()[-1]["text"]
    assert get(box, f"/v1/tickets/{made['id']}")["state"] == "closed"


def test_H1_needs_no_pin_and_a_request_is_made_once(box: SignInBox) -> None:
    before = len(everything(box, "/v1/tickets"))
    answers = [box.request("POST", "/v1/tickets", key="once", body={"subject": "other"}) for _ in range(3)]
    assert {each.status_code for each in answers} == {200}
    assert len({each.text for each in answers}) == 1
    assert len(everything(box, "/v1/tickets", limit=1)) == before + 1


def test_H1_at_most_20_requests_are_open(box: SignInBox) -> None:
    for _ in range(20):
        done(box, "/v1/tickets", {"subject": "other"})
    answer = post(box, "/v1/tickets", {"subject": "other"})
    assert (answer.status_code, answer.json()["code"], answer.json()["most"]) == (409, "tickets_full", 20)
    assert refused(box, "/v1/tickets/chats", {"question": "operator"}) == (409, "tickets_full")
    first = next(each for each in everything(box, "/v1/tickets") if each["state"] == "open")
    done(box, f"/v1/tickets/{first['id']}/close")
    done(box, "/v1/tickets", {"subject": "other"})


def test_H1_a_thread_has_an_end(headend: RunningHeadend, box: SignInBox) -> None:
    made = done(box, "/v1/tickets", {"subject": "other"})

    def fill(connection: Any) -> None:
        services = headend.service.services
        account = begin(connection, services.operator, services.clock.now(), FAMILY)
        for number in range(MESSAGES_MOST - 1):
            tickets.write(account, made["id"], f"{number}")
        finish(account)

    headend.service.services.database.write(fill)
    assert done(box, f"/v1/tickets/{made['id']}/messages", {"text": "x"})["messages"] == MESSAGES_MOST
    assert refused(box, f"/v1/tickets/{made['id']}/messages", {"text": "x"}) == (409, "ticket_full")


def test_H1_a_chat_begins_with_a_ready_question_and_its_answer(headend: RunningHeadend, box: SignInBox) -> None:
    made = done(box, "/v1/tickets/chats", {"question": "when-back"})
    found = get(box, f"/v1/tickets/{made['id']}")
    assert [author for author, _ in thread(box, made["id"])] == ["viewer", "service"]
    assert (
        found["thread"][1]["text"]["en"] == "Within a minute of the payment, by itself. You need not restart the box."
    )
    assert found["phone_url"] == f"https://tv.example.org/chat/{made['id']}"
    assert found["wait_minutes"] == 20
    again = done(box, f"/v1/tickets/{made['id']}/questions", {"question": "operator"})
    assert (again["messages"], again["state"]) == (4, "open")
    answered(headend, made["id"], "Здравствуйте!")
    assert [author for author, _ in thread(box, made["id"])] == ["viewer", "service", "viewer", "service", "operator"]


def test_H1_ready_questions_are_for_chats(box: SignInBox) -> None:
    made = done(box, "/v1/tickets", {"subject": "other"})
    assert refused(box, f"/v1/tickets/{made['id']}/questions", {"question": "operator"}) == (404, "not_found")
    assert refused(box, "/v1/tickets/chats", {"question": "nothing"}) == (404, "not_found")
    assert get(box, f"/v1/tickets/{made['id']}")["phone_url"] is None


def test_H1_a_call_back_is_in_the_next_such_part_of_a_day(headend: RunningHeadend, box: SignInBox) -> None:
    # 19:4x in Moscow on 21 November: the evening is not over, the morning is tomorrow's
    evening = done(box, "/v1/tickets/call-backs", {"span": "evening"})["call_back"]
    assert evening == {
        "phone": "+7 ••• •••-••-34",
        "on": "2026-11-21",
        "span": {"id": "evening", "from": "17:00", "to": "21:00"},
    }
    morning = done(box, "/v1/tickets/call-backs", {"span": "morning", "phone": "8 (912) 555-01-77"})["call_back"]
    assert (morning["on"], morning["phone"]) == ("2026-11-22", "+7 ••• •••-••-77")
    assert refused(box, "/v1/tickets/call-backs", {"span": "night"}) == (404, "not_found")
    assert refused(box, "/v1/tickets/call-backs", {"span": "day", "phone": "12345"}) == (409, "phone_refused")


def test_A3_i_did_not_order_this_has_the_charge_attached(box: SignInBox) -> None:
    entry = charge(box)
    made = done(box, "/v1/tickets/disputes", {"entry_id": entry["id"], "text": "Не подключали"})
    found = get(box, f"/v1/tickets/{made['id']}")
    assert (found["kind"], found["entry_id"], found["entry"]) == ("dispute", entry["id"], entry)
    assert found["subject"]["ru"] == "Я этого не заказывал"
    answer = post(box, "/v1/tickets/disputes", {"entry_id": entry["id"]})
    assert (answer.status_code, answer.json()["code"]) == (409, "charge_disputed")
    assert answer.json()["ticket_id"] == made["id"]
    done(box, f"/v1/tickets/{made['id']}/close")
    assert done(box, "/v1/tickets/disputes", {"entry_id": entry["id"]})["id"] != made["id"]


def test_A3_a_payment_or_another_accounts_charge_cannot_be_disputed(headend: RunningHeadend, box: SignInBox) -> None:
    entries = everything(box, "/v1/ledger/entries", 200)
    paid = next(each for each in entries if each["kind"] == "payment")
    assert refused(box, "/v1/tickets/disputes", {"entry_id": paid["id"]}) == (409, "charge_undisputable")
    assert refused(box, "/v1/tickets/disputes", {"entry_id": "e99999"}) == (409, "charge_undisputable")


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("/v1/tickets", {}, "subject"),
        ("/v1/tickets", {"subject": "x" * 41}, "subject"),
        ("/v1/tickets", {"subject": "picture", "text": ""}, "text"),
        ("/v1/tickets", {"subject": "picture", "text": "x" * 1001}, "text"),
        ("/v1/tickets", {"subject": "picture", "text": "a\0b"}, "text"),
        ("/v1/tickets/disputes", {"entry_id": "64"}, "entry_id"),
        ("/v1/tickets/disputes", {"entry_id": "e99999999999"}, "entry_id"),
        ("/v1/tickets/chats", {"question": 1}, "question"),
        ("/v1/tickets/call-backs", {"span": "day", "phone": "9" * 31}, "phone"),
    ],
)
def test_H1_what_is_wrong_is_said_by_field(box: SignInBox, path: str, body: dict[str, Any], field: str) -> None:
    answer = post(box, path, body)
    assert (answer.status_code, answer.json()["code"]) == (400, "request_invalid"), answer.text
    assert answer.json()["errors"][0]["field"] == field


@pytest.mark.parametrize(
    "number", ["4111 1111 1111 1111", "4111111111111111", "5555-5555-5555-4444", "378282246310005"]
)
def test_H1_a_payment_card_number_that_somebody_writes_is_not_kept(
    headend: RunningHeadend, box: SignInBox, number: str
) -> None:
    asked = done(
        box, "/v1/tickets", {"subject": "money", "text": f"Карта {number}, счёт 102733458021, 8 900 555-01-34"}
    )
    done(box, f"/v1/tickets/{asked['id']}/messages", {"text": f"{number}\nещё раз"})
    slots = get(box, "/v1/applications/slots")
    visit = {"kind": "repair", "day": slots["days"][0], "slot": slots["slots"][0]["id"], "note": f"оплата {number}"}
    application = done(box, "/v1/applications", visit)
    thread = [each["text"]["ru"] for each in get(box, f"/v1/tickets/{asked['id']}")["thread"]]
    assert thread == ["Карта [hidden], счёт 102733458021, 8 900 555-01-34", "[hidden]\nещё раз"]
    assert application["note"] == "оплата [hidden]"
    for table in tables.metadata.sorted_tables:
        with headend.service.services.database.read() as connection:
            kept = str(connection.execute(select(table)).all())
        assert number not in kept, table.name
    done(box, f"/v1/applications/{application['id']}/cancel")
    done(box, f"/v1/tickets/{asked['id']}/close")


def test_H1_longest_text_is_taken(box: SignInBox) -> None:
    assert done(box, "/v1/tickets", {"subject": "other", "text": "я" * 1000})["messages"] == 1


def test_H1_nobody_reads_or_writes_another_accounts_request(headend: RunningHeadend, box: SignInBox) -> None:
    made = done(box, "/v1/tickets", {"subject": "other", "text": "тайна"})
    stranger = headend.box("debt")
    stranger.sign_in()
    path = f"/v1/tickets/{made['id']}"
    assert stranger.request("GET", path).status_code == 404
    assert made["id"] not in [each["id"] for each in everything(stranger, "/v1/tickets")]
    for action, body in (
        ("messages", {"text": "x"}),
        ("read", {}),
        ("close", {}),
        ("questions", {"question": "operator"}),
    ):
        assert refused(stranger, f"{path}/{action}", body) == (404, "not_found")
    assert get(box, path)["state"] == "open"


def test_H1_help_works_while_the_service_is_stopped_or_suspended(headend: RunningHeadend) -> None:
    for household in ("debt", "suspended"):
        client = headend.box(household)
        client.sign_in()
        assert get(client, "/v1/help")["lines"]
        assert done(client, "/v1/tickets", {"subject": "money"})["state"] == "open"


def test_H1_polaris_has_its_own_help(polaris: RunningHeadend) -> None:
    client = polaris.box()
    client.sign_in()
    found = get(client, "/v1/help")
    assert [each["number"] for each in found["lines"]] == ["0800 555 100"]
    assert [each["id"] for each in found["salons"]] == ["zilina"]
    for _ in range(10):
        done(client, "/v1/tickets", {"subject": "other"})
    assert refused(client, "/v1/tickets", {"subject": "other"}) == (409, "tickets_full")


def test_H1_a_card_that_proves_nothing_reads_help_too(headend: RunningHeadend) -> None:
    client = headend.box("debt")
    client.sign_in()
    claimed = update(tables.sessions).where(tables.sessions.c.chip_id == client.chip_id).values(acr="card-claimed")
    headend.prepared.database.write(lambda connection: connection.execute(claimed))
    assert get(client, "/v1/help")["lines"]
    assert client.request("GET", "/v1/tickets").json()["code"] == "acr_insufficient"
    assert refused(client, "/v1/tickets", {"subject": "money"})[1] == "acr_insufficient"
