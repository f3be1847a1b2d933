"""The PIV application against a scripted card: every kind of key, every way for a card to answer nonsense."""

from __future__ import annotations

import contextlib
import gzip
import hashlib
from functools import cache

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from hypothesis import given, settings
from hypothesis import strategies as st

from smartcard.errors import ApduError, CardUntrue, ProtocolError, SmartCardError
from smartcard.identity import identify
from smartcard.piv import PivApplication
from smartcard.proof import CardProof
from smartcard.tlv import encode
from tests.unit.smartcard.piv_samples import (
    SELECTED,
    PrivateKey,
    certificate,
    certificate_object,
    der,
    piv_answers,
)
from tests.unit.smartcard.scripted import ScriptedConnection

DIGEST = hashlib.sha256(b"message").digest()


@cache
def key(kind: str) -> PrivateKey:
    if kind == "rsa":
        return rsa.generate_private_key(65537, 2048)
    return ec.generate_private_key({"p256": ec.SECP256R1(), "p384": ec.SECP384R1(), "p521": ec.SECP521R1()}[kind])


def application(answers: object) -> PivApplication:
    return PivApplication(ScriptedConnection(answers))  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", ["p256", "p384", "rsa"])
@pytest.mark.parametrize("compressed", [False, True])
def test_certificate_and_signature(kind: str, compressed: bool) -> None:
    private = key(kind)
    stored = certificate_object(der(certificate(private, "42")), compressed=compressed)
    card = application(piv_answers(private, stored))
    card.select()
    public = card.read_certificate().public_key()
    signature = card.sign(DIGEST)
    if isinstance(public, rsa.RSAPublicKey):
        public.verify(signature, b"message", padding.PKCS1v15(), hashes.SHA256())
    else:
        assert isinstance(public, ec.EllipticCurvePublicKey)
        public.verify(signature, b"message", ec.ECDSA(hashes.SHA256()))


def test_the_bytes_on_the_wire() -> None:
    """Byte for byte what SP 800-73-4 part 2 and facts/smartcard.md say."""
    private = key("p256")
    connection = ScriptedConnection(piv_answers(private, certificate_object(der(certificate(private, "42")))))
    card = PivApplication(connection)
    card.select()
    card.sign(DIGEST)
    assert [each.hex().upper() for each in connection.sent] == [
        "00A4040009A0000003080000100000",
        "00CB3FFF055C035FC10100",
        "0087119E267C24820081" + "20" + DIGEST.hex().upper() + "00",
    ]


def test_an_rsa_block_goes_as_a_chain() -> None:
    private = key("rsa")
    connection = ScriptedConnection(piv_answers(private, certificate_object(der(certificate(private, "42")))))
    PivApplication(connection).sign(DIGEST)
    assert [each[:5].hex().upper() for each in connection.sent[1:]] == ["1087079EFF", "0087079E0B"]
    assert connection.sent[-1][-1:] == b"\x00"


@pytest.mark.parametrize(
    "selected", [SELECTED, encode(0x61, encode(0x4F, bytes.fromhex("A000000308000010000100"))), None]
)
def test_select_wants_a_card_that_calls_itself_piv(selected: bytes | None) -> None:
    if selected is None:
        with pytest.raises(ProtocolError, match="call itself PIV"):
            application([(encode(0x61, encode(0x4F, bytes.fromhex("A000000527"))), 0x9000)]).select()
    else:
        application([(selected, 0x9000)]).select()


def test_a_card_without_piv_says_so_by_its_status_word() -> None:
    with pytest.raises(ApduError, match="6A82") as caught:
        application([(b"", 0x6A82)]).select()
    assert (caught.value.sw, caught.value.attempts_remaining) == (0x6A82, None)
    assert ApduError(0x63C2).attempts_remaining == 2


def test_a_signature_of_another_key_is_not_handed_out() -> None:
    stored = certificate_object(der(certificate(key("p256"), "42")))
    with pytest.raises(CardUntrue):
        application(piv_answers(ec.generate_private_key(ec.SECP256R1()), stored)).sign(DIGEST)


def test_an_rsa_signature_of_another_key_is_not_handed_out() -> None:
    stored = certificate_object(der(certificate(key("rsa"), "42")))
    with pytest.raises(CardUntrue):
        application(piv_answers(rsa.generate_private_key(65537, 2048), stored)).sign(DIGEST)


def test_a_key_that_piv_has_not() -> None:
    with pytest.raises(ProtocolError, match="P-256"):
        application(piv_answers(key("p521"), certificate_object(der(certificate(key("p521"), "1"))))).sign(DIGEST)


def test_an_empty_container_is_a_missing_certificate() -> None:
    with pytest.raises(ApduError, match="6A82"):
        application([(encode(0x53, b""), 0x9000)]).read_certificate()


def test_a_gzip_certificate_is_whole_and_bounded() -> None:
    """The end of the stream holds its checksum; a card must not be able to fill the memory."""
    whole = der(certificate(key("p256"), "42"))
    for content in (gzip.compress(whole)[:-4], gzip.compress(whole + bytes(10_000_000))):
        stored = encode(0x53, encode(0x70, content) + encode(0x71, b"\x01"))
        with pytest.raises(ProtocolError, match="cut short, or longer"):
            application([(stored, 0x9000)]).read_certificate()


@pytest.mark.parametrize(
    "stored",
    [
        b"",
        encode(0x53, encode(0x71, b"\x00")),
        certificate_object(b"no certificate"),
        encode(0x53, encode(0x70, b"no gzip") + encode(0x71, b"\x01")),
    ],
    ids=["nothing", "no 70", "no X.509", "no gzip"],
)
def test_a_certificate_object_that_is_none(stored: bytes) -> None:
    with pytest.raises(ProtocolError):
        application([(stored, 0x9000)]).read_certificate()


def test_the_chuid_is_what_is_inside_its_53() -> None:
    assert application([(encode(0x53, b"\x34\x01\x07"), 0x9000)]).read_chuid() == b"\x34\x01\x07"


def test_a_signature_object_with_no_signature() -> None:
    private = key("p256")
    stored = certificate_object(der(certificate(private, "42")))
    with pytest.raises(ProtocolError, match="no signature"):
        application([(stored, 0x9000), (encode(0x7C, encode(0x82, b"")), 0x9000)]).sign(DIGEST)


ANSWERS = st.lists(st.tuples(st.binary(max_size=120), st.sampled_from([0x9000, 0x6110, 0x6C00, 0x6A82])), max_size=8)


@settings(deadline=None)
@given(ANSWERS)
def test_a_card_that_answers_anything(answers: list[tuple[bytes, int]]) -> None:
    card = application([*answers, *[(b"", 0x6F00)] * 8])
    for step in (card.select, card.read_certificate, card.read_chuid, lambda: card.sign(DIGEST)):
        with contextlib.suppress(SmartCardError):
            step()


@cache
def whole_object() -> bytes:
    return certificate_object(der(certificate(key("p256"), "42")))


@pytest.mark.filterwarnings("ignore:Parsed a serial number")
@settings(deadline=None)
@given(st.integers(0, len(whole_object()) - 1), st.integers(1, 255))
def test_a_card_with_a_broken_byte(at: int, change: int) -> None:
    stored = bytearray(whole_object())
    stored[at] ^= change
    with contextlib.suppress(SmartCardError):
        identify(ScriptedConnection(piv_answers(key("p256"), bytes(stored)))).prove(CardProof.selftest("00" * 16))
