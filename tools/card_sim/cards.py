"""From a card's name, as a person writes it, to the simulated card."""

from __future__ import annotations

from collections.abc import Callable

from device.api.errors import ApiError
from tools.card_sim.core import SimulatedCard
from tools.card_sim.piv_card import PivCard, RsaPivCard
from tools.card_sim.profiles.conax import ConaxCard
from tools.card_sim.profiles.dre import DreCard
from tools.card_sim.profiles.irdeto import IrdetoAcsCard, IrdetoCard
from tools.card_sim.profiles.nagra import NagraCard
from tools.card_sim.profiles.seca import SecaCard
from tools.card_sim.profiles.viaccess import ViaccessCard
from tools.provisioning import BoxKeys, KeyRing

PROFILE_CHIP_ID = "PROFILE"
PROFILE_CARD_NUMBER, RSA_CARD_NUMBER, GZIP_CARD_NUMBER = "990000000001", "990000000002", "990000000003"


class UnknownCard(ApiError):
    """No household, box or profile of that name."""

    code = "unknown_card"


def _piv(ring: KeyRing) -> SimulatedCard:
    return piv_card(ring.box("profile", "piv", chip_id=PROFILE_CHIP_ID, card_number=PROFILE_CARD_NUMBER))


def _piv_rsa(ring: KeyRing) -> SimulatedCard:
    keys = ring.rsa_card("profile", "piv-rsa", chip_id=PROFILE_CHIP_ID, card_number=RSA_CARD_NUMBER)
    return RsaPivCard(keys.load_card_key(), keys.load_card_certificate())


def _piv_gzip(ring: KeyRing) -> SimulatedCard:
    keys = ring.box("profile", "piv-gzip", chip_id=PROFILE_CHIP_ID, card_number=GZIP_CARD_NUMBER)
    return PivCard(keys.load_card_key(), keys.load_card_certificate(), compressed=True)


PROFILES: dict[str, Callable[[KeyRing], SimulatedCard]] = {
    "piv": _piv,
    "piv-rsa": _piv_rsa,
    "piv-gzip": _piv_gzip,
    "irdeto": lambda _: IrdetoCard(),
    "irdeto-acs": lambda _: IrdetoAcsCard(),
    "viaccess": lambda _: ViaccessCard(),
    "conax": lambda _: ConaxCard(),
    "dre": lambda _: DreCard(),
    "nagra": lambda _: NagraCard(),
    "seca": lambda _: SecaCard(),
}


def card_of_profile(name: str, ring: KeyRing) -> SimulatedCard:
    """A card of a kind, of no household."""
    make = PROFILES.get(name)
    if make is None:
        raise UnknownCard(f"no card profile '{name}'", remedy=f"known: {', '.join(sorted(PROFILES))}")
    return make(ring)


def card_of_household(name: str, ring: KeyRing, *, operator: str = "mts") -> SimulatedCard:
    """The card of ``HOUSEHOLD[/BOX]``; the first box's where none is named."""
    from tools.headend.households import load_household

    household_name, slash, box_id = name.partition("/")
    household = load_household(household_name, operator)
    for box in household.boxes:
        if box.id == box_id if slash else box.first:
            return piv_card(ring.box(household.name, box.id, chip_id=box.chip_id, card_number=box.card_number))
    known = ", ".join(box.id for box in household.boxes)
    raise UnknownCard(f"household '{household_name}' has no box '{box_id}'", remedy=f"known: {known}")


def piv_card(keys: BoxKeys) -> PivCard:
    """The PIV card that holds ``keys``."""
    return PivCard(keys.load_card_key(), keys.load_card_certificate())
