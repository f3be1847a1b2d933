"""The card slot: what is in it, seen from the reader's side over the real wire."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from device.api.waiting import wait_until
from smartcard.errors import CardMute
from smartcard.identity import identify
from tools.card_sim.vpcd_reader import VpcdReader
from tools.headend.households import load_household
from tools.provisioning import KeyRing
from tools.simulator.errors import StepFailed
from tools.simulator.slot import CardSlot

LIMIT_S = 10.0


@pytest.fixture
def reader(tmp_path: Path) -> Iterator[VpcdReader]:
    with closing(VpcdReader(f"unix:{tmp_path / 'card.sock'}")) as reader:
        yield reader


@pytest.fixture
def slot(tmp_path: Path, reader: VpcdReader) -> Iterator[CardSlot]:
    slot = CardSlot(KeyRing(tmp_path / "keys"), own="family/kitchen", operator="mts", address=reader.address)
    yield slot
    slot.remove()


def number_in(reader: VpcdReader) -> str:
    wait_until(lambda: reader.state().present, limit=LIMIT_S, what="a card")
    with closing(reader.connect()) as connection:
        return identify(connection).identity.serial


def number_of(name: str) -> str:
    household, box_id = name.split("/")
    box = load_household(household, "mts").box(box_id)
    assert box is not None
    return box.card_number


def test_own_card_another_card_and_none(slot: CardSlot, reader: VpcdReader) -> None:
    slot.insert(None)
    assert number_in(reader) == number_of("family/kitchen")
    before = reader.state().generation
    slot.insert("family/living-room")
    wait_until(lambda: reader.state().generation >= before + 2, limit=LIMIT_S, what="out and in")
    assert number_in(reader) == number_of("family/living-room")
    slot.remove()
    slot.remove()
    wait_until(lambda: not reader.state().present, limit=LIMIT_S, what="an empty slot")


def test_a_household_alone_means_its_first_box(slot: CardSlot, reader: VpcdReader) -> None:
    slot.insert("family")
    assert number_in(reader) == number_of("family/living-room")


def test_a_card_of_a_profile_is_of_no_household(slot: CardSlot, reader: VpcdReader) -> None:
    slot.insert("profile:piv")
    assert number_in(reader) not in {number_of("family/kitchen"), number_of("family/living-room")}


def test_a_mute_card_is_there_and_does_not_answer(slot: CardSlot, reader: VpcdReader) -> None:
    slot.insert(None)
    before = reader.state().generation
    slot.mute()
    wait_until(lambda: reader.state().generation >= before + 2, limit=LIMIT_S, what="the mute card")
    wait_until(lambda: reader.state().present, limit=LIMIT_S, what="a card")
    with pytest.raises(CardMute):
        reader.connect()


@pytest.mark.parametrize("name", ["nobody", "family/attic", "profile:gold"])
def test_a_card_that_does_not_exist_changes_nothing(slot: CardSlot, reader: VpcdReader, name: str) -> None:
    slot.insert(None)
    number = number_in(reader)
    with pytest.raises(StepFailed):
        slot.insert(name)
    assert number_in(reader) == number
