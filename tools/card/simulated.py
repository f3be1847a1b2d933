"""``sim:PROFILE[,keys=DIR]``: a reader with a simulated card in it."""

from __future__ import annotations

import tempfile
from pathlib import Path

from device.api.errors import ApiError
from smartcard.reader import CardReader
from smartcard.readers import open_reader
from tools.card_sim.cards import PROFILES, card_of_profile
from tools.card_sim.in_process import InProcessReader
from tools.provisioning import KeyRing

SCHEME = "sim:"
KEYS = "keys="


def open_any_reader(spec: str) -> CardReader:
    """What ``open_reader`` opens, and simulated cards. ValueError for what is neither."""
    if not spec.startswith(SCHEME):
        try:
            return open_reader(spec)
        except ValueError as error:
            raise ValueError(f"{error}; {SCHEME}PROFILE") from None
    profile, comma, option = spec.removeprefix(SCHEME).partition(",")
    if comma and (not option.startswith(KEYS) or option == KEYS):
        raise ValueError(f"'{option}' is no option of a simulated card; {KEYS}DIR is")
    try:
        if comma:
            return _reader(profile, Path(option.removeprefix(KEYS)))
        with tempfile.TemporaryDirectory(prefix="card-") as folder:
            return _reader(profile, Path(folder))  # the card has its key in itself: the files are not needed any more
    except ApiError as error:
        raise ValueError(str(error)) from None
    except OSError as error:
        raise ValueError(f"{spec}: {error.strerror}") from None


def _reader(profile: str, keys: Path) -> CardReader:
    return InProcessReader(card_of_profile(profile, KeyRing(keys)), name=f"{SCHEME}{profile}")


def readers_help() -> str:
    """For ``--help``."""
    return (
        f"  sim:PROFILE a simulated card: {', '.join(sorted(PROFILES))};\n"
        "              with ,keys=DIR its keys are kept in DIR, and --ca DIR/ca.crt trusts it; else new each time\n"
    )
