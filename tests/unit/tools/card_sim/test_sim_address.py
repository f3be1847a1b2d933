"""Where a face and a reader meet."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from tools.card_sim.address import Address


@pytest.mark.parametrize(
    ("text", "parsed", "family"),
    [
        ("127.0.0.1:35963", Address(host="127.0.0.1", port=35963), socket.AF_INET),
        ("localhost:0", Address(host="localhost", port=0), socket.AF_INET),
        ("[::1]:35963", Address(host="::1", port=35963), socket.AF_INET6),
        ("unix:/run/card.sock", Address(path=Path("/run/card.sock")), socket.AF_UNIX),
    ],
)
def test_an_address_is_read_and_written(text: str, parsed: Address, family: socket.AddressFamily) -> None:
    assert Address.parse(text) == parsed
    assert str(parsed) == text
    assert parsed.family is family


@pytest.mark.parametrize("text", ["", "host", ":1", "host:", "host:x", "host:65536", "host:-1", "unix:", "host:²"])
def test_what_is_no_address(text: str) -> None:
    with pytest.raises(ValueError, match=r"address|path"):
        Address.parse(text)
