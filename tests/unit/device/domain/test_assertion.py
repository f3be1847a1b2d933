"""The claims as contracts.md and RFC 9449 write them; the example of RFC 7636 appendix A for the encoding."""

from __future__ import annotations

from device.domain.assertion import assertion_claims, base64url, dpop_claims
from device.ports.card import CardEvidence


def test_assertion() -> None:
    card = CardEvidence("410273345801", "piv", b"\x30\xff\xfe", b"\x30\xff\xfe\xfd")
    claims = assertion_claims(
        chip_id="884100270011", audience="https://a", issued_at=1000.9, nonce="n", jti="j", card=card
    )
    assert claims == {
        "iss": "884100270011",
        "sub": "884100270011",
        "aud": "https://a",
        "iat": 1000,
        "exp": 1120,
        "nonce": "n",
        "jti": "j",
        "card": {"number": "410273345801", "kind": "piv", "proof": "MP_-", "certificate": "MP/+/Q=="},
    }


def test_a_ca_card_shows_its_number_only() -> None:
    claims = assertion_claims(
        chip_id="c", audience="a", issued_at=0, nonce="n", jti="j", card=CardEvidence("7", "irdeto", None, None)
    )
    assert claims["card"] == {"number": "7", "kind": "irdeto"}


def test_dpop_binds_the_token_by_its_hash() -> None:
    bare = dpop_claims(method="POST", url="https://a/b", issued_at=5.5, jti="j", nonce=None, token=None)
    assert bare == {"htm": "POST", "htu": "https://a/b", "iat": 5, "jti": "j"}
    # RFC 9449, figure 12: the token of its example and its ath
    token = "Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU"
    bound = dpop_claims(method="GET", url="https://a/b", issued_at=5, jti="j", nonce="n", token=token)
    assert bound["ath"] == "fUHyO2r2Z3DZ53EsNrWBb0xWXoaNy59IiKCAqksmQEo"
    assert bound["nonce"] == "n"


def test_base64url_without_padding() -> None:
    assert base64url(bytes((3, 236, 255, 224, 193))) == "A-z_4ME"
