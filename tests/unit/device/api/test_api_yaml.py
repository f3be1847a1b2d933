"""The YAML loader: every complaint names file and line in one line, and no bytes do worse than a complaint."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from device.api.errors import ConfigError
from device.api.yaml_file import MAX_BYTES, MAX_DEPTH, MAX_VALUES, YamlError, YamlNode, load_yaml, parse_yaml

BOX = b"""\
# a box
name: Kitchen
count: 0x10
ratio: 2.5
on: yes
empty:
card: "0042"
rooms:
  - one
  - {name: two, size: 12}
"""


def box() -> YamlNode:
    return parse_yaml(BOX, "box.yaml")


def complaint(work: Callable[[], Any]) -> tuple[int, str]:
    """Line and text of the YamlError, which must be one short line that begins with file and line."""
    with pytest.raises(YamlError) as caught:
        work()
    error = caught.value
    assert str(error).startswith(f"{error.path}:{error.line}: ")
    assert "\n" not in str(error) and len(str(error)) < 400
    assert isinstance(error, ConfigError) and error.code == "config"
    return error.line, str(error)


def test_values_of_every_kind_are_read() -> None:
    node = box()
    assert node["name"].text() == "Kitchen"
    assert node["count"].integer(0, 16) == 16
    assert node["ratio"].number() == 2.5 and node["count"].line == 3
    assert node["on"].boolean() is True
    assert node.get("empty") is None and node.get("other") is None
    assert node["card"].text() == "0042"
    first, second = node["rooms"].items()
    assert first.text() == "one" and first.name == "rooms[0]"
    assert {key: each.text() for key, each in second.entries()} == {"name": "two", "size": "12"}
    assert second["size"].name == "rooms[1].size" and second["size"].integer() == 12
    assert second.only("name", "size") is second
    assert node["name"].choice("Hall", "Kitchen") == "Kitchen"


@pytest.mark.parametrize(("text", "value"), [("true", True), ("Off", False), ("NO", False), ("on", True)])
def test_true_and_false_may_be_written_as_yaml_does(text: str, value: bool) -> None:
    assert parse_yaml(f"a: {text}".encode(), "f")["a"].boolean() is value


@pytest.mark.parametrize(("text", "value"), [("-5", -5), ("1_000", 1000), ("0b11", 3), ("+7", 7)])
def test_whole_numbers_may_be_written_as_yaml_does(text: str, value: int) -> None:
    assert parse_yaml(f"a: {text}".encode(), "f")["a"].integer() == value


def test_a_byte_order_mark_is_no_mistake() -> None:
    assert parse_yaml(b"\xef\xbb\xbfa: x\n", "f")["a"].text() == "x"


@pytest.mark.parametrize(
    ("line", "says", "work"),
    [
        (2, "'street' is missing; add 'street:'", lambda node: node["street"]),
        (6, "empty: expected a value, found nothing", lambda node: node["empty"]),
        (2, "name: expected a whole number, found 'Kitchen'", lambda node: node["name"].integer()),
        (2, "name: expected a number, found 'Kitchen'", lambda node: node["name"].number()),
        (2, "name: expected true or false, found 'Kitchen'", lambda node: node["name"].boolean()),
        (2, "name: expected one of Hall, Attic, found 'Kitchen'", lambda node: node["name"].choice("Hall", "Attic")),
        (2, "name: expected a mapping, found 'Kitchen'", lambda node: node["name"]["first"]),
        (2, "name: expected a list, found 'Kitchen'", lambda node: list(node["name"].items())),
        (3, "count: 0x10 is outside: 20 or more", lambda node: node["count"].integer(20)),
        (3, "count: 0x10 is outside: 1 or more and at most 9", lambda node: node["count"].integer(1, 9)),
        (3, "count: 0x10 is outside: at most 9", lambda node: node["count"].integer(maximum=9)),
        (7, "card: expected a whole number, found '0042'", lambda node: node["card"].integer()),
        (9, "rooms: expected a text, found a list", lambda node: node["rooms"].text()),
        (10, "rooms[1]: expected a text, found a mapping", lambda node: node["rooms"].texts()),
        (10, "'size' is not known here; known: name", lambda node: list(node["rooms"].items())[1].only("name")),
        (4, "'ratio' is not known here", lambda node: node.only("name", "count")),
    ],
)
def test_every_step_complains_at_its_own_line(line: int, says: str, work: Callable[[YamlNode], Any]) -> None:
    found, text = complaint(lambda: work(box()))
    assert says in text
    assert found == line


def test_a_callers_own_complaint_names_the_place_too() -> None:
    error = next(box()["rooms"].items()).error("too warm", "open a window")
    assert (error.line, str(error)) == (9, "box.yaml:9: rooms[0]: too warm; open a window")


@pytest.mark.parametrize(
    ("line", "says", "data"),
    [
        (1, "the file is empty", b""),
        (1, "the file is empty", b"# only a comment\n\n"),
        (2, "not UTF-8; save the file as UTF-8", b"a: 1\nb: \xff\n"),
        (1, "not UTF-8", "a: 1".encode("utf-16")),
        (3, "not UTF-8", "a: 1\n\nb: \ud800".encode("utf-8", "surrogatepass")),
        (3, "U+0000", b"a: 1\n\nb: \x00\n"),
        (2, "U+0007", b"a: 1\nb: \x07\n"),
        (2, "U+2028", "a: 1\nb: x\u2028y\n".encode()),
        (2, "U+0085", "a: 1\nb: x\x85y\n".encode()),
        (2, "U+FFFE", "a: 1\nb: \ufffe\n".encode()),
        (3, "tab character", b"a:\n  b: 1\n\tc: 1\n"),
        (2, "cannot start any token", b"a:\n\tb: 1\n"),
        (2, "found another document", b"a: 1\n---\nb: 2\n"),
        (4, "flow sequence", b"a: 1\nb: [1,\n  2\n"),
        (2, "mapping values are not allowed", b"a: 1\nb: c: d\n"),
        (2, "alias *x is not taken; write it out", b"a: &x [1]\nb: *x\n"),
        (1, "alias *a is not taken", b"&a [*a]\n"),
        (2, "alias *y is not taken", b"a: 1\nb: *y\n"),
        (2, "tag !!python/object:os.system is not taken", b"a: 1\nb: !!python/object:os.system x\n"),
        (1, "is not taken; leave it out", b"a: !!binary AAAA\n"),
        (1, "tag !mine is not taken", b"!mine {a: 1}\n"),
        (2, "tag handle", b"a: 1\nb: !x!y 1\n"),
        (65, f"nested deeper than {MAX_DEPTH}", b"".join(b" " * level + b"a:\n" for level in range(200))),
    ],
)
def test_a_file_that_cannot_be_read_says_why_and_where(line: int, says: str, data: bytes) -> None:
    found, text = complaint(lambda: parse_yaml(data, "box.yaml"))
    assert says.replace("!!", "tag:yaml.org,2002:") in text
    assert found == line


@pytest.mark.parametrize(
    ("line", "says", "data"),
    [
        (3, "'a' stands here twice", b"a: 1\nb: 2\na: 3\n"),
        (2, "'a' stands here twice", b'a: 1\n"a": 2\n'),
        (1, "a key must be plain text", b"[a]: 1\n"),
        (3, "a key must be plain text", b"a: 1\nb: 2\n{c: 1}: 3\n"),
    ],
)
def test_a_key_that_is_twice_or_no_text_is_found_whatever_is_asked(line: int, says: str, data: bytes) -> None:
    for ask in (lambda n: n["a"], lambda n: n.get("b"), lambda n: list(n.entries()), lambda n: n.only("a", "b")):
        found, text = complaint(lambda ask=ask: ask(parse_yaml(data, "box.yaml")))  # type: ignore[misc]
        assert says in text
        assert found == line


def test_a_key_that_is_twice_in_an_inner_mapping_is_found_there() -> None:
    node = parse_yaml(b"a:\n  b: 1\n  c: 2\n  b: 3\n", "box.yaml")
    assert complaint(lambda: node["a"]["b"])[0] == 4


@pytest.mark.parametrize(
    "value",
    ["'1'", "1.5", "010", "1:30", "99x", "~", "yes", "2026-11-21", "9" * 5000, "0x" + "f" * 5000],
)
def test_what_is_no_whole_number_within_bounds_is_a_complaint(value: str) -> None:
    node = parse_yaml(f"a:\n- {value}\n".encode(), "box.yaml")
    assert complaint(lambda: next(node["a"].items()).integer(0, 10**6))[0] == 2


@pytest.mark.parametrize("value", ["'1'", ".inf", "-.inf", ".nan", "1:30.5", "0x10", "x", "9" * 400])
def test_what_is_no_finite_number_is_a_complaint(value: str) -> None:
    node = parse_yaml(f"a:\n- {value}\n".encode(), "box.yaml")
    assert complaint(lambda: next(node["a"].items()).number())[0] == 2


@pytest.mark.parametrize("value", ["''", "'  '", "~", "", "[]", "{}"])
def test_what_is_no_text_is_a_complaint(value: str) -> None:
    node = parse_yaml(f"a:\n- {value}\n".encode(), "box.yaml")
    assert complaint(lambda: next(node["a"].items()).text())[0] == 2


@pytest.mark.parametrize("value", ["'true'", "1", "y", "~"])
def test_what_is_not_true_or_false_is_a_complaint(value: str) -> None:
    node = parse_yaml(f"a:\n- {value}\n".encode(), "box.yaml")
    assert complaint(lambda: next(node["a"].items()).boolean())[0] == 2


def test_keys_and_values_of_any_length_and_line_make_a_short_complaint() -> None:
    long = '"' + "x\\n" * 300 + '"'
    for data in (f"{long}: 1", f"{long}: 1\n{long}: 2", f"a: {long}", f"? {long}\n: {{}}"):
        node = parse_yaml(data.encode(), "box.yaml")
        complaint(lambda node=node: [each.integer(5, 5) for _, each in node.only("a").entries()])  # type: ignore[misc]


def test_more_values_than_a_person_writes_are_refused_before_they_are_built() -> None:
    assert len(list(parse_yaml(b"[" + b"a," * 1000 + b"]", "f").items())) == 1000
    assert f"more than {MAX_VALUES} values" in complaint(lambda: parse_yaml(b"- \n" * (MAX_VALUES + 1), "f"))[1]


def test_as_deep_as_allowed_is_read() -> None:
    node = parse_yaml(b"[" * MAX_DEPTH + b"]" * MAX_DEPTH, "f")
    for _ in range(MAX_DEPTH - 1):
        node = next(node.items())
    assert list(node.items()) == []


HOSTILE = """
import sys
from device.api.errors import ApiError
from device.api.yaml_file import parse_yaml
bomb = "a: &a [x,x,x,x,x,x,x,x,x]\\n" + "".join(
    f"{c}: &{c} [{','.join(['*' + p] * 9)}]\\n" for p, c in zip("abcdefgh", "bcdefghi"))
