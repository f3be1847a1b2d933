"""The script language: every step of contracts.md, and every mistake with its place."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.simulator.errors import ScriptError
from tools.simulator.faults import FAULTS, Fault
from tools.simulator.parser import KEYS, MAX_BYTES, parse_script, read_script
from tools.simulator.steps import (
    Break,
    Dump,
    Expect,
    Focus,
    Hold,
    Press,
    Refuse,
    Screenshot,
    Sleep,
    Step,
    Wait,
)


def parse(text: str) -> list[Step]:
    return [line.step for line in parse_script(text.encode(), "demo.txt").lines]


@pytest.mark.parametrize(
    ("written", "step"),
    [
        ('wait "Баланс"', Wait("Баланс", 10.0)),
        ('wait "Баланс" 30', Wait("Баланс", 30.0)),
        ("press DOWN", Press("DOWN", 1)),
        ("press DOWN x3", Press("DOWN", 3)),
        ("press 7", Press("7", 1)),
        ("hold OK 1.5", Hold("OK", 1.5)),
        ('expect "Пакеты"', Expect("Пакеты")),
        ('refuse "Ошибка"', Refuse("Ошибка")),
        ('focus "Оплатить"', Focus("Оплатить")),
        ("screenshot home-1", Screenshot("home-1")),
        ("dump дом", Dump("дом")),
        ("sleep 0.5", Sleep(0.5)),
        ('  expect  "a \\"b\\" \\\\ # c"  # why', Expect('a "b" \\ # c')),
        ("press OK#now", Press("OK", 1)),
        ("fault card.remove", Break(Fault("card.remove"))),
        ("fault card.insert", Break(Fault("card.insert"))),
        ("fault card.insert family/kitchen", Break(Fault("card.insert", "family/kitchen"))),
        ("fault card.swap profile:piv", Break(Fault("card.swap", "profile:piv"))),
        ("fault card.mute", Break(Fault("card.mute"))),
        ("fault network.down", Break(Fault("network.down"))),
        ("fault network.up", Break(Fault("network.up"))),
        ("fault network.slow 300", Break(Fault("network.slow", 300))),
        ("fault headend.kill", Break(Fault("headend.kill"))),
        ("fault headend.start", Break(Fault("headend.start"))),
        ("fault device.kill", Break(Fault("device.kill"))),
        ("fault device.start", Break(Fault("device.start"))),
        ("fault payment.approve", Break(Fault("payment.approve"))),
        ("fault payment.decline", Break(Fault("payment.decline"))),
        ("fault payment.lose_answer", Break(Fault("payment.lose_answer"))),
        ("fault clock 1970-01-01T00:00:00Z", Break(Fault("clock", datetime(1970, 1, 1, tzinfo=UTC)))),
        ("fault clock 1970-01-01", Break(Fault("clock", datetime(1970, 1, 1, tzinfo=UTC)))),
        ("fault clock 2026-03-01T03:00:00+03:00", Break(Fault("clock", datetime(2026, 3, 1, tzinfo=UTC)))),
    ],
)
def test_every_step_of_the_language(written: str, step: Step) -> None:
    assert parse(written) == [step]


CONTRACT_KEYS = [
    *("UP", "DOWN", "LEFT", "RIGHT", "OK", "BACK", "EXIT", "HOME", "MENU", "INFO"),
    *("RED", "GREEN", "YELLOW", "BLUE", *"0123456789", "PAGE_UP", "PAGE_DOWN", "MUTE", "TEXT"),
]


@pytest.mark.parametrize("key", CONTRACT_KEYS)
def test_every_logical_key_can_be_pressed(key: str) -> None:
    assert parse(f"press {key}") == [Press(key)]


def test_there_are_no_other_keys() -> None:
    assert sorted(KEYS) == sorted(CONTRACT_KEYS)


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("jump UP", "'jump' is no step; there are wait, press"),
        ('"wait" "x"', "'wait' is no step"),
        ("wait Баланс", "a text stands in quotes, found Баланс"),
        ("wait", "too little stands here; expected: wait"),
        ('wait "x" soon', "found 'soon'"),
        ('wait "x" 1e9', "found '1e9'"),
        ('wait "x" 601', "seconds are 0 to 600, found '601'"),
        ("hold OK 61", "seconds are 0 to 60, found '61'"),
        ("sleep 3601", "found '3601'"),
        ('wait "\u00a0"', "the text is empty"),
        ('wait "x', "cannot be read from here"),
        ('wait "x""y"', "cannot be read from here"),
        ('expect "x" "y"', "'y' is too much"),
        ("press SELECT", "'SELECT' is no key; there are UP DOWN"),
        ('press "OK"', "no quotes here"),
        ("press OK 3", "how often is x1"),
        ("press OK x0", "how often is x1"),
        ("hold OK", "too little"),
        ("sleep -1", "found '-1'"),
        ("screenshot a/b", "'a/b' is no name"),
        ("screenshot ..", "'..' is no name"),
        ("dump steps", "'steps' is no name"),
        ("fault", "names nothing; there are card.remove"),
        ("fault reader.unplug", "'reader.unplug' does not exist; there are card.remove, card.insert"),
        ("fault payment.refund", "does not exist"),
        ("fault signal 12", "does not exist"),
        ("fault card.remove now", "card.remove takes nothing, found 'now'"),
        ("fault card.swap", "card.swap needs the card's name"),
        ("fault card.insert ../x", "a card is HOUSEHOLD, HOUSEHOLD/BOX or profile:NAME"),
        ("fault network.slow", "needs milliseconds"),
        ("fault network.slow 60001", "found '60001'"),
        ("fault clock", "needs a moment"),
        ("fault clock noon", "found 'noon'"),
        ("fault clock 1969-12-31", "found '1969-12-31'"),
        ("x" * 5000, "a line has at most"),
    ],
)
def test_a_mistake_names_file_and_line(written: str, why: str) -> None:
    with pytest.raises(ScriptError) as caught:
        parse(f"# a demo\n\r\nsleep 0\n{written}\nsleep 1")
    assert caught.value.line == 4
    assert str(caught.value).startswith("demo.txt:4: ")
    assert why in str(caught.value)
    assert "\n" not in str(caught.value)


def test_lines_are_counted_and_kept_without_their_comment() -> None:
    script = parse_script('\ufeff# demo\n\n  wait "Баланс"   # at once\r\nsleep 1'.encode(), "demo.txt")
    assert [(line.number, line.text) for line in script.lines] == [(3, 'wait "Баланс"'), (4, "sleep 1")]
    assert script.writes is None


def test_the_first_line_that_writes_a_file_is_known() -> None:
    script = parse_script(b"sleep 1\ndump one\nscreenshot two", "demo.txt")
    assert script.writes is not None
    assert script.writes.number == 2


def test_a_script_of_nothing_and_a_broken_encoding_are_refused() -> None:
    with pytest.raises(ScriptError, match=r"^demo\.txt:1: holds no step$"):
        parse("# nothing\n")
    with pytest.raises(ScriptError, match=r"^demo\.txt:2: not UTF-8"):
        parse_script(b"sleep 1\n\xff", "demo.txt")
    with pytest.raises(ScriptError, match="longer than"):
        parse_script(b" " * (MAX_BYTES + 1), "demo.txt")


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ScriptError, match=r"missing\.txt:1: cannot be read: No such file"):
        read_script(tmp_path / "missing.txt")
    with pytest.raises(ScriptError, match="cannot be read: Is a directory"):
        read_script(tmp_path)


def _joined(parts: list[str]) -> bytes:
    return "".join(parts).encode("utf-8", "surrogatepass")


_PIECES = st.sampled_from(['"', "\\", "#", " ", "\n", "x3", "OK", "press ", "wait ", "fault ", "clock ", *FAULTS])


@given(st.one_of(st.binary(max_size=200), st.lists(st.one_of(_PIECES, st.text(max_size=8))).map(_joined)))
def test_any_bytes_give_a_script_or_the_one_error(data: bytes) -> None:
    message = "demo.txt:1: holds steps"
    try:
        parse_script(data, "demo.txt")
    except ScriptError as error:
        message = error.message
    assert re.fullmatch(r"demo\.txt:[1-9][0-9]*: [^\n]+", message)
