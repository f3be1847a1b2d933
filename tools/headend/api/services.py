"""What the routers work with, wired once in bootstrap.py."""

from __future__ import annotations

from concurrent.futures import Executor
from dataclasses import dataclass

from tools.headend.api.guard import Guard
from tools.headend.api.hub import Hub
from tools.headend.api.metrics import Metrics
from tools.headend.clock import Clock
from tools.headend.delivery import Delivery
from tools.headend.delivery.courier import Courier
from tools.headend.domain.catalogue import Operator
from tools.headend.identity.nonces import ChallengeNonces, DpopNonces
from tools.headend.identity.pairing import PairingCodes
from tools.headend.identity.pins import PinHasher
from tools.headend.identity.sign_in import SignIn
from tools.headend.payments.cashier import Cashier
from tools.headend.storage.changes import Changes
from tools.headend.storage.database import Database
from tools.headend.storage.registry import Registry
from tools.headend.transfer_post import TransferPost
from tools.headend.use_cases.codes import CodeMaker
from tools.headend.use_cases.lookup import Lookup


@dataclass(frozen=True, slots=True)
class Services:
    """One service's parts. ``keep_alive``: seconds between the comments of an event stream; ``threads``: where the
    endpoints of direct.py run."""

    operator: Operator
    origin: str
    clock: Clock
    database: Database
    registry: Registry
    challenges: ChallengeNonces
    dpop_nonces: DpopNonces
    sign_in: SignIn
    pairing_codes: PairingCodes
    guard: Guard
    changes: Changes
    pins: PinHasher
    codes: CodeMaker
    delivery: Delivery
    courier: Courier
    lookup: Lookup
    hub: Hub
    transfers: TransferPost
    cashier: Cashier
    metrics: Metrics
    keep_alive: float
    threads: Executor
