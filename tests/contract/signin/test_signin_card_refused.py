"""Every refusal that is about the card, over HTTPS; card codes come only after the card's proof held."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, ObjectIdentifier
from sqlalchemy import update

from tests.contract.signin.refusal import refused
from tests.support.headend_server import START, RunningHeadend
from tests.support.signin_box import Card, SignInBox, b64url
from tools.headend.identity.records import ACTIVE, REVOKED
from tools.headend.storage.tables import cards
from tools.provisioning import KeyRing
from tools.provisioning.certificates import Authority, Validity, issue_authority, issue_card, issue_server
from tools.provisioning.keyring import load_certificate, load_key

LONG = Validity(START - timedelta(days=400), START + timedelta(days=400))


def claimed(box: SignInBox, **changes: Any) -> dict[str, Any]:
    """The card claim of a fresh challenge, with ``changes``; the nonce travels under its own name."""
    nonce = box.challenge()
    card = {**box.card_claim(nonce), **changes}
    return {"nonce": nonce, "card": {name: value for name, value in card.items() if value is not None}}


def sign_in_with(box: SignInBox, **changes: Any) -> Any:
    claim = claimed(box, **changes)
    return box.ask_token(box.assertion(claim["nonce"], card=claim["card"]))


def certificate_text(certificate: x509.Certificate) -> str:
    return b64encode(certificate.public_bytes(Encoding.DER)).decode()


def authority_of(keys: KeyRing) -> Authority:
    return Authority(load_key(keys.folder / "ca.pem"), load_certificate(keys.ca_certificate))


def certificate_like(
    box: SignInBox,
    public: ec.EllipticCurvePublicKey | rsa.RSAPublicKey,
    authority: Authority,
    usage: x509.ExtendedKeyUsage,
) -> x509.Certificate:
    """A certificate with the subject of the box's card, for another key or usage."""
    template = x509.load_der_x509_certificate(box.card.certificate)
    return (
        x509.CertificateBuilder()
        .subject_name(template.subject)
        .issuer_name(authority.certificate.subject)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(LONG.begin)
        .not_valid_after(LONG.end)
        .add_extension(usage, critical=True)
        .sign(authority.key, hashes.SHA256())
    )


def test_a_recorded_card_signature_is_worth_nothing_with_a_new_nonce(headend: RunningHeadend) -> None:
    box = headend.box()
    recorded = box.card_proof(box.challenge())
    refused(sign_in_with(box, proof=recorded), "card_proof_invalid")


def test_a_card_signature_for_another_audience_or_box_is_refused(headend: RunningHeadend) -> None:
    box = headend.box()
    nonce = box.challenge()
    elsewhere = {**box.card_claim(nonce), "proof": box.card_proof(nonce, audience="https://elsewhere.example")}
    refused(box.ask_token(box.assertion(nonce, card=elsewhere)), "card_proof_invalid")
    kitchen = headend.box("family", "kitchen", card_of="family/living-room")
    signed_for_kitchen = kitchen.card_proof(nonce)
    refused(box.ask_token(box.assertion(nonce, card={**elsewhere, "proof": signed_for_kitchen})), "card_proof_invalid")


@pytest.mark.parametrize("proof", ["AAAA", "!", "é", "x" * 3000, "MAYCAQACAQA"])
def test_what_is_no_signature_is_refused(headend: RunningHeadend, proof: str) -> None:
    refused(sign_in_with(headend.box(), proof=proof), "card_proof_invalid")


def test_a_card_that_is_not_registered_answers_like_a_bad_proof(headend: RunningHeadend) -> None:
    box = headend.box()
    bad = sign_in_with(box, proof="AAAA")
    box.card = Card("999999999999", ec.generate_private_key(ec.SECP256R1()), box.card.certificate)
    unknown = sign_in_with(box)
    refused(unknown, "card_proof_invalid")
    assert unknown.content == bad.content


