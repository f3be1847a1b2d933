"""The app as benchmarks play it: a platform that notes its presents, a mailbox of any length."""

from __future__ import annotations

import time
from collections.abc import Sequence

import pygame

from tools.pilot.gateway import FakeGateway
from tools.pilot.pilot import SteppedPlatform


class PresentTimes(SteppedPlatform):
    """``last``: ``perf_counter`` when the last present returned."""

    last = 0.0

    def present(self, rects: Sequence[pygame.Rect]) -> None:
        super().present(rects)
        self.last = time.perf_counter()


def gateway_with_messages(count: int) -> FakeGateway:
    """A calm account with so many messages, each with a title and a moment of its own, the first two of them new."""
    gateway = FakeGateway()
    mailbox = gateway.bodies["/v1/messages"]
    first = mailbox["items"][0]
    mailbox["items"] = [
        {
            **first,
            "id": f"m{number}",
            "at": f"2026-{11 - number % 10:02}-{28 - number % 27:02}T10:00:00Z",
            "title": {language: f"{said} {number + 1}" for language, said in first["title"].items()},
            "read": number > 1,
        }
        for number in range(count)
    ]
    return gateway


def gateway_with_entries(count: int) -> FakeGateway:
    """A calm account whose months have so many entries each."""
    gateway = FakeGateway()
    entries = gateway.bodies["/v1/ledger/entries"]
    kinds = entries["items"]
    entries["items"] = [{**kinds[number % len(kinds)], "id": f"e{number}"} for number in range(count)]
    return gateway
