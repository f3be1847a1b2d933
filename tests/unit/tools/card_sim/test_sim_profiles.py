"""The simulated conditional-access cards, byte for byte by facts/smartcard.md, and read by the real applications."""

from __future__ import annotations

from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smartcard.atr import ATR
from smartcard.errors import CardUnsupported
from smartcard.identity import Assurance, identify
from smartcard.proof import CardProof
from tools.card_sim.cards import PROFILES, card_of_profile
from tools.card_sim.core import SimulatedCard
from tools.card_sim.in_process import InProcessReader
from tools.card_sim.profiles.conax import ConaxCard
from tools.card_sim.profiles.dre import DreCard
from tools.card_sim.profiles.irdeto import IrdetoAcsCard, IrdetoCard, IrdetoFacts
from tools.card_sim.profiles.nagra import NagraCard
from tools.card_sim.profiles.seca import SecaCard
from tools.card_sim.profiles.viaccess import ViaccessCard
from tools.provisioning import KeyRing

CARDS: dict[str, type[SimulatedCard]] = {
    "irdeto": IrdetoCard,
    "irdeto-acs": IrdetoAcsCard,
    "viaccess": ViaccessCard,
    "conax": ConaxCard,
    "dre": DreCard,
    "nagra": NagraCard,
    "seca": SecaCard,
}
SERIALS = {
    "irdeto": "3200000017",
    "irdeto-acs": "3200000017",
    "viaccess": "0102030405",
    "conax": "000011223344",
    "dre": "1C2B3A49",
    "nagra": "0A1B2C3D",
    "seca": "00F1E2D3C4B5",
}
TALKS: dict[str, list[tuple[str, str]]] = {
    "irdeto": [
        ("0200030000", "33323030303030303137" + "00" * 10 + "0000"),
        ("0201000000", "00" * 10 + "02001A2B3C10" + "0000"),
        ("0202030000", "00410000000624" + "00" * 6 + "53564B" + "0000"),
        ("0203030000", "0D00"),
        ("02000300", "0700"),
        ("020003000100" + "00", "0700"),
    ],
    "irdeto-acs": [
        ("D2000300013F", "901D"),
        ("D2FE00001C", "6700"),
        ("D2FE00001D", "0102000000030014" + "33323030303030303137" + "00" * 10 + "2C" + "9000"),
        ("D2FE00001D", "6985"),
        ("D2020300013E", "9019"),
        ("D2FE000019", "0102000001030010" + "00" * 10 + "02001A2B3C10" + "31" + "9000"),
        ("D2040000013E", "9019"),
        ("D2020300013F", "6A80"),
        ("D2020000013E", "6B00"),
        ("D2000300", "6700"),
        ("D2060300013C", "6D00"),
        ("00A4040000", "6E00"),
    ],
    "viaccess": [
        ("CAACA40000", "6985"),
        ("8702000003000029", "6A80"),
        ("8702000003000028", "9000"),
        ("CAB8000007", "6985"),
        ("CAACA40000", "9000"),
        ("CAB8000006", "6700"),
        ("CAB8000007", "A40501020304059000"),
        ("CAACA50000", "6B00"),
        ("CAACA400", "9000"),
    ],
    "conax": [
        ("DDCA000007", "6985"),
        ("DD26000003100140", "9807"),
        ("DDCA000007", "200140" + "28020B02" + "9000"),
        ("DD26000003100141", "6A80"),
        ("DD82000011110F01B00FFFFFFB000009040B00E0302B", "6A80"),
        ("DD82000011110F01B00FFFFFFB000009040B02E0302B", "9814"),
        ("DDCA000014", "2212" + "230700000000554433" + "230700000011223344" + "9000"),
        ("DD84000000", "6D00"),
    ],
    "dre": [
        ("00C0000008", "6985"),
        ("80FF10010559034311AD", "6108"),
        ("00C0000008", "5906A31C2B3A4918" + "9000"),
        ("80FF10010559034311AC", "6105"),
        ("00C0000005", "5903E2E1FC" + "9000"),
        ("80FF10010559034312AE", "6105"),
        ("00C0000005", "5903E2E2FF" + "9000"),
        ("80FF10010559034211AC", "6105"),
        ("00C0000005", "5903E2E3FE" + "9000"),
        ("80FF10020559034311AD", "6B00"),
    ],
    "nagra": [
        ("A0CA000002120006", "92040A1B2C3D9000"),
        ("A0CA000002130006", "6F00"),
        ("A0CB000002120006", "6D00"),
        ("00A4040009A0000003080000100000", "6E00"),
        ("A0", "6700"),
    ],
    "seca": [
        ("C10E000008", "000000F1E2D3C4B5" + "9000"),
        ("C10E000007", "6700"),
        ("C10E010008", "6B00"),
        ("C116000007", "6D00"),
        ("00A4040000", "6E00"),
    ],
}


