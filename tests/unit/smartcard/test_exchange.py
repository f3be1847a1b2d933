"""Several commands at once, where no process lies between: one after another, by the same rules."""

from __future__ import annotations

from collections.abc import Sequence

from cryptography.hazmat.primitives.asymmetric import ec, rsa

from smartcard.identity import identify
from smartcard.processors import AskedAhead, interindustry
from smartcard.proof import CardProof
from tests.unit.smartcard.piv_samples import PrivateKey, certificate, certificate_object, der, piv_answers
from tests.unit.smartcard.scripted import ScriptedConnection

FIRST, SECOND = bytes.fromhex("00A4040000"), bytes.fromhex("00B0000000")
PROOF, OTHER = CardProof.selftest("00" * 16), CardProof.selftest("11" * 16)


class Direct(ScriptedConnection):
    """Counts exchanges, as a connection behind another process would have them."""

    exchanges = 0

    def exchange(self, commands: Sequence[bytes]) -> list[tuple[bytes, int]]:
        self.exchanges += 1
        return super().exchange(commands)


def test_it_ends_with_the_first_that_is_no_success() -> None:
    connection = ScriptedConnection([(b"\x01", 0x6101), (b"\x02", 0x9000), (b"", 0x6A82)])
    assert connection.exchange([FIRST, SECOND, FIRST]) == [(b"\x01\x02", 0x9000), (b"", 0x6A82)]
    assert [each[1] for each in connection.sent] == [0xA4, 0xC0, 0xB0]
    assert connection.exchange([]) == []


def test_the_processors_hand_an_exchange_on() -> None:
    connection = Direct([(b"", 0x9000)])
    assert interindustry(connection).exchange([FIRST]) == [(b"", 0x9000)]
    assert connection.exchanges == 1


def test_what_was_asked_ahead_is_answered_once() -> None:
    connection = ScriptedConnection([(b"\x01", 0x9000), (b"\x02", 0x9000), (b"\x03", 0x9000)])
    ahead = AskedAhead(connection, [FIRST, SECOND])
    assert len(connection.sent) == 2
    assert ahead.transmit(SECOND) == (b"\x02", 0x9000)
    assert ahead.transmit(SECOND) == (b"\x03", 0x9000)
    assert connection.sent == [FIRST, SECOND, SECOND]
    assert ahead.transmit(FIRST) == (b"\x01", 0x9000)


def test_after_a_reset_nothing_that_was_asked_before_counts() -> None:
    connection = ScriptedConnection([(b"\x01", 0x9000), (b"\x02", 0x9000)])
    ahead = AskedAhead(connection, [FIRST])
    ahead.reset()
    assert connection.resets == 1
    assert ahead.transmit(FIRST) == (b"\x02", 0x9000)


def proven(key: PrivateKey) -> Direct:
    answers = piv_answers(key, certificate_object(der(certificate(key, "990000000001"))))
    algorithm = 0x11 if isinstance(key, ec.EllipticCurvePrivateKey) else 0x07
    connection = Direct(lambda raw: (b"", 0x6A86) if raw[1] == 0x87 and raw[2] != algorithm else answers(raw))
    credential = identify(connection, PROOF)
    assert connection.exchanges == 1
    before = len(connection.sent)
    assert credential.prove(PROOF)
    if isinstance(key, ec.EllipticCurvePrivateKey):
        assert len(connection.sent) == before
        assert credential.prove(OTHER) != credential.prove(PROOF)
        assert len(connection.sent) == before + 2
    return connection


def test_identity_and_proof_in_one_exchange() -> None:
    assert [each[1] for each in proven(ec.generate_private_key(ec.SECP256R1())).sent[:3]] == [0xA4, 0xCB, 0x87]


def test_another_key_signs_after_all() -> None:
    proven(rsa.generate_private_key(65537, 2048))
