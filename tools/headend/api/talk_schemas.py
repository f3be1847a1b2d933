"""Documents of help, notifications, news and statements (product.md H1, N1, A6, A4)."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from tools.headend.api.bodies import RequestBody, identifier, text
from tools.headend.api.schemas import Document, Entry, Id, KindSum, LocalText, Money, day, instant
from tools.headend.api.terms_schemas import MoneyBody
from tools.headend.use_cases.tickets import MESSAGES_MOST

_DAY = r"^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$"
TEXT_MAX = 1000
NOTE_MAX = 500


def wanted_day(description: str = "A day in the region's time zone", **field: Any) -> Any:
    return Field(pattern=_DAY, description=description, examples=["2026-11-24"], **field)


class Statement(Document):
    """``opening`` and ``closing``: the balance before the first and after the last day."""

    from_: str = Field(alias="from", pattern=_DAY, examples=["2026-11-01"])
    to: str = Field(pattern=_DAY, examples=["2026-11-21"])
    opening: Money
    closing: Money
    charged: Money
    paid: Money
    by_kind: list[KindSum]
    items: list[Entry]
    next_cursor: str | None


class StatementRequest(RequestBody):
    """The days that are sent, both included; ``to`` is today at most."""

    from_: str = wanted_day(alias="from")
    to: str = wanted_day()


class DocumentSent(Document):
    sent_to: list[str] = Field(description="Masked addresses", examples=[["i•••@example.org"]])


class ChannelsChosen(Document):
    sms: bool
    email: bool
    tv: bool


class NoticeTopic(ChannelsChosen):
    """``fixed``: what is on by the operator's rules stays on."""

    topic: str = Field(examples=["balance_low"])
    title: LocalText
    fixed: bool


class NoticeLimits(Document):
    least: Money
    most: Money


class Notifications(Document):
    """``balance_low``: below what balance the account is told; ``language``: of SMS and e-mails."""

    language: Literal["ru", "en", "sk", "es"]
    balance_low: Money
    balance_low_limits: NoticeLimits
    topics: list[NoticeTopic]


class TopicChoice(RequestBody):
    topic: Literal["balance_low", "charge", "payment", "promise", "service", "order", "block", "help", "security"]
    sms: bool
    email: bool
    tv: bool


class BalanceBody(MoneyBody):
    """What a balance may be: below nothing too."""

    amount: int = Field(ge=-(2**53), le=2**53, description="Minor units", examples=[15000])


class NotificationsChange(RequestBody):
    """What is left out stays."""

    language: Literal["ru", "en", "sk", "es"] | None = None
    balance_low: BalanceBody | None = None
    topics: list[TopicChoice] | None = Field(default=None, max_length=20)


class TvLine(Document):
    id: Id
    at: str = instant()
    topic: str = Field(examples=["payment"])
    text: LocalText


class TvLines(Document):
    """Oldest first; each stays for ``seconds`` at most, then it is said to be shown."""

    seconds: int = Field(ge=1, le=10, examples=[10])
    items: list[TvLine]


class Shown(Document):
    id: Id
    shown: Literal[True]


class NewsItem(Document):
    id: str = Field(examples=["cinema-offer"])
    kind: Literal["news", "offer"]
    since: str = day()
    until: str | None = day("The last day")
    item: str | None = Field(description="The catalogue item that it offers", examples=["cinema"])
    title: LocalText
    text: LocalText


class NewsList(Document):
    """``shown`` false: the account does not want any, and there are none."""

    shown: bool
    items: list[NewsItem]


class NewsChoice(RequestBody):
    shown: bool


class NewsShown(Document):
    shown: bool


class HelpLine(Document):
    number: str = Field(examples=["8 800 250 08 90"])
    where: LocalText
    free: bool
    hours: LocalText


class HelpAnswer(Document):
    id: str = Field(examples=["no-signal"])
    question: LocalText
    answer: LocalText


class HelpSalon(Document):
    id: str = Field(examples=["himki"])
    name: LocalText
    address: str = Field(examples=["г. Химки, Московская ул., 14"])
    hours: LocalText


class HelpSubject(Document):
    id: str = Field(examples=["picture"])
    title: LocalText


class HelpSpan(Document):
    id: str = Field(examples=["morning"])
    from_: str = Field(alias="from", pattern=r"^\d{2}:\d{2}$", examples=["09:00"])
    to: str = Field(pattern=r"^\d{2}:\d{2}$", examples=["12:00"])


class HelpQuestion(Document):
    id: str = Field(examples=["why-charged"])
    question: LocalText