@pytest.mark.parametrize("kind", ["irdeto", "piv"])
def test_a_keyed_card_cannot_be_claimed_as_one_that_proves_nothing(headend: RunningHeadend, kind: str) -> None:
    box = headend.box()
    required = sign_in_with(box, kind=kind, proof=None, certificate=None)
    refused(required, "card_proof_required")
    unknown = sign_in_with(box, kind=kind, proof=None, certificate=None, number="999999999999")
    assert unknown.content == required.content


def test_a_right_proof_under_another_kind_is_refused(headend: RunningHeadend) -> None:
    refused(sign_in_with(headend.box(), kind="irdeto"), "card_proof_invalid")


def test_a_certificate_is_needed(headend: RunningHeadend) -> None:
    refused(sign_in_with(headend.box(), certificate=None), "card_certificate_invalid")


@pytest.mark.parametrize("text", ["AAAA", "not base64!", "é", "QUFB" * 800])
def test_what_is_no_certificate_is_refused(headend: RunningHeadend, text: str) -> None:
    refused(sign_in_with(headend.box(), certificate=text), "card_certificate_invalid")


def test_a_certificate_of_another_authority_is_refused(headend: RunningHeadend, tmp_path: Path) -> None:
    box = headend.box()
    other = KeyRing(tmp_path / "other")
    assert other.ca_certificate.exists()
    forged = issue_card(authority_of(other), box.card.key.public_key(), box.card.number, LONG)
    body = refused(sign_in_with(box, certificate=certificate_text(forged)), "card_certificate_invalid")
    assert "authority" in body["detail"]


def test_an_authority_of_the_same_name_is_still_another(headend: RunningHeadend) -> None:
    box = headend.box()
    key = ec.generate_private_key(ec.SECP256R1())
    fake = Authority(key, issue_authority(key, "STB demonstration operator CA", LONG))
    forged = issue_card(fake, box.card.key.public_key(), box.card.number, LONG)
    refused(sign_in_with(box, certificate=certificate_text(forged)), "card_certificate_invalid")


@pytest.mark.parametrize(("begin", "end"), [(-400, -1), (1, 400)], ids=["expired", "not yet valid"])
def test_a_certificate_is_judged_at_the_services_clock(headend: RunningHeadend, begin: int, end: int) -> None:
    box = headend.box()
    now = headend.clock.now()
    validity = Validity(now + timedelta(days=begin), now + timedelta(days=end))
    issued = issue_card(authority_of(headend.keys), box.card.key.public_key(), box.card.number, validity)
    refused(sign_in_with(box, certificate=certificate_text(issued)), "card_certificate_invalid")


def test_a_certificate_of_another_card_number_is_refused(headend: RunningHeadend) -> None:
    box = headend.box()
    issued = issue_card(authority_of(headend.keys), box.card.key.public_key(), "410273345802", LONG)
    refused(sign_in_with(box, certificate=certificate_text(issued)), "card_certificate_invalid")


def test_a_certificate_of_another_key_is_refused(headend: RunningHeadend) -> None:
    box = headend.box()
    public = ec.generate_private_key(ec.SECP256R1()).public_key()
    issued = issue_card(authority_of(headend.keys), public, box.card.number, LONG)
    refused(sign_in_with(box, certificate=certificate_text(issued)), "card_certificate_invalid")


def test_a_tls_certificate_is_no_cards(headend: RunningHeadend) -> None:
    box = headend.box()
    own = x509.load_pem_x509_certificate(headend.keys.tls()[0].read_bytes())
    refused(sign_in_with(box, certificate=certificate_text(own)), "card_certificate_invalid")
    with_the_cards_key = issue_server(authority_of(headend.keys), box.card.key.public_key(), (box.card.number,), LONG)
    refused(sign_in_with(box, certificate=certificate_text(with_the_cards_key)), "card_certificate_invalid")


def test_a_certificate_with_the_cards_name_but_for_a_server_is_refused(headend: RunningHeadend) -> None:
    box = headend.box()
    usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH])
    issued = certificate_like(box, box.card.key.public_key(), authority_of(headend.keys), usage)
    refused(sign_in_with(box, certificate=certificate_text(issued)), "card_certificate_invalid")


