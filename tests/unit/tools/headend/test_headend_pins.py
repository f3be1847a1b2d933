"""Names, PINs, telephone numbers: what counts as right, and how a PIN is kept."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from device.api.errors import ConfigError
from device.api.yaml_file import YamlError
from tests.support.headend_server import START
from tools.headend.domain.identity import email_address, phone_digits, same_name
from tools.headend.domain.outgoing import international, masked, usable
from tools.headend.households import load_household
from tools.headend.identity.pins import PinHasher, TypedPin
from tools.headend.operators import FOLDER, load_operator
from tools.headend.operators.identity import load_identity
from tools.headend.seed import seed
from tools.headend.storage import tables
from tools.headend.storage.schema import open_database
from tools.headend.use_cases.codes import CodeMaker
from tools.provisioning import KeyRing

LETTERS = "абвгдеёжзийклмнопрстуфхцчшщъыьэюяabcdefghijklmnopqrstuvwxyzáäčďéíĺľňóôŕšťúýžñü"
WORDS = st.text(LETTERS + LETTERS.upper(), min_size=1, max_size=10)
PREFIXES = ("+7", "7", "8")


@given(WORDS, WORDS)
def test_a_name_is_its_own_in_any_case_and_with_any_hyphens(first: str, last: str) -> None:
    holder = f"{first} {last}"
    assert same_name(first, last, holder)
    assert same_name(f" {first.upper()} ", f"-{last} ", holder.upper())


@pytest.mark.parametrize(
    ("first", "last"),
    [
        ("Петров", "Иван"),
        ("Иван", "Петро"),
        ("Иван", ""),
        ("", "Петров"),
        ("-", "Петров"),
        ("Иван Петров", ""),
        ("Иван", "Сергеевич"),
        ("Сергеевич", "Петров"),
        ("И", "Петров"),
    ],
)
def test_other_names_are_not_the_holders(first: str, last: str) -> None:
    assert not same_name(first, last, "Иван Сергеевич Петров")


def test_at_most_one_name_between_is_left_out() -> None:
    assert not same_name("Иван", "Петров", "Иван Сергеевич Младший Петров")
    assert not same_name("Иван", "Иван", "Иван"), "one word is no first and last name"


@given(st.text("0123456789", min_size=10, max_size=10), st.sampled_from(["", *PREFIXES]))
def test_10_digits_are_found_behind_what_is_dropped(digits: str, prefix: str) -> None:
    assert phone_digits(f"{prefix} ({digits[:3]}) {digits[3:6]}-{digits[6:]}", 10, PREFIXES) == digits


@given(st.text("+0123456789 -()a\x00٣", max_size=16))
def test_what_is_found_is_10_digits_or_nothing(text: str) -> None:
    found = phone_digits(text, 10, PREFIXES)
    assert found is None or (len(found) == 10 and found.isascii() and found.isdigit())


def test_a_number_that_begins_with_8_is_not_shortened() -> None:
    assert phone_digits("8005550134", 10, PREFIXES) == "8005550134"


@given(st.text(max_size=40))
def test_an_address_is_one_line_of_ascii(text: str) -> None:
    found = email_address(text)
    assert found is None or (found.isascii() and found.isprintable() and " " not in found and "@" in found)


def test_contacts_as_they_are_shown_and_written_to() -> None:
    assert masked("sms", "9005550134", "+7 ### ###-##-##") == "+7 ••• •••-••-34"
    assert international("900555134", "+421 ### ### ###") == "+421900555134"
    assert usable({"sms": "", "email": "a@example.org"}) == {"email": "a@example.org"}


@settings(max_examples=5, deadline=None)
@given(st.text("0123456789", min_size=4, max_size=4), st.text("0123456789", min_size=4, max_size=4))
def test_only_the_pin_itself_matches(pin: str, other: str) -> None:
    hasher = PinHasher(b"p" * 32)
    encoded = hasher.encode(pin)
    assert encoded != hasher.encode(pin), "a salt of its own each time"
    assert hasher.matches(pin, encoded)
    assert hasher.matches(other, encoded) == (pin == other)
    assert not PinHasher(b"q" * 32).matches(pin, encoded), "the table without the pepper is worth nothing"
    assert pin not in repr(TypedPin(hasher, pin))


class CountingHasher(PinHasher):
    """Counts how often the slow part runs."""

    def __init__(self) -> None:
        super().__init__(b"p" * 32)
        self.runs = 0

    def matches(self, pin: str, encoded: str) -> bool:
        self.runs += 1
        return super().matches(pin, encoded)


def test_a_typed_pin_is_compared_once_with_each_that_is_kept() -> None:
    hasher = CountingHasher()
    right, changed = hasher.encode("4071"), hasher.encode("9930")
    typed = TypedPin(hasher, "4071")
    assert [typed.matches(right), typed.matches(right), typed.matches(changed)] == [True, True, False]
    assert hasher.runs == 2
    assert typed.encoded() == typed.encoded()


@given(st.integers(1, 999), st.integers(1, 999), st.sampled_from(["a", "b"]), st.sampled_from(["a", "b"]))
def test_a_code_is_good_for_one_account_and_purpose(one: int, two: int, purpose: str, other: str) -> None:
    maker = CodeMaker(b"c" * 32)
    same = maker.digest(one, purpose, "123456") == maker.digest(two, other, "123456")
    assert same == ((one, purpose) == (two, other))


@given(st.integers(4, 10))
def test_a_code_has_its_digits_leading_zeros_too(digits: int) -> None:
    code = CodeMaker(b"c" * 32).make(digits)
    assert len(code) == digits and code.isascii() and code.isdigit()


@pytest.mark.parametrize(
    ("right", "wrong", "complaint"),
    [
        ("digits: 4", "digits: 3", "identity.yaml:2"),
        ("digits: 4", "digits: four", "identity.yaml:2"),
        ("step_up_s: 300", "step_up: 300", "identity.yaml:4"),
        ("language: ru", "language: de", "identity.yaml:11"),
        ("Code for a new PIN: {code}.", "Code for a new PIN.", "expected exactly {code}, {minutes}"),
        ("Your account number: {number}", "Your account number: {numbr}", "expected exactly {number}"),
        ("Your account number: {number}", "Your account number: {number", "expected exactly {number}"),
        ("sk: Predajňa MTS.", "cz: Predajňa MTS.", "identity.yaml:"),
    ],
)
def test_a_broken_file_is_refused_with_its_line(tmp_path: Path, right: str, wrong: str, complaint: str) -> None:
    text = (FOLDER / "mts" / "identity.yaml").read_text(encoding="utf-8")
    assert right in text
    broken = tmp_path / "identity.yaml"
    broken.write_text(text.replace(right, wrong, 1), encoding="utf-8")
    with pytest.raises(YamlError) as caught:
        load_identity(broken)
    assert complaint in str(caught.value) and str(broken) in str(caught.value)


def test_the_operators_rules_differ() -> None:
    mts, polaris = load_operator("mts").identity, load_operator("polaris").identity
    assert (mts.pin_digits, mts.pin_wrong.failures, mts.pin_wrong.seconds) == (4, 3, 900)
    assert (mts.names_wrong.failures, mts.names_wrong.seconds) == (5, 900)
    assert (mts.code.life.total_seconds(), mts.code.again.total_seconds()) == (900, 60)
    assert (mts.lookup_limit.failures, mts.lookup_limit.seconds) == (5, 3600)
    assert mts.step_up_life.total_seconds() == 300
    assert polaris.pin_digits == 6 and polaris.step_up_life != mts.step_up_life


def test_a_household_may_have_a_pin(tmp_path: Path) -> None:
    source = (FOLDER.parent / "households" / "new.yaml").read_text(encoding="utf-8")
    assert load_household("new", "mts").pin is None
    file = tmp_path / "new.yaml"
    file.write_text(source + 'pin: {mts: "4071", polaris: "407100"}\n', encoding="utf-8")
    assert load_household("new", "mts", tmp_path).pin == "4071"
    assert load_household("new", "polaris", tmp_path).pin == "407100"
    database = open_database(f"sqlite:///{tmp_path / 'headend.db'}")
    hasher = PinHasher(b"p" * 32)
    assert seed(database, load_household("new", "mts", tmp_path), KeyRing(tmp_path / "keys"), hasher, START)
    with database.read() as connection:
        encoded = connection.execute(select(tables.account_pins.c.encoded)).scalar_one()
    database.close()
    assert hasher.matches("4071", encoded)
    file.write_text(source + 'pin: {mts: "40711", polaris: "407100"}\n', encoding="utf-8")
    with pytest.raises(ConfigError, match=r"new.yaml:\d+.*4 digits"):
        load_household("new", "mts", tmp_path)