@pytest.mark.parametrize("name", TALKS)
def test_a_card_talks_by_the_table(name: str) -> None:
    card = CARDS[name]()
    card.power_on()
    for command, answer in TALKS[name]:
        assert card.process(bytes.fromhex(command)).hex().upper() == answer, command


@pytest.mark.parametrize("name", CARDS)
def test_a_reset_forgets_what_was_begun(name: str) -> None:
    card = CARDS[name]()
    first, *_ = (command for command, _ in TALKS[name])
    before = card.process(bytes.fromhex(first))
    for command, _ in TALKS[name]:
        card.process(bytes.fromhex(command))
        assert card.reset() == card.atr
        assert card.process(bytes.fromhex(first)) == before
        card.reset()


@pytest.mark.parametrize("name", PROFILES)
def test_every_profile_has_an_atr_without_a_fault(name: str, ring: KeyRing) -> None:
    atr = ATR.parse(card_of_profile(name, ring).power_on())
    assert atr.faults == ()


@pytest.mark.parametrize("name", PROFILES)
def test_every_profile_is_identified(name: str, ring: KeyRing) -> None:
    with InProcessReader(card_of_profile(name, ring)) as reader, reader.connect() as connection:
        credential = identify(connection)
        proof = credential.prove(CardProof.selftest("00" * 16))
    identity = credential.identity
    if name.startswith("piv"):
        assert (identity.kind, identity.assurance) == ("piv", Assurance.PROVEN)
        assert proof
    else:
        assert (identity.kind, identity.serial, identity.assurance) == (name, SERIALS[name], Assurance.CLAIMED)
        assert proof is None


@pytest.mark.parametrize("name", CARDS)
def test_a_card_with_an_atr_that_says_nothing_is_found_by_trying(name: str) -> None:
    card = CARDS[name]()
    atr = {"irdeto": "3B800E8E", "nagra": "3B800181", "dre": "3B050000000011"}.get(name, "3B00")
    card.atr = bytes.fromhex(atr)
    with InProcessReader(card) as reader, reader.connect() as connection:
        assert identify(connection).identity.kind == name


def numbers(size: int) -> st.SearchStrategy[bytes]:
    """Any that was written."""
    return st.binary(min_size=size, max_size=size).filter(lambda each: any(each) and set(each) != {0xFF})


MADE = st.one_of(
    numbers(5).map(lambda number: (ViaccessCard(number), number.hex().upper())),
    numbers(6).filter(lambda each: each[2] != 0).map(lambda number: (ConaxCard(number), number.hex().upper())),
    numbers(4).map(lambda number: (DreCard(number), number.hex().upper())),
    numbers(4).map(lambda number: (NagraCard(number), number.hex().upper())),
    numbers(6).map(lambda number: (SecaCard(number), number.hex().upper())),
    st.from_regex(r"[0-9]{10}", fullmatch=True).map(lambda text: (IrdetoCard(IrdetoFacts(text)), text)),
    st.from_regex(r"[0-9]{10}", fullmatch=True).map(lambda text: (IrdetoAcsCard(IrdetoFacts(text)), text)),
)


@settings(deadline=None)
@given(MADE)
def test_any_number_is_read_as_it_is(made: tuple[SimulatedCard, str]) -> None:
    card, number = made
    with InProcessReader(card) as reader, reader.connect() as connection:
        assert identify(connection).identity.serial == number


def test_a_card_that_was_never_written_is_nobody() -> None:
    blank = pytest.raises(CardUnsupported, match="never written")
    with InProcessReader(SecaCard(bytes(6))) as reader, reader.connect() as connection, blank:
        identify(connection)


def test_t0_needs_to_know_who_sends_the_data() -> None:
    taken = {
        "irdeto-acs": ("D200030001", "D2FE00001D"),
        "viaccess": ("8702000003", "CAB8000007"),
        "conax": ("DD26000003", "DDCA000007"),
        "dre": ("80FF100105", "00C0000008"),
        "nagra": ("A0CA000002", "A0C0000006"),
        "seca": ("C130000109", "C10E000008"),
    }
    for name, (incoming, outgoing) in taken.items():
        card = CARDS[name]()
        assert card.takes_body(bytes.fromhex(incoming)) == (name != "seca"), name
        assert not card.takes_body(bytes.fromhex(outgoing)), name


@cache
def fuzzed() -> list[SimulatedCard]:
    return [make() for make in CARDS.values()]


HEADERS = st.sampled_from([command[:8] for talk in TALKS.values() for command, _ in talk if len(command) >= 8])
COMMANDS = st.binary(max_size=30) | st.tuples(HEADERS.map(bytes.fromhex), st.binary(max_size=30)).map(b"".join)


@settings(deadline=None)
@given(st.lists(COMMANDS, max_size=6))
def test_any_bytes_get_a_status_word(commands: list[bytes]) -> None:
    for card in fuzzed():
        for command in commands:
            assert 2 <= len(card.process(command)) <= 258
