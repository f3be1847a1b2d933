"""The pcscd that tests start, and what of Debian it needs."""

from __future__ import annotations

from tools.card_sim.pcscd import DRIVER, FIRST_READER, SECOND_READER, PcscDaemon

__all__ = ["FIRST_READER", "PEERS", "SECOND_READER", "PcscDaemon"]

PEERS = ("pcscd", f"vsmartcard-vpcd:{DRIVER}")
