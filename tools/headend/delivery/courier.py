"""Hands over what must not lie in a table, a code above all: a thread with a queue in memory.

A request never waits for a mail server, and how long its answer takes tells nobody whether something was sent. What
is lost with the process is a code that the viewer asks for again; notices go through the outbox of the database.
"""

from __future__ import annotations

import contextlib
import logging
import queue
import threading
from collections.abc import Sequence

from tools.headend.delivery import Delivery, DeliveryFailed, Message
from tools.headend.logs import NAME

logger = logging.getLogger(NAME)

_WAITING_MAX = 1000
_PAUSES = (1.0, 4.0, 10.0)
"""Seconds before each further try: a code is good for minutes, and whoever waits for it asks again after one."""


class Courier:
    """Starts with its first message; thread-safe."""

    def __init__(self, delivery: Delivery, pauses: Sequence[float] = _PAUSES) -> None:
        self._delivery = delivery
        self._pauses = pauses
        self._waiting: queue.Queue[Message | None] = queue.Queue(_WAITING_MAX)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="courier", daemon=True)
        self._lock = threading.Lock()
        self._started = False

    def send(self, messages: Sequence[Message]) -> None:
        """Soon; what is too much is dropped, and said in the log."""
        for message in messages:
            self._start()
            try:
                self._waiting.put_nowait(message)
            except queue.Full:
                logger.error("too many messages wait to be sent: one to %s is dropped", message.channel)

    def wait_idle(self) -> None:
        """Until everything that was given up to now was handed over or given up."""
        self._waiting.join()

    def stop(self) -> None:
        """What waits gets one more try, and all of it together a second."""
        self._stop.set()
        if self._started:
            with contextlib.suppress(queue.Full):
                self._waiting.put_nowait(None)
            self._thread.join(timeout=1)

    def _start(self) -> None:
        with self._lock:
            if not self._started:
                self._started = True
                self._thread.start()

    def _run(self) -> None:
        while (message := self._waiting.get()) is not None:
            try:
                self._hand_over(message)
            finally:
                self._waiting.task_done()
        self._waiting.task_done()

    def _hand_over(self, message: Message) -> None:
        for pause in (*self._pauses, None):
            try:
                self._delivery.send(message)
            except DeliveryFailed as error:
                if error.final or pause is None or self._stop.wait(pause):
                    logger.error("a message by %s was not sent: %s", message.channel, error.message)
                    return
                logger.warning("a message by %s is sent again: %s", message.channel, error.message)
            else:
                return
