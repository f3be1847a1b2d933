"""A developer's outbox: one JSON file a message in a folder of his own, in the order in which they were sent."""

from __future__ import annotations

import json
import os
import secrets
import time
from pathlib import Path

from tools.headend.delivery import Delivery, DeliveryFailed, Message


class FolderDelivery(Delivery):
    """Writes ``{"channel", "target", "subject", "text"}`` to ``folder`` (0700), each file whole or not at all."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def send(self, message: Message) -> None:
        document = {
            "channel": message.channel,
            "target": message.target,
            "subject": message.subject,
            "text": message.text,
        }
        name = f"{time.time_ns():020d}-{secrets.token_hex(4)}"
        temporary = self.folder / f".{name}"
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                json.dump(document, file, ensure_ascii=False)
            temporary.rename(self.folder / f"{name}.json")
        except OSError as error:
            raise DeliveryFailed(f"{self.folder}: cannot be written: {error.strerror}") from None
