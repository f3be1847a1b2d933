"""sd_notify(3): tells systemd that a Type=notify service is ready; nothing where NOTIFY_SOCKET is not set."""

from __future__ import annotations

import logging
import socket
from collections.abc import Mapping

logger = logging.getLogger(__name__)


def notify(state: str, environment: Mapping[str, str]) -> None:
    """Send ``READY=1`` or ``STOPPING=1``; a socket that does not take it is said, never a reason to stop."""
    address = environment.get("NOTIFY_SOCKET", "")
    if not address:
        return
    if address.startswith("@"):
        address = "\0" + address[1:]  # the abstract namespace
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sock:
            sock.connect(address)
            sock.send(state.encode())
    except OSError as error:
        logger.warning("NOTIFY_SOCKET does not take '%s': %s", state, error.strerror)
