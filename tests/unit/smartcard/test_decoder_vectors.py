"""Every decoder of the package has vectors beside it, and they hold.

A decoder is a function or method ``decode``, ``parse``, ``decode_…`` or ``parse_…`` that takes bytes first. Its vectors
are in ``MODULE.vectors.json`` beside its module, one object each: ``name``, ``decoder`` ("function", "Class" or
"Class.method"; may be left out where the module has one alone), ``hex``, ``arguments`` by name if it takes more, and
either ``expect`` (the answer, or fields of it) or ``error`` (attributes of the error, ``kind`` among them).
"""

from __future__ import annotations

import ast
import dataclasses
import importlib
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import smartcard
from smartcard.errors import SmartCardError

ROOT = Path(smartcard.__file__).parent
NAMES = ("decode", "parse")


def decoders(module: ast.Module) -> Iterator[str]:
    """``function`` and ``Class.method`` of each decoder."""
    for node in module.body:
        if isinstance(node, ast.FunctionDef) and takes_bytes(node):
            yield node.name
        elif isinstance(node, ast.ClassDef):
            methods = (each for each in node.body if isinstance(each, ast.FunctionDef))
            yield from (f"{node.name}.{method.name}" for method in methods if takes_bytes(method))


def takes_bytes(function: ast.FunctionDef) -> bool:
    if function.name not in NAMES and not function.name.startswith(tuple(f"{name}_" for name in NAMES)):
        return False
    first = next((each for each in function.args.args if each.arg not in ("self", "cls")), None)
    return first is not None and isinstance(first.annotation, ast.Name) and first.annotation.id == "bytes"


FOUND = {
    path.relative_to(ROOT.parent).with_suffix(""): found
    for path in sorted(ROOT.rglob("*.py"))
    if (found := tuple(decoders(ast.parse(path.read_text("utf-8")))))
}


def vectors_of(module: Path) -> list[dict[str, Any]]:
    path = ROOT.parent / f"{module}.vectors.json"
    vectors: list[dict[str, Any]] = json.loads(path.read_text("utf-8")) if path.exists() else []
    return vectors


def decoder_of(module: Path, vector: dict[str, Any]) -> str | None:
    """Which of the module's decoders a vector is for."""
    wanted = vector.get("decoder")
    fitting = [each for each in FOUND[module] if wanted in (None, each, each.rpartition(".")[0])]
    return fitting[0] if len(fitting) == 1 else None


def function_of(module: Path, decoder: str) -> Callable[..., object]:
    found: Any = importlib.import_module(".".join(module.parts))
    for name in decoder.split("."):
        found = getattr(found, name)
    function: Callable[..., object] = found
    return function


def plain(value: object) -> object:
    """As JSON writes it: bytes in upper-case hex, tuples as lists, records as the list of their fields."""
    if isinstance(value, bytes):
        return value.hex().upper()
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return [plain(getattr(value, field.name)) for field in dataclasses.fields(value)]
    return [plain(each) for each in value] if isinstance(value, list | tuple) else value


ALL = [
    pytest.param(module, vector, id=f"{module.name}: {vector['name']}")
    for module in FOUND
    for vector in vectors_of(module)
]


@pytest.mark.parametrize(("module", "vector"), ALL)
def test_vector(module: Path, vector: dict[str, Any]) -> None:
    decoder = decoder_of(module, vector)
    assert decoder is not None, f"{vector.get('decoder')} is none of {FOUND[module]}"
    raw, arguments = bytes.fromhex(vector["hex"]), vector.get("arguments", {})
    if "error" in vector:
        with pytest.raises(SmartCardError) as caught:
            function_of(module, decoder)(raw, **arguments)
        assert {name: getattr(caught.value, name) for name in vector["error"]} == vector["error"]
        return
    answer, expected = function_of(module, decoder)(raw, **arguments), vector["expect"]
    if isinstance(expected, dict):
        assert {name: plain(getattr(answer, name)) for name in expected} == expected
    else:
        assert plain(answer) == expected


@pytest.mark.parametrize("module", FOUND, ids=str)
def test_no_decoder_is_without_vectors(module: Path) -> None:
    """Two that it takes and one that it refuses, at the least."""
    of_module = vectors_of(module)
    for decoder in FOUND[module]:
        mine = [each for each in of_module if decoder_of(module, each) == decoder]
        assert sum("expect" in each for each in mine) >= 2, decoder
        assert sum("error" in each for each in mine) >= 1, decoder


def test_no_vectors_are_without_a_decoder() -> None:
    files = {path.relative_to(ROOT.parent) for path in ROOT.rglob("*.vectors.json")}
    assert files <= {module.with_name(f"{module.name}.vectors.json") for module in FOUND}


def test_every_kind_of_decoder_is_found() -> None:
    """The finder itself: were it blind, the tests above would pass."""
    source = "def decode_a(x: bytes): ...\ndef parse_b(x: str): ...\nclass C:\n    def parse(cls, raw: bytes): ...\n"
    assert list(decoders(ast.parse(source))) == ["decode_a", "C.parse"]
    assert {"atr", "apdu", "tlv", "piv", "irdeto", "irdeto_acs", "viaccess", "conax", "dre", "nagra", "seca"} <= {
        module.name for module in FOUND
    }
