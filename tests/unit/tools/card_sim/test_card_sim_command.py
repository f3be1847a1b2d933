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

from device.api.waiting import wait_until
from smartcard.errors import CardRemoved
from smartcard.identity import identify
from smartcard.reader import ReaderState
from smartcard.readers import open_reader
from tools.card_sim.__main__ import main
from tools.card_sim.cards import UnknownCard, card_of_household, card_of_profile
from tools.card_sim.faces import SWAPPED_CARD_NUMBER
from tools.card_sim.faults import FAULTS
from tools.card_sim.vpcd_reader import VpcdReader
from tools.provisioning import KeyRing

COMMAND = [sys.executable, "-m", "tools.card_sim"]


@pytest.fixture
def signals() -> Iterator[None]:
    """What the command does with signals is not to outlive it here."""
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@contextmanager
def started(*options: str) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen([*COMMAND, *options], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        yield process
    finally:
        process.terminate()  # not killed: its keys lie in a folder that only it removes
        process.communicate(timeout=10)


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


def test_one_card_in_every_face(reader: VpcdReader) -> None:
    """Three addresses in one line of JSON, and each of them answers."""
    options = ("--profile", "conax", "--vpcd", reader.address, "--pty", "--rfc2217", "0", "--no-echo", "--clock", "6")
    with started(*options) as process:
        assert process.stdout is not None
        vpcd, terminal, port = json.loads(process.stdout.readline())["listening"]
        assert vpcd == reader.address
        assert reader.wait_for_change(0, 10).present
        for place in (f"serial:{terminal},echo=off", f"serial:{port},echo=off,clock=6"):
            with open_reader(place) as serial:
                assert serial.wait_for_change(0, 10).present
                with serial.connect() as connection:
                    assert identify(connection).identity.kind == "conax"
        process.send_signal(signal.SIGTERM)
        assert process.wait(3) == 0
        assert process.communicate() == ("", "")


def test_faults_and_another_atr(reader: VpcdReader) -> None:
    with started("--profile", "piv", "--vpcd", reader.address, "--atr", "3B800181", "--fault", "swap"):
        assert reader.wait_for_change(0, 10).present
        connection = reader.connect()
        assert connection.atr.hex == "3B800181"
        with pytest.raises(CardRemoved):
            identify(connection)
        connection.close()
        wait_until(lambda: reader.state() == ReaderState(True, 3), limit=10, what="the other card")
        with reader.connect() as connection:
            assert identify(connection).identity.serial == SWAPPED_CARD_NUMBER


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        ([], "--profile --card"),
        (["--profile", "irdeto9"], "invalid choice: 'irdeto9'"),
        (["--profile", "piv", "--card", "family"], "not allowed with"),
        (["--profile", "piv", "--vpcd", "nowhere"], "'nowhere' is no address"),
        (["--profile", "piv", "--rfc2217", "65536"], "'65536' is no port"),
        (["--profile", "piv", "--pty", "--fault", "nul-flood"], "known: mute, tck-wrong"),
        (["--profile", "piv", "--pty", "--fault", "mute:0"], "'mute:0'"),
        (["--profile", "irdeto", "--pty", "--fault", "wrong-lrc"], "cannot happen over T=14"),
        (["--profile", "piv", "--vpcd", "unix:/nowhere", "--fault", "slow"], "cannot happen over an APDU face"),
        (["--profile", "conax", "--pty", "--fault", "tck-wrong"], "needs an ATR with a TCK"),
        (["--profile", "piv", "--atr", "3C00"], "'3C00' is no ATR"),
        (["--profile", "piv", "--pty", "--clock", "4"], "invalid choice: '4'"),
        (["--profile", "piv", "--keys", "/dev/null/keys"], "/dev/null/keys: Not a directory"),
        (["--card", "nobody"], "nobody"),
        (["--card", "family/attic"], "'attic'"),
    ],
)
def test_bad_usage_is_one_line_and_exit_2(
    options: list[str], complaint: str, capsys: pytest.CaptureFixture[str], signals: None
) -> None:
    try:
        code = main(options)
    except SystemExit as ended:  # argparse's way out
        code = int(ended.code or 0)
    said = capsys.readouterr()
    assert code == 2
    assert said.out == ""
    assert len(said.err.splitlines()) == 1
    assert complaint in said.err


def test_nothing_of_a_traceback_reaches_a_shell() -> None:
    answer = subprocess.run([*COMMAND, "--card", "nobody"], capture_output=True, text=True, check=False, timeout=30)
    assert (answer.returncode, answer.stdout, len(answer.stderr.splitlines())) == (2, "", 1)


def test_help_tells_everything() -> None:
    answer = subprocess.run([*COMMAND, "--help"], capture_output=True, text=True, check=True, timeout=30)
    for option in (
        "--profile",
        "--card",
        "--vpcd",
        "--keys",
        "--pty",
        "--rfc2217",
        "--fault",
        "SIGTERM",
        "35963",
        *FAULTS,
    ):
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
