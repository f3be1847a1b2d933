"""One simulated home, put together: keys, network, head-end, box, card, TV; and the faults that happen to it."""

from __future__ import annotations

import concurrent.futures
from collections.abc import Callable
from datetime import datetime

from device.api.errors import ApiError
from tools.provisioning import KeyRing
from tools.simulator.clock import ClockFile
from tools.simulator.errors import ScriptError, SimulatorError, StartError, StepFailed
from tools.simulator.faults import Fault, World
from tools.simulator.network import Relay
from tools.simulator.payments import PaymentStandIn
from tools.simulator.pieces import Box, HeadEnd, Tv
from tools.simulator.processes import Supervisor
from tools.simulator.settings import Settings
from tools.simulator.slot import CardSlot
from tools.simulator.state import StateFolder
from tools.simulator.steps import Break, Script
from tools.simulator.television import TelevisionClient

_OWN, _NONE = "own", "none"
_OF_THE_SLOT = "card."


class SimulatedHome(World):
    """``start`` brings everything up in order; ``close`` ends it, whatever was reached."""

    def __init__(self, settings: Settings, state: StateFolder, supervisor: Supervisor) -> None:
        self._settings = settings
        self._state = state
        self._supervisor = supervisor
        ring = KeyRing(state.keys)
        self._relay = Relay()
        self.clock = ClockFile(state.clock)
        self._payments = PaymentStandIn(supervisor, state, ring)
        self._head_end = HeadEnd(supervisor, state, ring, self._relay, settings.operator, self._payments)
        self._box = Box(supervisor, state, ring, self._head_end.origin, settings)
        self._tv = Tv(supervisor, state, settings)
        own = f"{settings.household.name}/{settings.box.id}"
        self._slot = CardSlot(ring, own=own, operator=settings.operator, address=f"unix:{state.card_socket}")

    @property
    def service(self) -> str:
        """The origin of the account service as the box knows it."""
        return self._head_end.origin

    @property
    def _by_hand(self) -> str:
        return f"the card is in {self._settings.reader}: it is put in and taken out by hand"

    @property
    def window_closed(self) -> bool:
        return self._tv.closed

    def apply(self, fault: Fault) -> None:
        try:
            self._apply(fault)
        except SimulatorError:
            raise
        except (ApiError, OSError, concurrent.futures.TimeoutError) as error:
            raise StepFailed(str(error) or type(error).__name__) from None

    def _apply(self, fault: Fault) -> None:
        if self._settings.reader and fault.name.startswith(_OF_THE_SLOT):
            raise StepFailed(self._by_hand)
        match fault:
            case Fault("card.remove"):
                self._slot.remove()
            case Fault("card.insert" | "card.swap", None | str() as card):
                self._slot.insert(card)
            case Fault("card.mute"):
                self._slot.mute()
            case Fault("network.down"):
                self._relay.down()
            case Fault("network.up"):
                self._relay.up()
            case Fault("network.slow", int(milliseconds)):
                self._relay.slow(milliseconds)
            case Fault("headend.kill"):
                self._head_end.kill()
            case Fault("headend.start"):
                self._head_end.start()
            case Fault("device.kill"):
                self._box.kill()
            case Fault("device.start"):
                self._box.start()
            case Fault("clock", datetime() as moment):
                self.clock.set(moment)
            case Fault("payment.approve" | "payment.decline" | "payment.lose_answer" as name):
                self._payments.press(name.removeprefix("payment."))
            case _:
                raise StepFailed(f"this world knows no fault {fault.name}")

    def check(self, script: Script) -> None:
        """Every card that a script puts in exists, and there is a slot for it; ScriptError at the first that is not."""
        for line in script.lines:
            if not isinstance(line.step, Break):
                continue
            if self._settings.reader and line.step.fault.name.startswith(_OF_THE_SLOT):
                raise ScriptError(script.path, line.number, self._by_hand)
            if isinstance(line.step.fault.value, str):
                try:
                    self._slot.card(line.step.fault.value)
                except StepFailed as error:
                    raise ScriptError(script.path, line.number, str(error)) from None

    def start(self, tell: Callable[[str], None]) -> TelevisionClient:
        """Returns the TV when everything runs; StartError where a piece does not. ``tell`` gets the progress."""
        try:
            self.clock.reset()
            self._box.deliver()
            self._relay.up()
            tell("starting the head-end")
            self._tv.start()
            self._payments.start()
            self._head_end.start()
            tell("starting the device service")
            self._put_card_in()
            self._box.start()
            tell("starting the TV")
            return self._tv.connect()
        except SimulatorError:
            raise
        except (ApiError, OSError) as error:
            raise StartError(str(error)) from None

    def _put_card_in(self) -> None:
        inserted = _NONE if self._settings.reader else self._settings.household.inserted
        if inserted != _NONE:
            self._slot.insert(None if inserted == _OWN else inserted)

    def close(self) -> None:
        """End processes, card and network."""
        self._supervisor.close()
        self._slot.remove()
        self._relay.close()
