"""The card slot of the simulated box: which card is in it."""

from __future__ import annotations

from device.api.errors import ApiError
from tools.card_sim.cards import card_of_household, card_of_profile
from tools.card_sim.core import MuteCard, SimulatedCard
from tools.card_sim.vpcd import VpcdFace
from tools.provisioning import KeyRing
from tools.simulator.errors import StepFailed

_PROFILE = "profile:"


class CardSlot:
    """A card that is in stays in while the box restarts. Putting one in takes out what was there."""

    def __init__(self, ring: KeyRing, *, own: str, operator: str, address: str) -> None:
        """``own``: ``HOUSEHOLD/BOX`` of the box that is shown; ``address``: of its reader."""
        self._ring = ring
        self._own = own
        self._operator = operator
        self._address = address
        self._face: VpcdFace | None = None

    def card(self, name: str | None) -> SimulatedCard:
        """The card ``HOUSEHOLD[/BOX]`` or ``profile:NAME``, or the box's own; StepFailed where there is no such one."""
        wanted = name or self._own
        try:
            if wanted.startswith(_PROFILE):
                return card_of_profile(wanted.removeprefix(_PROFILE), self._ring)
            return card_of_household(wanted, self._ring, operator=self._operator)
        except ApiError as error:
            raise StepFailed(str(error)) from None

    def insert(self, name: str | None) -> None:
        """Returns when the card is in the slot; the box sees it as soon as it looks."""
        self._put(self.card(name))

    def mute(self) -> None:
        """From now on the card in the slot does not answer."""
        self._put(MuteCard())

    def remove(self) -> None:
        """Returns when the card is out."""
        if self._face is not None:
            self._face.stop()
            self._face = None

    def _put(self, card: SimulatedCard) -> None:
        self.remove()
        self._face = VpcdFace(card, self._address)
        self._face.start()
