"""Every decoder of the package against any bytes, and against its own vectors with a byte broken, lost or added.

Only the package's errors come out. Decoders are found, not listed: a new one is in here from its first day.
"""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smartcard.errors import SmartCardError
from tests.unit.smartcard.test_decoder_vectors import FOUND, decoder_of, function_of, vectors_of

DECODERS = [
    pytest.param(module, each, id=f"{module.name}: {each}") for module, found in FOUND.items() for each in found
]


def vectors(module: Path, decoder: str) -> list[dict[str, Any]]:
    return [each for each in vectors_of(module) if decoder_of(module, each) == decoder]


@st.composite
def broken(draw: st.DrawFn, seeds: list[bytes]) -> bytes:
    """One of ``seeds``, almost."""
    raw = bytearray(draw(st.sampled_from(seeds)))
    at = draw(st.integers(0, len(raw)))
    how = draw(st.sampled_from(["change", "cut", "add", "keep"]))
    if how == "add":
        raw[at:at] = draw(st.binary(min_size=1, max_size=4))
    elif how == "cut":
        del raw[at:]
    elif how == "change" and at < len(raw):
        raw[at] ^= draw(st.integers(1, 255))
    return bytes(raw)


@pytest.mark.parametrize(("module", "decoder"), DECODERS)
def test_any_bytes_to_any_decoder(module: Path, decoder: str) -> None:
    decode, of_decoder = function_of(module, decoder), vectors(module, decoder)
    arguments = st.sampled_from([each.get("arguments", {}) for each in of_decoder] or [{}])
    seeds = [bytes.fromhex(each["hex"]) for each in of_decoder] or [b""]

    @settings(deadline=None)
    @given(st.binary(max_size=300) | broken(seeds), arguments)
    def holds(raw: bytes, options: dict[str, Any]) -> None:
        with contextlib.suppress(SmartCardError):
            decode(raw, **options)

    holds()
