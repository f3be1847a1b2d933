"""The messages that a card signs, and what can be no part of them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smartcard.errors import ProofPartError
from smartcard.proof import CardProof, ProofPurpose

PARTS: dict[str, str] = {
    "audience": "https://tv.example:8443",
    "nonce": "Zm9vYmFy",
    "chip_id": "0123456789",
    "card_number": "990000000001",
    "jkt": "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs",
}


def test_the_bytes_of_a_sign_in() -> None:
    assert CardProof.sign_in(**PARTS).message == (
        b"stb-card-proof-v1|https://tv.example:8443|Zm9vYmFy|0123456789|990000000001|"
        b"NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"
    )


def test_the_bytes_of_a_selftest() -> None:
    random = "00112233445566778899aabbccddeeff"
    assert CardProof.selftest(random).message == b"stb-card-selftest-v1|" + random.encode()


@pytest.mark.parametrize("name", sorted(PARTS))
@pytest.mark.parametrize("bad", ["", "a|b", "a b", "a\nb", "č", "x" * 513])
def test_a_part_that_would_make_the_message_ambiguous(name: str, bad: str) -> None:
    with pytest.raises(ProofPartError, match=name):
        CardProof.sign_in(**(PARTS | {name: bad}))


@pytest.mark.parametrize("bad", ["", "00" * 15, "zz" * 16, "0" * 33 + "|", "00" * 65, "00 " * 16])
def test_a_selftest_signs_nothing_but_random_hexadecimal(bad: str) -> None:
    with pytest.raises(ProofPartError):
        CardProof.selftest(bad)
    with pytest.raises(ProofPartError):
        CardProof(ProofPurpose.SELFTEST, (bad,))


def test_the_number_of_parts_is_fixed() -> None:
    with pytest.raises(ProofPartError, match="5 parts"):
        CardProof(ProofPurpose.SIGN_IN, ("a", "b", "c", "d"))


TEXT = st.text(alphabet=st.characters(min_codepoint=32, max_codepoint=126), min_size=1, max_size=20)


@settings(deadline=None)
@given(st.fixed_dictionaries(dict.fromkeys(PARTS, TEXT)), st.fixed_dictionaries(dict.fromkeys(PARTS, TEXT)))
def test_two_proofs_never_share_their_bytes(one: dict[str, Any], other: dict[str, Any]) -> None:
    try:
        first, second = CardProof.sign_in(**one), CardProof.sign_in(**other)
    except ProofPartError:
        return
    assert (first.message == second.message) == (one == other)