documents = [
    "[" * 500_000, "{a: " * 200_000, "- " * 400_000, "? " * 400_000, "[" * 20_000 + "]" * 20_000, "[?" * 400_000,
    "".join(" " * n + "a:\\n" for n in range(1400)), bomb, "a," * 500_000, "[" + "a," * 500_000 + "]", "a: " * 300_000,
    "&a" * 500_000, "%A\\n" * 300_000, "---\\n" * 250_000, '"' * 1_000_000,
    '"' + "\\\\n" * 500_000, "a " * 500_000, "\\t" * 1_000_000,
    "".join(f"k{n}:\\n" for n in range(90_000)), "!" * 1_000_000,
    "|" + "\\n" * 1_000_000, "{" + "a" * 1_000_000, "<<: " * 200_000,
]
for document in documents:
    try:
        parse_yaml(document.encode(), "hostile.yaml")
    except ApiError as error:
        assert str(error).startswith("hostile.yaml:") and len(str(error)) < 400, error
print(len(documents))
"""


def test_hostile_documents_cost_little_and_do_not_end_the_process() -> None:
    """In a process of its own: libyaml's composer overruns the stack where depth is not bounded before it."""
    done = subprocess.run([sys.executable, "-c", HOSTILE], capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "23\n", "")


def failure(work: Callable[[], object]) -> YamlError | None:
    try:
        work()
    except YamlError as error:
        return error
    return None


