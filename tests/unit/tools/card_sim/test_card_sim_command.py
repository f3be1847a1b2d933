"""``python -m tools.card_sim`` as a person starts it."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from smartcard.identity import identify
from smartcard.reader import ReaderState
from tools.card_sim.cards import UnknownCard, card_of_household, card_of_profile
from tools.card_sim.vpcd_reader import VpcdReader
from tools.provisioning import KeyRing

COMMAND = [sys.executable, "-m", "tools.card_sim"]


@contextmanager
def started(*options: str) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen([*COMMAND, *options], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_card_is_put_in_and_pulled_out_by_a_signal(reader: VpcdReader, number: signal.Signals) -> None:
    with started("--profile", "piv", "--vpcd", reader.address) as process:
        assert process.stdout is not None
        assert json.loads(process.stdout.readline()) == {"listening": [reader.address]}
        assert reader.wait_for_change(0, 10) == ReaderState(True, 1)
        with reader.connect() as connection:
            assert identify(connection).identity.serial == "990000000001"
        process.send_signal(number)
        assert process.wait(3) == 0
        assert process.communicate() == ("", "")
    assert reader.wait_for_change(1, 5) == ReaderState(False, 2)


def test_the_same_keys_give_the_same_card(reader: VpcdReader, ring: KeyRing) -> None:
    known = ring.box("profile", "piv", chip_id="PROFILE", card_number="990000000001").load_card_certificate()
    with started("--profile", "piv", "--vpcd", reader.address, "--keys", str(ring.folder)):
        assert reader.wait_for_change(0, 10).present
        with reader.connect() as connection:
            from cryptography.hazmat.primitives.serialization import Encoding

            assert identify(connection).identity.certificate == known.public_bytes(Encoding.DER)


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        ([], "--profile --card"),
        (["--profile", "irdeto9"], "invalid choice: 'irdeto9'"),
        (["--profile", "piv", "--card", "family"], "not allowed with"),
        (["--profile", "piv", "--vpcd", "nowhere"], "'nowhere' is no address"),
        (["--profile", "piv", "--pty"], "unrecognized arguments: --pty"),
        (["--profile", "piv", "--keys", "/dev/null/keys"], "/dev/null/keys: Not a directory"),
        (["--card", "nobody"], "nobody"),
        (["--card", "family/attic"], "'attic'"),
    ],
)
def test_bad_usage_is_one_line_and_exit_2(options: list[str], complaint: str) -> None:
    answer = subprocess.run([*COMMAND, *options], capture_output=True, text=True, check=False, timeout=30)
    assert answer.returncode == 2
    assert answer.stdout == ""
    assert len(answer.stderr.splitlines()) == 1
    assert complaint in answer.stderr


def test_help_tells_everything() -> None:
    answer = subprocess.run([*COMMAND, "--help"], capture_output=True, text=True, check=True, timeout=30)
    for option in ("--profile", "--card", "--vpcd", "--keys", "SIGTERM", "35963"):
        assert option in answer.stdout


def test_a_households_card_is_the_first_boxs_unless_a_box_is_named(tmp_path: Path) -> None:
    from tools.headend.households import load_household

    ring = KeyRing(tmp_path)
    boxes = {box.id: box for box in load_household("family", "mts").boxes}
    first = next(box for box in boxes.values() if box.first)
    assert card_of_household("family", ring).atr == card_of_household("family/kitchen", ring).atr
    keys = ring.box("family", first.id, chip_id=first.chip_id, card_number=first.card_number)
    subject = keys.load_card_certificate().subject.rfc4514_string()
    assert first.card_number in subject
    assert (tmp_path / "family" / "kitchen" / "card.crt").exists()


def test_an_unknown_profile_names_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(UnknownCard, match="piv"):
        card_of_profile("irdeto9", KeyRing(tmp_path))
