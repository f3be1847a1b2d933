"""Messages of the operator (A6): the list, and one message to read; reading marks it as read."""

from __future__ import annotations

import logging

from device.api.errors import ApiError
from stb_app.account.models import Message
from stb_app.account.queries import MESSAGES
from stb_app.navigation import Back, Destination, Open, Stay
from stb_app.screens.base import Frame, Offer, Screen, View
from stb_app.screens.frame import page
from stb_app.screens.lists import listing, position
from stb_app.screens.states import awaiting, nothing
from stb_app.toolkit.elements import Column, Focusable, Text
from stb_app.toolkit.reading import reading
from stb_app.toolkit.rows import LazyRows
from stb_app.toolkit.stage import Page
from stb_app.toolkit.widgets import button, row
from stb_app.words import Words

logger = logging.getLogger(__name__)

LONG_TEXT = 400
"""Characters that every size but XL shows on one screen."""


class MessagesScreen(Screen):
    """Newest first; what is new says so."""

    name = "messages"

    def called(self, words: Words) -> str:
        return words("Messages")

    def offers(self, view: View) -> list[Offer]:
        reads = [Offer("select", view.words("Read"))] if view.store.value(MESSAGES) else []
        return [*reads, Offer("pay", view.words("Pay"))]

    def select(self, focus: str, view: View) -> Destination:
        for message in view.store.value(MESSAGES) or ():
            if _id(message) == focus:
                return Open(MessageScreen(message))
        return Stay()

    def near_end(self, view: View) -> None:
        view.store.more(MESSAGES)

    def build(self, view: View, frame: Frame) -> Page:
        words = view.words
        title = words("Messages")
        found, fetched = view.store.value(MESSAGES), view.store.get(MESSAGES)
        heading = [] if view.large else [Text(title, "title", id="heading", role="heading")]
        if not found:
            none = nothing(words("No messages yet"), words("What the operator writes to you stands here"))
            body = Column([*heading, awaiting(view, fetched) if found is None else none], gap="medium")
            return page(self, view, frame, body, title=title if view.large else "", source=fetched)
        rows = LazyRows([_id(message) for message in found], lambda index: _row(found[index], view))
        body = Column([*heading, listing("messages", rows)], gap="medium")
        return page(
            self, view, frame, body, title=title if view.large else "",
            position=position(rows, view, more=fetched.cursor is not None), source=fetched,
        )  # fmt: skip


def _id(message: Message) -> str:
    return f"message.{message.id}"


def _row(message: Message, view: View) -> Focusable:
    words = view.words
    badge = None if message.read else (words("new"), "good")
    when = view.formats.moment(message.at, view.now)
    title = words.local(message.title)
    return row(_id(message), title, note=when, badge=badge, stacked=view.large, role="button")


class MessageScreen(Screen):
    """One message."""

    name = "message"

    def __init__(self, message: Message) -> None:
        self._message = message
        self._marked = message.read

    def shown(self, view: View) -> None:
        if not self._marked:
            self._marked = True
            view.store.send(f"/v1/messages/{self._message.id}/read", {}, _keep_going)

    def build(self, view: View, frame: Frame) -> Page:
        words, message = view.words, self._message
        title, when = words.local(message.title), view.formats.moment(message.at, view.now)
        text = words.local(message.text)
        in_stops = view.large or len(text) > LONG_TEXT
        done = button("done", words("Read it"), large=in_stops)
        if in_stops:
            body = reading("message", title, when, text, [done])
            return page(
                self, view, frame, body, title=words("Messages"), initial="head", position=position(body.rows, view)
            )
        head = [Text(title, "title", id="heading", role="heading"), Text(when, "detail", "explain", id="when")]
        said = Text(text, "lead", id="message_text")
        whole = Column([*head, said, done], gap="medium", align="start")
        return page(self, view, frame, whole, title=words("Messages"), initial="done")

    def select(self, focus: str, view: View) -> Destination:  # noqa: ARG002
        return Back()


def _keep_going(error: ApiError | None) -> None:
    """An unread mark that could not be cleared is no reason to disturb: the device's journal sends it again."""
    if error is not None:
        logger.info("message not marked as read yet: %s", error)
