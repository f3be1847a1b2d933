"""The conditional-access applications: the bytes that they send, the cards that they know, and cards that lie."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smartcard.applications.answer import AnswerError
from smartcard.applications.application import CaApplication, CaCard
from smartcard.applications.conax import Conax
from smartcard.applications.dre import Dre
from smartcard.applications.irdeto import Irdeto
from smartcard.applications.irdeto_acs import IrdetoAcs
from smartcard.applications.nagra import Nagra
from smartcard.applications.seca import Seca
from smartcard.applications.viaccess import Viaccess
from smartcard.atr import ATR
from smartcard.errors import ApduError, CardMute, SmartCardError
from smartcard.identity import CA_APPLICATIONS
from tests.unit.smartcard.scripted import ScriptedConnection

ATRS = {
    Irdeto: ["3B9F210E49524445544F204143532056342E319D", "3B9F210E49524445544F2041435303839500" + "8055"],
    IrdetoAcs: ["3B9F11406049524445544F204143532056352E30", "3B9F11406049524445544F204143532056362E30"],
    Viaccess: ["3F77180000C21400C1689000", "3F77110000C21400C1689000", "3F77190000C21400C1689000"],
    Conax: ["3B240030423030", "3B34000030423030"],
    Dre: ["3B151112CA0711CA", "3B151112CA0714CF"],
    Nagra: [
        "3FFF9500FF918171FE4700444E41535031343220526576473034" + "10",
        "3FFF9500FF918171A04700444E415350303131205265762B",
    ],
    Seca: ["3BF711000140965430040E6CB6D6", "3BF711000140967070070E6CB6D69000"],
}
"""Published answers to reset of real cards."""

ACS_HEADER = "0102000000000010"
COUNTRY = "00410000000624" + "00" * 6 + b"SVK".hex()
HEX_SERIAL = "00" * 10 + "02001A2B3C10"
ASCII_SERIAL = b"3200000017".hex() + "00" * 10

CONVERSATIONS: dict[type[CaApplication], tuple[list[tuple[str, str, int]], CaCard]] = {
    Irdeto: (
        [
            ("0200030000", ASCII_SERIAL, 0x0000),
            ("0201000000", HEX_SERIAL, 0x0000),
            ("0202030000", COUNTRY, 0x0000),
        ],
        CaCard(
            "3200000017",
            (("caid", "0624"), ("country", "SVK"), ("hex_serial", "1A2B3C"), ("base", "10"), ("providers", "2")),
        ),
    ),
    IrdetoAcs: (
        [
            ("D2000300013F", "", 0x901D),
            ("D2FE00001D", ACS_HEADER + ASCII_SERIAL + "AA", 0x9000),
            ("D2020300013E", "", 0x903E),
            ("D2FE00003E", ACS_HEADER + HEX_SERIAL + "00" * 37 + "AA", 0x9000),
            ("D2040000013E", "", 0x9019),
            ("D2FE000019", ACS_HEADER + COUNTRY + "AA", 0x9000),
        ],
        CaCard(
            "3200000017",
            (("caid", "0624"), ("country", "SVK"), ("hex_serial", "1A2B3C"), ("base", "10"), ("providers", "2")),
        ),
    ),
    Viaccess: (
        [("8702000003000028", "", 0x9000), ("CAACA40000", "", 0x9000), ("CAB8000007", "A4050102030405", 0x9000)],
        CaCard("0102030405"),
    ),
    Conax: (
        [
            ("DD26000003100140", "", 0x9807),
            ("DDCA000007", "20014028020B02", 0x9000),
            ("DD82000011110F01B00FFFFFFB000009040B02E0302B", "", 0x9814),
            ("DDCA000014", "2212230700000000554433230700000011223344", 0x9000),
        ],
        CaCard("000011223344", (("caid", "0B02"), ("version", "64"))),
    ),
    Dre: (
        [("80FF100105590343" + "11AD", "", 0x6108), ("00C0000008", "5906A31C2B3A4918", 0x9000)],
        CaCard("1C2B3A49", (("provider", "11"),)),
    ),
    Nagra: ([("A0CA000002120006", "92040A1B2C3D", 0x9000)], CaCard("0A1B2C3D")),
    Seca: ([("C10E000008", "000000F1E2D3C4B5", 0x9000)], CaCard("00F1E2D3C4B5")),
}
"""What is sent, what comes back, and the card that it is; by facts/smartcard.md."""


def connection(application: type[CaApplication], answers: list[tuple[bytes, int]]) -> ScriptedConnection:
    return ScriptedConnection(
        answers, atr=bytes.fromhex(ATRS[application][0]), protocol=min(application.protocols, default=0)
    )


def answers(application: type[CaApplication]) -> list[tuple[bytes, int]]:
    return [(bytes.fromhex(data), sw) for _, data, sw in CONVERSATIONS[application][0]]


def test_all_of_them_are_here() -> None:
    assert set(CA_APPLICATIONS) == set(ATRS) == set(CONVERSATIONS)


@pytest.mark.parametrize("application", CA_APPLICATIONS)
def test_the_conversation_byte_for_byte(application: type[CaApplication]) -> None:
    card = connection(application, answers(application))
    exchange, expected = CONVERSATIONS[application]
    assert application(card).read() == expected
    assert [each.hex().upper() for each in card.sent] == [command for command, _, _ in exchange]


@pytest.mark.parametrize("application", CA_APPLICATIONS)
def test_an_application_knows_its_cards_by_their_atr_and_no_others(application: type[CaApplication]) -> None:
    for owner, known in ATRS.items():
        for each in known:
            assert application.recognizes(ATR.parse(bytes.fromhex(each))) == (owner is application), each
    assert not application.recognizes(ATR.parse(bytes.fromhex("3B00")))


@pytest.mark.parametrize("application", CA_APPLICATIONS)
@pytest.mark.parametrize("sw", [0x6A82, 0x6D00, 0x6E00, 0x6F00, 0x9400])
def test_a_status_word_that_is_no_success_here(application: type[CaApplication], sw: int) -> None:
    """At every step of the conversation."""
    for step in range(len(CONVERSATIONS[application][0])):
        said = [*answers(application)[:step], (b"", sw)]
        with pytest.raises(ApduError) as caught:
            application(connection(application, said)).read()
        assert caught.value.sw == sw


@pytest.mark.parametrize(("application", "sw"), [(IrdetoAcs, 0x9000), (Conax, 0x9800), (Dre, 0x6100), (Conax, 0x9000)])
def test_nothing_is_ready_to_be_fetched(application: type[CaApplication], sw: int) -> None:
    card = connection(application, [(b"", sw)])
    with pytest.raises(ApduError):
        application(card).read()
    assert len(card.sent) == 1


@pytest.mark.parametrize("application", CA_APPLICATIONS)
def test_an_answer_with_a_byte_too_few_or_too_many(application: type[CaApplication]) -> None:
    said = answers(application)
    for step, (data, sw) in enumerate(said):
        for wrong in (data[:-1], data + b"\x00") if data else ():
            with pytest.raises(AnswerError):
                application(connection(application, [*said[:step], (wrong, sw), *said[step + 1 :]])).read()


def test_what_the_wire_says_is_passed_on() -> None:
    def mute(_: bytes) -> tuple[bytes, int]:
        raise CardMute("the card did not answer")

    for application in CA_APPLICATIONS:
        with pytest.raises(CardMute):
            application(ScriptedConnection(mute, atr=bytes.fromhex(ATRS[application][0]))).read()


def test_a_dre_card_that_does_not_name_its_provider() -> None:
    with pytest.raises(AnswerError, match="provider"):
        Dre(ScriptedConnection([], atr=bytes.fromhex("3B151112CA"))).read()


def test_a_nagra_card_over_t0_has_its_answer_fetched() -> None:
    card = connection(Nagra, [(b"", 0x6106), (bytes.fromhex("92040A1B2C3D"), 0x9000)])
    assert Nagra(card).read() == CaCard("0A1B2C3D")
    assert card.sent[1].hex().upper() == "A0C0000006"


SW = st.sampled_from([0x0000, 0x9000, 0x9008, 0x9019, 0x901D, 0x9807, 0x9814, 0x6108, 0x6C08, 0x6E00])
ANSWERS = st.lists(st.tuples(st.binary(max_size=70), SW), max_size=7)


@settings(deadline=None)
@given(st.sampled_from(CA_APPLICATIONS), ANSWERS)
def test_a_card_that_answers_anything(application: type[CaApplication], said: list[tuple[bytes, int]]) -> None:
    card = connection(application, [*said, *[(b"", 0x6F00)] * 8])
    with contextlib.suppress(SmartCardError):
        application(card).read()
    assert len(card.sent) <= 8


@settings(deadline=None)
@given(st.sampled_from(CA_APPLICATIONS), st.data())
def test_a_card_with_a_broken_byte(application: type[CaApplication], data: st.DataObject) -> None:
    """A typed error, or a number that can stand in a proof's message."""
    said = answers(application)
    step = data.draw(st.sampled_from([index for index, (body, _) in enumerate(said) if body]))
    body = bytearray(said[step][0])
    body[data.draw(st.integers(0, len(body) - 1))] ^= data.draw(st.integers(1, 255))
    try:
        card = application(
            connection(application, [*said[:step], (bytes(body), said[step][1]), *said[step + 1 :]])
        ).read()
    except SmartCardError:
        return
    assert card.serial.isascii()
    assert card.serial.isalnum()
