"""Every decoder of the package has vectors beside it, and they hold."""

from __future__ import annotations

import ast
import json
from pathlib import Path
from typing import Any

import pytest

import smartcard
from smartcard.apdu import CommandAPDU, ResponseAPDU
from smartcard.atr import ATR
from smartcard.errors import SmartCardError
from smartcard.tlv import parse

ROOT = Path(smartcard.__file__).parent


def vectors(module: str) -> list[Any]:
    return [
        pytest.param(each, id=each["name"]) for each in json.loads((ROOT / f"{module}.vectors.json").read_text("utf-8"))
    ]


def plain(value: object) -> object:
    """As JSON writes it: bytes in upper-case hex, tuples as lists."""
    if isinstance(value, bytes):
        return value.hex().upper()
    return list(value) if isinstance(value, tuple) else value


def check(vector: dict[str, Any], decode: Any, describe: Any) -> None:
    raw = bytes.fromhex(vector["hex"])
    if "error" in vector:
        with pytest.raises(SmartCardError) as caught:
            decode(raw)
        assert {key: getattr(caught.value, key) for key in vector["error"]} == vector["error"]
    else:
        assert describe(decode(raw)) == vector["expect"]


def fields(vector: dict[str, Any]) -> Any:
    return lambda answer: {name: plain(getattr(answer, name)) for name in vector["expect"]}


@pytest.mark.parametrize("vector", vectors("atr"))
def test_atr(vector: dict[str, Any]) -> None:
    check(vector, ATR.parse, fields(vector))


@pytest.mark.parametrize("vector", vectors("apdu"))
def test_apdu(vector: dict[str, Any]) -> None:
    decode: Any = {"CommandAPDU": CommandAPDU.decode, "ResponseAPDU": ResponseAPDU.decode}[vector["decoder"]]
    check(vector, decode, fields(vector))


@pytest.mark.parametrize("vector", vectors("tlv"))
def test_tlv(vector: dict[str, Any]) -> None:
    check(vector, parse, lambda objects: [[each.tag, plain(each.value)] for each in objects])


def test_no_decoder_is_without_vectors() -> None:
    decoders = {
        path
        for path in ROOT.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef) and node.name in ("decode", "parse")
    }
    assert {path.stem for path in decoders} == {"atr", "apdu", "tlv"}
    for path in decoders:
        described = json.loads(path.with_name(f"{path.stem}.vectors.json").read_text("utf-8"))
        assert sum("error" in each for each in described) >= 2
        assert sum("expect" in each for each in described) >= 5