def walk(node: YamlNode) -> None:
    """Ask everything of every node, as a reader with wrong expectations would."""
    for ask in (
        node.text, node.integer, node.number, node.boolean, node.texts, lambda: node.integer(0, 5), lambda: node["a"],
        lambda: node.get("a"), lambda: node.only("a"), lambda: node.choice("a"),
        node.only,
    ):  # fmt: skip
        if (error := failure(ask)) is not None:
            assert str(error).startswith("fuzz.yaml:") and error.line >= 1 and "\n" not in str(error)
    for children in (node.items, lambda: (each for _, each in node.entries())):
        with contextlib.suppress(YamlError):
            for each in children():
                walk(each)


SNIPPETS = st.sampled_from(
    [
        "a: ", "- ", "\n", "\n  ", "  - ", "? ", "[", "]", "{", "}", ",", "&a ", "*a", "!!int ", "!x ", "'", '"', "#",
        "%YAML 1.1\n", "---\n", "...\n", "~", "1", "0x1", "1e5", ".inf", ".nan", "true", "2026-11-21", "<<: ", "\t",
        "\r", "\x85", "\u2028", "é", "\\x00", "\x00", "\ufeff", ">\n", "|\n", "\\\n", "@", "`", "=", "0b", "1_0", "1:2",
    ]
)  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(st.binary(max_size=200) | st.lists(SNIPPETS, max_size=25).map(lambda parts: "".join(parts).encode()))
@example(b"? ")
@example(b": ")
@example(b"- - - ? a\n")
@example(b"a: 0x" + b"f" * 5000)
def test_any_bytes_are_a_document_or_a_typed_error(data: bytes) -> None:
    begun = time.process_time()
    error = failure(lambda: walk(parse_yaml(data, "fuzz.yaml")))
    if error is not None:
        assert str(error).startswith("fuzz.yaml:") and "\n" not in str(error)
        assert 1 <= error.line <= data.count(b"\n") + data.count(b"\r") + 2
    assert time.process_time() - begun < 5


def test_files_that_are_not_there_or_not_files_are_one_line(tmp_path: Path) -> None:
    for path, says in ((tmp_path / "none.yaml", "no such file"), (tmp_path, "cannot be read: Is a directory")):
        with pytest.raises(ConfigError) as caught:
            load_yaml(path)
        assert str(caught.value) == f"{path}: {says}"


def test_a_file_is_named_by_its_path(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_bytes(b"a: 1\nb: [\n")
    assert complaint(lambda: load_yaml(path))[1].startswith(f"{path}:")
    path.write_bytes(b"a: 1\n")
    assert load_yaml(path)["a"].integer() == 1


def test_a_file_without_end_is_not_read_to_its_end(tmp_path: Path) -> None:
    path = tmp_path / "large.yaml"
    path.touch()
    os.truncate(path, 64 * 1024**3)  # sparse: it takes no room on the disk, and would take all memory
    with pytest.raises(ConfigError, match=f"longer than {MAX_BYTES} bytes"):
        load_yaml(path)
