"""The simulated PIV card, byte for byte."""

from __future__ import annotations

import gzip
import hashlib
from functools import cache

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from hypothesis import given, settings
from hypothesis import strategies as st

from smartcard.apdu import CommandAPDU, ResponseAPDU
from smartcard.atr import ATR
from smartcard.tlv import encode, find, one, parse
from tests.unit.smartcard.piv_samples import certificate, der
from tools.card_sim.cards import piv_card
from tools.card_sim.core import MuteCard
from tools.card_sim.piv_card import PivCard, PivSlotCard, RsaPivCard
from tools.provisioning import KeyRing

SELECTED = "61114F0600001000010079074F05A000000308"
CERTIFICATE = "00CB3FFF055C035FC10100"


def ask(card: PivSlotCard, command: str) -> str:
    return card.process(bytes.fromhex(command)).hex().upper()


def read_all(card: PivSlotCard, command: str) -> bytes:
    answer = ResponseAPDU.decode(card.process(bytes.fromhex(command)))
    data = answer.data
    while answer.sw >> 8 == 0x61:
        answer = ResponseAPDU.decode(card.process(CommandAPDU(0, 0xC0, 0, 0, le=(answer.sw & 0xFF) or 256).encode()))
        data += answer.data
    assert answer.sw == 0x9000
    return data


def test_the_answer_to_reset_has_no_fault(card: PivCard) -> None:
    atr = ATR.parse(card.power_on())
    assert (atr.protocols, atr.tck, atr.faults) == ((1,), "correct", ())
    assert atr.historical.endswith(b"STB PIV")


@pytest.mark.parametrize(
    "command",
    [
        "00A4040009A0000003080000100000",
        "00A4040009A00000030800001000",
        "00A4040005A000000308",
        "00A404000BA00000030800001000010000",
    ],
)
def test_select(card: PivCard, command: str) -> None:
    assert ask(card, command) == SELECTED + "9000"


@pytest.mark.parametrize(
    ("command", "sw"),
    [
        ("00A4040009A0000000030000000000", "6A82"),
        ("00A4040004A0000003", "6A82"),
        ("00A404000CA0000003080000100001000000", "6A82"),
        ("00A400000212", "6700"),
        ("00A40000023F00", "6A86"),
        ("00CB3FFF055C035FC10500", "6A82"),
        ("00CB3FFF055C035FC1", "6700"),
        ("00CB3FFF025C0500", "6A80"),
        ("00CB0000055C035FC10100", "6A86"),
        ("00C0000000", "6985"),
        ("00200080", "63C3"),
        ("0020008008FFFFFFFFFFFFFFFF", "6983"),
        ("00200081", "6A88"),
        ("0087119A0000", "6700"),
        ("0087079E00", "6A86"),
        ("0087119E047C02820000", "6A80"),
        ("0087119E00", "6A80"),
        ("00F9000000", "6D00"),
        ("80CB3FFF055C035FC10100", "6E00"),
        ("00", "6700"),
    ],
)
def test_what_is_refused(card: PivCard, command: str, sw: str) -> None:
    assert ask(card, command) == sw


def test_a_long_object_comes_in_portions(card: PivCard) -> None:
    first = ResponseAPDU.decode(card.process(bytes.fromhex(CERTIFICATE)))
    assert (len(first.data), first.sw >> 8) == (256, 0x61)
    content = parse(one(read_all(card, CERTIFICATE), 0x53))
    assert [each.tag for each in content] == [0x70, 0x71, 0xFE]


def test_le_8_gives_8_bytes_and_the_rest_waits(card: PivCard) -> None:
    """How OpenSC finds out the length of an object."""
    assert ask(card, "00CB3FFF035C017E08") == "7E124F0BA0000003" + "610C"
    assert ask(card, "00C000000C") == "08000010000100" + "5F2F024000" + "9000"


def test_any_other_command_forgets_the_rest(card: PivCard) -> None:
    ask(card, CERTIFICATE)
    ask(card, "00200080")
    assert ask(card, "00C0000000") == "6985"


def test_piv_answers_with_no_select_after_a_reset(card: PivCard) -> None:
    ask(card, CERTIFICATE)
    card.reset()
    assert ask(card, "00C0000000") == "6985"
    assert ask(card, "00CB3FFF035C017E00").startswith("7E12")


def test_the_chuid_names_the_card_by_its_guid(card: PivCard, ring: KeyRing) -> None:
    content = parse(one(read_all(card, "00CB3FFF055C035FC10200"), 0x53))
    guid = find(content, 0x34)
    assert [each.tag for each in content] == [0x30, 0x34, 0x35, 0x3E, 0xFE]
    assert guid is not None
    assert (len(guid), guid[6] >> 4, guid[8] >> 6) == (16, 4, 2)
    assert len(content[0].value) == 25
    other = piv_card(ring.box("other", "box", chip_id="1", card_number="2"))
    assert guid not in read_all(other, "00CB3FFF055C035FC10200")


def test_the_signature_holds(card: PivCard, ring: KeyRing) -> None:
    digest = hashlib.sha256(b"message").digest()
    answer = read_all(card, f"0087119E267C2482008120{digest.hex()}00")
    signature = find(parse(one(answer, 0x7C)), 0x82)
    assert signature is not None
    keys = ring.box("profile", "piv", chip_id="PROFILE", card_number="990000000001")
    public = keys.load_card_certificate().public_key()
    assert isinstance(public, ec.EllipticCurvePublicKey)
    public.verify(signature, b"message", ec.ECDSA(hashes.SHA256()))


