"""``stb-card atr``: the JSON that others rely on, to the letter."""

from __future__ import annotations

import io
import json
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smartcard.command import main
from smartcard.command.answer_to_reset import MAX_LINE

FIELDS = [
    *("atr", "convention", "protocols", "f", "d", "n", "specific_mode", "wi", "ifsc", "cwi", "bwi"),
    *("historical", "tck", "faults"),
]
DEFAULTS = {"n": 0, "specific_mode": None, "wi": 10, "ifsc": 32, "cwi": 13, "bwi": 4, "f": 372, "d": 1}
Capture = pytest.CaptureFixture[str]


def told(capsys: Capture, *arguments: str) -> dict[str, object]:
    assert main(["atr", *arguments, "--json"]) == 0
    captured = capsys.readouterr()
    assert captured.err == ""
    document: dict[str, object] = json.loads(captured.out)
    return document


@pytest.mark.parametrize(
    ("atr", "expected"),
    [
        ("3B00", {"protocols": [0], "convention": "direct", "historical": "", "tck": "not used", "faults": []}),
        ("3F0141", {"protocols": [0], "convention": "inverse", "historical": "41"}),
        (
            "3B9D968131FE4D8073C021805753544220504956E7",
            {"protocols": [1], "f": 512, "d": 32, "ifsc": 254, "tck": "correct"},
        ),
        ("3B808001" + "01", {"protocols": [0, 1], "tck": "correct"}),
        ("3B80811F0593", {"protocols": [1]}),
        ("3B800F8F", {"protocols": [0]}),
        ("3B801011", {"specific_mode": 1}),
        ("3B400C", {"n": 12}),
        ("3B804021", {"wi": 33}),
        ("3B808121657B", {"bwi": 6, "cwi": 5}),
        ("3B107F", {"f": None, "d": None, "faults": ["ta1_rfu"]}),
        ("3B0241", {"historical": "41", "faults": ["history_short"]}),
        ("3B8001", {"tck": "missing", "faults": ["tck_missing"]}),
        ("3B800182", {"tck": "wrong", "faults": ["tck_wrong"]}),
        ("3B00AA", {"faults": ["trailing_bytes"]}),
    ],
)
def test_fields(capsys: Capture, atr: str, expected: dict[str, object]) -> None:
    document = told(capsys, atr)
    assert list(document) == FIELDS
    assert document["atr"] == atr
    assert {key: document[key] for key in expected} == expected
    for key in DEFAULTS.keys() - expected.keys():
        if atr in ("3B00", "3F0141"):
            assert document[key] == DEFAULTS[key]


@pytest.mark.parametrize("parts", [["3b 00"], ["3B", "00"], ["3B:00"], ["3b-00"], ["3B00"]])
def test_hex_as_people_write_it(capsys: Capture, parts: list[str]) -> None:
    assert told(capsys, *parts)["atr"] == "3B00"


@pytest.mark.parametrize(
    ("atr", "kind", "offset", "hint"),
    [
        ("03FF", "atr_ts", 0, "inverse"),
        ("3C00", "atr_ts", 0, "3B or 3F"),
        ("3B", "atr_short", 1, "T0"),
        ("3B9F01", "atr_short", 3, "TD1"),
    ],
)
def test_what_is_refused(capsys: Capture, atr: str, kind: str, offset: int, hint: str) -> None:
    assert main(["atr", "--json", atr]) == 1
    error = json.loads(capsys.readouterr().out)["error"]
    assert (error["kind"], error["offset"]) == (kind, offset)
    assert hint in error["message"]
    assert main(["atr", atr]) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith(f"stb-card: byte {offset}: ")


def test_bad_usage_is_one_line_and_exit_2(capsys: Capture) -> None:
    assert main(["atr", "no hex"]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err == "stb-card: 'no hex' is not hexadecimal\n"


def test_lines(capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = [b"3B00", b"", b"xyz", b"3b 01 41 ", b"\xff\xfe", b"3B9F01", b"3" * (MAX_LINE + 5), b"3F00"]
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"\n".join(lines))))
    assert main(["atr", "-"]) == 0
    documents = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [each.get("atr") or each["error"]["kind"] for each in documents] == [
        *("3B00", "atr_empty", "not_hex", "3B0141", "not_hex", "atr_short", "line_too_long", "3F00")
    ]


@given(st.binary(max_size=200).map(lambda data: data.replace(b"\n", b" ")))
def test_any_line_is_one_document(line: bytes) -> None:
    out = io.StringIO()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(line + b"\n")))
        patch.setattr(sys, "stdout", out)
        assert main(["atr", "-"]) == 0
    (document,) = map(json.loads, out.getvalue().splitlines())
    assert list(document) in (FIELDS, ["error"])


def test_the_page_for_people(capsys: Capture) -> None:
    assert main(["atr", "3B9D968131FE4D8073C021805753544220504956E7"]) == 0
    page = capsys.readouterr().out.splitlines()
    assert page[0] == "3B 9D 96 81 31 FE 4D 80 73 C0 21 80 57 53 54 42 20 50 49 56 E7"
    assert page[2].split() == ["0", "TS", "3B", "direct", "convention"]
    assert page[-2:] == ["protocols  T=1", "faults     none"]
    assert max(map(len, page)) <= 118


def test_whoever_reads_may_stop_reading() -> None:
    program = [sys.executable, "-m", "smartcard.command", "atr", "-"]
    with subprocess.Popen(program, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdin is not None and process.stdout is not None and process.stderr is not None
        process.stdout.close()
        try:
            process.stdin.write(b"3B00\n" * 20)
            process.stdin.close()
        except BrokenPipeError:
            process.stdin = None
        assert process.wait(30) == 1
        assert process.stderr.read() == b""


def test_atr_loads_no_cryptography_and_no_reader() -> None:
    program = (
        "import sys; from smartcard.command import main; main(['atr', '3B00', '--json'])\n"
        "print([name for name in sys.modules if name.startswith(('cryptography', 'ctypes', 'serial'))])"
    )
    answer = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=30)
    assert answer.stdout.splitlines()[-1] == "[]"