class HelpChat(Document):
    """``wait_minutes``: about how long an answer takes now."""

    wait_minutes: int = Field(ge=0, examples=[10])
    questions: list[HelpQuestion]


class Help(Document):
    """``salons``: those of the account's region; ``call_backs``: parts of the day in which the operator calls."""

    lines: list[HelpLine]
    at_hand: LocalText
    answers: list[HelpAnswer]
    salons: list[HelpSalon]
    coverage_url: str = Field(examples=["https://tv.example.org/coverage"])
    subjects: list[HelpSubject]
    chat: HelpChat
    call_backs: list[HelpSpan]


class CallBack(Document):
    """``phone`` masked; ``on`` and ``span``: the day and the part of it."""

    phone: str = Field(examples=["+7 ••• •••-••-34"])
    on: str = day()
    span: HelpSpan | None


class Ticket(Document):
    """``entry_id``: the charge that it is about. ``unread``: the operator wrote and no TV has shown it."""

    id: Id
    kind: Literal["question", "dispute", "chat", "call_back"]
    state: Literal["open", "answered", "closed"]
    subject: LocalText
    entry_id: str | None = Field(examples=["e64"])
    call_back: CallBack | None
    created: str = instant()
    changed: str = instant()
    messages: int = Field(ge=0, le=MESSAGES_MOST + 1, examples=[2])
    unread: bool


class TicketMessage(Document):
    """``service``: a ready answer of the chat."""

    at: str = instant()
    author: Literal["viewer", "operator", "service"]
    text: LocalText


class TicketThread(Ticket):
    """``entry``: the charge that it is about. ``phone_url``, ``wait_minutes``: where a chat goes on by typing on the
    phone, and about how long an answer takes now; null for the others."""

    thread: list[TicketMessage]
    entry: Entry | None
    phone_url: str | None = Field(examples=["https://tv.example.org/chat/5f0c…"])
    wait_minutes: int | None = Field(ge=0, examples=[10])


class Tickets(Document):
    unread: int = Field(ge=0, examples=[1], description="Requests with an answer that no TV has shown")
    items: list[Ticket]
    next_cursor: str | None


TicketText = Annotated[str, text(TEXT_MAX, lines=True, examples=["Что это за списание?"])]


class Question(RequestBody):
    subject: str = identifier(examples=["picture"])
    text: TicketText | None = None


class Dispute(RequestBody):
    """'I did not order this'."""

    entry_id: str = Field(pattern=r"^e[1-9]\d{0,8}$", examples=["e64"])
    text: TicketText | None = None


class ChatQuestion(RequestBody):
    question: str = identifier(examples=["why-charged"])


class CallBackRequest(RequestBody):
    """``phone``: another one than the contract's."""

    span: str = identifier(examples=["morning"])
    phone: Annotated[str, text(30)] | None = Field(default=None, examples=["+7 900 555-01-34"])


class TicketWriting(RequestBody):
    text: TicketText


class VisitSlots(Document):
    """On which days, in which parts of them, somebody can come."""

    days: list[str] = Field(examples=[["2026-11-23", "2026-11-24"]])
    slots: list[HelpSpan]
    kinds: list[VisitKind]
    address: str = Field(description="The contract's, masked", examples=["г. Химки, ••. ••••••, •. ••, ••. ••"])


class VisitKind(Document):
    kind: Literal["service", "tv", "repair"]
    title: LocalText


class Application(Document):
    """``address`` masked. ``changeable``: it can be moved and cancelled."""

    id: Id
    kind: Literal["service", "tv", "repair"]
    title: LocalText
    state: Literal["sent", "agreed", "on_the_way", "done", "cancelled"]
    state_title: LocalText
    day: str = day()
    slot: HelpSpan | None
    address: str = Field(examples=["г. Химки, ••. ••••••, •. ••, ••. ••"])
    item: str | None = Field(examples=["cinema"])
    note: str | None
    created: str = instant()
    changed: str = instant()
    changeable: bool


class Applications(Document):
    items: list[Application]
    next_cursor: str | None


class ApplicationRequest(RequestBody):
    """``item``: the catalogue item to be connected, for kind service."""

    kind: Literal["service", "tv", "repair"]
    day: str = wanted_day()
    slot: str = identifier(examples=["morning"])
    item: Annotated[str, identifier()] | None = Field(default=None, examples=["cinema"])
    note: Annotated[str, text(NOTE_MAX, lines=True, examples=["Код домофона 45"])] | None = None


class ApplicationMove(RequestBody):
    day: str = wanted_day()
    slot: str = identifier(examples=["evening"])