def test_a_chained_command_is_one_command(card: PivCard) -> None:
    template = f"7C2482008120{'AB' * 32}"
    assert ask(card, f"1087119E0A{template[:20]}") == "9000"
    assert ask(card, f"0087119E1C{template[20:]}00").startswith("7C")


def test_a_chain_is_bounded_and_broken_by_another_command(card: PivCard) -> None:
    assert [ask(card, f"1087119EFF{'00' * 255}") for _ in range(17)] == ["9000"] * 16 + ["6A84"]
    ask(card, "1087119E027C24")
    assert ask(card, "00200080") == "63C3"


def test_what_yubicos_tools_ask_besides(card: PivCard) -> None:
    assert ask(card, "00FD000000") == "0502079000"
    serial = bytes.fromhex(ask(card, "00F8000000"))
    assert (len(serial), serial[4:].hex(), serial[0] >> 7) == (6, "9000", 0)


@cache
def fuzzed() -> PivCard:
    key = ec.generate_private_key(ec.SECP256R1())
    return PivCard(key, certificate(key, "1"))


GET_DATA = st.binary(max_size=60).map(lambda tail: b"\x00\xcb\x3f\xff" + tail)


@settings(deadline=None)
@given(st.lists(st.binary(max_size=300) | GET_DATA, max_size=6))
def test_any_bytes_get_a_status_word(commands: list[bytes]) -> None:
    for command in commands:
        assert 2 <= len(fuzzed().process(command)) <= 258


def test_only_p256_fits(ring: KeyRing) -> None:
    keys = ring.box("profile", "piv", chip_id="PROFILE", card_number="990000000001")
    with pytest.raises(ValueError, match="P-256"):
        PivCard(ec.generate_private_key(ec.SECP384R1()), keys.load_card_certificate())


@cache
def rsa_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 2048)


@cache
def rsa_card() -> RsaPivCard:
    return RsaPivCard(rsa_key(), certificate(rsa_key(), "1"))


def block(digest: bytes) -> bytes:
    """RFC 8017 9.2."""
    info = bytes.fromhex("3031300D060960864801650304020105000420") + digest
    return b"\x00\x01" + b"\xff" * (253 - len(info)) + b"\x00" + info


def chained(data: bytes) -> tuple[str, str]:
    """``data`` of 266 bytes, by facts/smartcard.md."""
    return f"1087079EFF{data[:255].hex()}", f"0087079E0B{data[255:].hex()}00"


def test_an_rsa_card_signs_a_chained_block_and_answers_in_portions() -> None:
    template = encode(0x7C, encode(0x82, b"") + encode(0x81, block(hashlib.sha256(b"message").digest())))
    assert len(template) == 266
    first, last = chained(template)
    assert ask(rsa_card(), first) == "9000"
    answer = read_all(rsa_card(), last)
    assert answer[:8].hex().upper() == "7C82010482820100"
    rsa_key().public_key().verify(answer[8:], b"message", padding.PKCS1v15(), hashes.SHA256())


@pytest.mark.parametrize("challenge", [b"\xff" * 256, bytes(255), bytes(257), bytes(32), b""])
def test_what_an_rsa_card_does_not_sign(challenge: bytes) -> None:
    template = encode(0x7C, encode(0x82, b"") + encode(0x81, challenge))
    for link in [template[at : at + 255] for at in range(0, len(template), 255)][:-1]:
        ask(rsa_card(), f"1087079E{len(link):02X}{link.hex()}")
    rest = template[len(template) // 255 * 255 :]
    assert ask(rsa_card(), f"0087079E{len(rest):02X}{rest.hex()}00") == "6A80"


def test_an_rsa_card_has_no_p256(card: PivCard) -> None:
    template = f"7C2482008120{'AB' * 32}"
    assert ask(rsa_card(), f"0087119E26{template}00") == "6A86"
    assert ask(card, f"0087119E26{template}00").startswith("7C")


def test_the_guid_of_an_rsa_card_is_its_own() -> None:
    other = rsa.generate_private_key(65537, 2048)
    guids = [
        find(parse(one(read_all(each, "00CB3FFF055C035FC10200"), 0x53)), 0x34)
        for each in (
            rsa_card(),
            RsaPivCard(rsa_key(), certificate(rsa_key(), "2")),
            RsaPivCard(other, certificate(other, "1")),
        )
    ]
    assert guids[0] == guids[1] != guids[2]
    assert guids[0] is not None
    assert (len(guids[0]), guids[0][6] >> 4, guids[0][8] >> 6) == (16, 4, 2)


def test_only_rsa_2048_fits() -> None:
    key = rsa.generate_private_key(65537, 3072)
    with pytest.raises(ValueError, match="RSA-2048"):
        RsaPivCard(key, certificate(key, "1"))


def test_a_compressed_certificate_says_so() -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    whole = certificate(key, "1")
    content = parse(one(read_all(PivCard(key, whole, compressed=True), CERTIFICATE), 0x53))
    packed = find(content, 0x70)
    assert packed is not None
    assert gzip.decompress(packed) == der(whole)
    assert find(content, 0x71) == b"\x01"
    plain = parse(one(read_all(PivCard(key, whole), CERTIFICATE), 0x53))
    assert (find(plain, 0x70), find(plain, 0x71)) == (der(whole), b"\x00")


def test_a_mute_card_answers_nothing() -> None:
    mute = MuteCard()
    assert (mute.atr, mute.power_on(), mute.reset(), mute.process(b"\x00\xa4\x04\x00")) == (b"", b"", b"", b"")
