"""What the routers work with, wired once in bootstrap.py."""

from __future__ import annotations

from dataclasses import dataclass

from tools.headend.api.guard import Guard
from tools.headend.api.hub import Hub
from tools.headend.api.metrics import Metrics
from tools.headend.clock import Clock
from tools.headend.domain.catalogue import Operator
from tools.headend.identity.nonces import ChallengeNonces, DpopNonces
from tools.headend.identity.sign_in import SignIn
from tools.headend.storage.changes import Changes
from tools.headend.storage.database import Database
from tools.headend.storage.registry import Registry


@dataclass(frozen=True, slots=True)
class Services:
    """One service's parts. ``keep_alive``: seconds between the comments of an event stream."""

    operator: Operator
    origin: str
    clock: Clock
    database: Database
    registry: Registry
    challenges: ChallengeNonces
    dpop_nonces: DpopNonces
    sign_in: SignIn
    guard: Guard
    changes: Changes
    hub: Hub
    metrics: Metrics
    keep_alive: float
