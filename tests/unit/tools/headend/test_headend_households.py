"""Households and operators: all of them load, add up on any day, and a mistake in a file is found at its line."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from device.api.errors import ConfigError
from device.api.yaml_file import YamlError
from tools.headend.domain.ledger import EntryKind, balances
from tools.headend.households import household_names, load_household
from tools.headend.households import loader as household_loader
from tools.headend.households.history import history
from tools.headend.operators import FOLDER as OPERATORS
from tools.headend.operators import load_operator, operator_names

HOUSEHOLDS = household_loader.FOLDER
INSTANTS = st.datetimes(datetime(2024, 1, 1), datetime(2031, 12, 31), timezones=st.just(UTC))


def test_the_households_of_the_product_are_there() -> None:
    required = {"family", "debt", "suspended", "empty-card-slot", "foreign-card", "revoked", "new"}
    assert required <= set(household_names())
    assert operator_names() == ("mts", "polaris")


def test_identifiers_belong_to_one_household_alone() -> None:
    everyone = [load_household(name, "mts") for name in household_names()]
    boxes = [box for each in everyone for box in each.boxes]
    for values in (
        [each.account_number for each in everyone],
        [box.chip_id for box in boxes],
        [box.card_number for box in boxes],
    ):
        assert len(values) == len(set(values))


def test_family_is_what_the_contract_says() -> None:
    family = load_household("family", "mts")
    assert family.account_number == "102733458021"
    assert (family.balance.amount, family.balance.currency) == (128450, "RUB")
    assert [(box.id, box.room, box.first) for box in family.boxes] == [
        ("living-room", "Гостиная", True),
        ("kitchen", "Кухня", False),
    ]
    assert family.shown.id == "living-room"
    assert [message.read for message in family.messages].count(False) == 1
    assert len(family.messages) == 3


def test_inserted_cards_exist() -> None:
    for name in household_names():
        inserted = load_household(name, "mts").inserted
        if "/" in inserted:
            household, box = inserted.split("/")
            assert load_household(household, "mts").box(box) is not None


@settings(max_examples=60)
@given(INSTANTS, st.sampled_from(household_names()), st.sampled_from(operator_names()))
def test_the_history_adds_up_to_the_balance_whatever_day_it_is(now: datetime, name: str, operator: str) -> None:
    household = load_household(name, operator)
    entries = history(household, now)
    assert sum(entry.posting.wallet_change for entry in entries) == household.balance.amount
    assert sum(balances(entry.posting for entry in entries).values()) == 0
    assert all(entry.at <= now for entry in entries)
    assert entries == sorted(entries, key=lambda entry: entry.at)
    if not household.stopped:
        running = accumulate(entry.posting.wallet_change for entry in entries)
        assert min(running, default=0) >= 0, "a household that is served never owed"


@settings(max_examples=40)
@given(INSTANTS)
def test_families_year_is_a_year_on_any_day(now: datetime) -> None:
    family = load_household("family", "mts")
    entries = history(family, now)
    months = {(entry.day.year, entry.day.month) for entry in entries}
    assert len(months) == 13, "twelve, and the month before in which it began"
    parts = [each for each in entries if each.period and each.period.days < each.period.of]
    assert any(each.kind is EntryKind.PACKAGE_FEE for each in parts)
    assert {each.method for each in entries if each.method} >= {"sbp", "card", "terminal"}


def test_debt_begins_with_this_months_charge() -> None:
    debt = load_household("debt", "mts")
    now = datetime(2026, 11, 21, 12, tzinfo=UTC)
    entries = history(debt, now)
    before = sum(each.posting.wallet_change for each in entries if each.at < now - timedelta(days=25))
    assert before >= 0 > sum(each.posting.wallet_change for each in entries)


def test_a_suspension_is_not_charged() -> None:
    household = load_household("suspended", "mts")
    entries = history(household, datetime(2026, 12, 3, tzinfo=UTC))
    assert not [each for each in entries if each.period and each.day.month == 12], "1 December fell inside"
    assert [each for each in entries if each.period and each.day.month == 11]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(HOUSEHOLDS, tmp_path / "households", ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    return tmp_path / "households"


def change(folder: Path, old: str, new: str, name: str = "family.yaml") -> int:
    """Replace the first ``old`` in a file; returns its line."""
    path = folder / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ('account_number: "102733458021"', 'account_number: "10273345802"', "expected 12 digits"),
        ("region: {mts: moscow", "region: {mts: mars", "expected one of moscow, ural, primorye"),
        ("balance: {mts: 128450", "balance: {mts: much", "expected a whole number"),
        ("inserted: own", "inserted: mine", "expected own, none or HOUSEHOLD/BOX"),
        ("item: sport", "item: sports", "expected one of basic"),
        ("room: Кухня", "rum: Кухня", "'rum' is not known here"),
        ("first: true}", "first: false}", "exactly one box with 'first: true'"),
        ("- id: kitchen", "- id: living-room", "stands here twice"),
        ("method: terminal", "method: barter", "expected one of sbp, card, terminal, salon"),
        ('time: "18:05"', 'time: "25:05"', 'expected a time as "19:41"'),
        ("channel: phone", "channel: phone, room: kitchen", "'room' belongs to channel tv"),
        ('phone: {mts: "9005550134"', 'phone: {mts: "5550134"', "expected 10 digits"),
        ("read: false", "read: maybe", "expected true or false"),
        ("      sk: Premiéry týždňa sú na kanáli 5\n", "", "'sk' is missing"),
        ("amount: {mts: 3520", "amount: {mts: 0", "a correction of nothing"),
        ('chip_id: "884100270029"', 'chip_id: "12|34567"', "expected 6 to 32 letters and digits"),
    ],
)
def test_a_mistake_is_found_at_its_line(folder: Path, old: str, new: str, why: str) -> None:
    line = change(folder, old, new)
    with pytest.raises(YamlError, match=r"family\.yaml:[0-9]+: ") as caught:
        load_household("family", "mts", folder)
    assert why in str(caught.value)
    assert abs(caught.value.line - line) <= 2


def test_a_household_that_cannot_add_up_says_so(folder: Path) -> None:
    change(folder, "balance: {mts: 128450", "balance: {mts: -900000")
    household = load_household("family", "mts", folder)
    with pytest.raises(ConfigError, match="household family: payments exceed charges and balance"):
        history(household, datetime(2026, 11, 21, tzinfo=UTC))


def test_unknown_names_are_answered_with_the_known_ones() -> None:
    with pytest.raises(ConfigError, match=r"no household is named 'nobody'; known: .*family"):
        load_household("nobody", "mts")
    with pytest.raises(ConfigError, match="no operator is named 'acme'; known: mts, polaris"):
        load_operator("acme")


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("state: refused, reason: other_owner", "state: refused", "'reason' belongs to state refused"),
        ("state: checking", "state: checked", "expected one of requested, checking, linked, refused"),
        ('number: {mts: "9005550264"', 'number: {mts: "905550264"', "expected 10 digits"),
        ("traffic: {days: 50", "traffic: {days: 0", "outside"),
    ],
)
def test_a_mistake_in_numbers_or_traffic_is_found_at_its_line(tmp_path: Path, old: str, new: str, why: str) -> None:
    text = (HOUSEHOLDS / "together.yaml").read_text("utf-8")
    assert old in text
    (tmp_path / "together.yaml").write_text(text.replace(old, new, 1), "utf-8")
    line = text[: text.index(old)].count("\n") + 1
    with pytest.raises(ConfigError, match=rf"together\.yaml:{line}: ") as caught:
        load_household("together", "mts", tmp_path)
    assert why in str(caught.value)


@pytest.mark.parametrize(
    ("file", "old", "new", "why"),
    [
        ("rules.yaml", "currency: RUB", "currency: rub", "ISO 4217"),
        ("rules.yaml", "time_zone: Europe/Moscow", "time_zone: Europe/Atlantis", "IANA"),
        ("rules.yaml", "rooms_max: 4", "rooms_max: 0", "outside"),
        ("rules.yaml", "box: {failures: 10", "box: {fails: 10", "'fails' is not known here"),
        ("catalogue.yaml", "kind: room", "kind: option", "exactly one item of kind room"),
        ("catalogue.yaml", "id: extended", "id: basic", "stands here twice"),
        ("catalogue.yaml", "price: 25000", "price: -1", "outside"),
        ("catalogue.yaml", "ru: Базовый, ", "", "'ru' is missing"),
    ],
)
def test_a_mistake_of_the_operator_is_found_at_its_line(
    tmp_path: Path, file: str, old: str, new: str, why: str
) -> None:
    shutil.copytree(OPERATORS / "mts", tmp_path / "mts")
    change(tmp_path / "mts", old, new, file)
    with pytest.raises(YamlError, match=f"mts/{file}:[0-9]+: ") as caught:
        load_operator("mts", tmp_path)
    assert why in str(caught.value)