def test_the_operators_own_authority_is_no_card(headend: RunningHeadend) -> None:
    box = headend.box()
    authority = authority_of(headend.keys).certificate
    refused(sign_in_with(box, certificate=certificate_text(authority)), "card_certificate_invalid")


def test_a_revoked_card_is_refused_and_its_session_ends_at_once(headend: RunningHeadend) -> None:
    box = headend.box()
    box.sign_in()
    registry = headend.service.services.registry
    assert registry.set_card_state(box.card.number, REVOKED)
    try:
        refused(box.request("GET", "/v1/account"), "card_revoked")
        refused(box.try_sign_in(), "card_revoked")
        refused(sign_in_with(box, proof="AAAA"), "card_proof_invalid")
    finally:
        registry.set_card_state(box.card.number, ACTIVE)
    assert box.try_sign_in().status_code == 200


def test_a_card_married_to_another_box_is_refused(headend: RunningHeadend) -> None:
    box = headend.box("foreign-card", card_of="family/kitchen")
    refused(box.try_sign_in(), "card_other_box")
    sibling = headend.box("family", "living-room", card_of="family/kitchen")
    refused(sibling.try_sign_in(), "card_other_box")


@contextmanager
def registered_as(headend: RunningHeadend, number: str, **columns: Any) -> Iterator[None]:
    """The registry says something else of a card for a while."""
    database = headend.service.services.database
    before = headend.service.services.registry.card(number)
    assert before is not None
    database.write(lambda c: c.execute(update(cards).where(cards.c.card_number == number).values(**columns)))
    try:
        yield
    finally:
        old = {"kind": before.kind, "public_key": before.public_key, "chip_id": before.chip_id}
        database.write(lambda c: c.execute(update(cards).where(cards.c.card_number == number).values(**old)))


def test_a_card_that_proves_nothing_reads_what_the_rules_list_and_changes_nothing(headend: RunningHeadend) -> None:
    box = headend.box()
    box.card.kind = "irdeto"
    with registered_as(headend, box.card.number, kind="irdeto", public_key=None):
        answer = sign_in_with(box, proof=None, certificate=None)
        assert answer.status_code == 200, answer.text
        assert answer.json()["acr"] == "card-claimed"
        box.token = answer.json()["access_token"]
        assert box.request("GET", "/v1/account").status_code == 200
        refused(box.request("GET", "/v1/receipts"), "acr_insufficient", 403)
        refused(box.request("POST", "/v1/messages/m1/read", key="k"), "acr_insufficient", 403)
        refused(sign_in_with(box), "card_proof_invalid")
        assert box.request("DELETE", "/v1/device/session").status_code == 204


def test_an_rsa_card_proves_itself_too(headend: RunningHeadend) -> None:
    box = headend.box()
    key = rsa.generate_private_key(65537, 2048)
    public = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    authority = authority_of(headend.keys)
    usage = x509.ExtendedKeyUsage([ObjectIdentifier("2.16.840.1.101.3.6.8")])
    certificate = certificate_like(box, key.public_key(), authority, usage)
    nonce = box.challenge()
    text = "|".join(("stb-card-proof-v1", box.origin, nonce, box.chip_id, box.card.number, box.jkt))
    proof = b64url(key.sign(text.encode(), padding.PKCS1v15(), hashes.SHA256()))
    card = {**box.card_claim(nonce), "kind": "piv-rsa", "proof": proof, "certificate": certificate_text(certificate)}
    with registered_as(headend, box.card.number, kind="piv-rsa", public_key=public):
        assert box.ask_token(box.assertion(nonce, card=card)).status_code == 200


def test_no_card_code_is_told_before_the_device_signature_held(headend: RunningHeadend) -> None:
    box = headend.box("foreign-card", card_of="family/kitchen")
    stranger = ec.generate_private_key(ec.SECP256R1())
    answer = box.ask_token(box.assertion(box.challenge(), key=stranger))
    assert json.loads(answer.content)["code"] == "box_unknown"
