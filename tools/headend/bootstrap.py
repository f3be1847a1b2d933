"""The composition root: wires database, identity and API into one service."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from sqlalchemy.exc import DBAPIError
from starlette.types import ASGIApp

from device.api.errors import ConfigError
from tools.headend.api.app import build_app
from tools.headend.api.guard import Guard
from tools.headend.api.hub import Hub
from tools.headend.api.metrics import Metrics
from tools.headend.api.services import Services
from tools.headend.clock import Clock
from tools.headend.domain.catalogue import Operator
from tools.headend.households import Household, household_names, load_household
from tools.headend.housekeeping import Housekeeper
from tools.headend.identity.dpop import DpopChecker
from tools.headend.identity.limits import FailureLimit
from tools.headend.identity.nonces import ChallengeNonces, DpopNonces
from tools.headend.identity.sign_in import Limits, SignIn
from tools.headend.operators import load_operator
from tools.headend.secrets_file import ServiceSecret
from tools.headend.seed import seed
from tools.headend.storage import schema
from tools.headend.storage.changes import Changes
from tools.headend.storage.database import Database
from tools.headend.storage.registry import Registry
from tools.provisioning import KeyRing

KEEP_ALIVE_S = 10.0
ALL = "all"


@dataclass(frozen=True, slots=True)
class Settings:
    """``keys``: folder of the key ring and the service's secret; ``households``: names to seed, or ``all``."""

    database_url: str
    operator: str = "mts"
    keys: Path | None = None
    households: tuple[str, ...] = ()
    keep_alive: float = KEEP_ALIVE_S


@dataclass(frozen=True, slots=True)
class Service:
    """A wired service: ``app`` is what an ASGI server runs."""

    app: ASGIApp
    services: Services
    housekeeper: Housekeeper

    def close(self) -> None:
        """End streams, tidying and connections."""
        self.services.hub.close()
        self.housekeeper.stop()
        self.services.database.close()


def prepare(settings: Settings, clock: Clock) -> Prepared:
    """Everything that can fail before there is an address: operator, database, keys, households."""
    operator = load_operator(settings.operator)
    households = tuple(load_household(name, operator) for name in _names(settings.households))
    database = schema.open_database(settings.database_url)
    schema.claim_for_operator(database, operator.name)
    folder = settings.keys or _keys_beside(database)
    secret = ServiceSecret(folder / "service.key")
    keys = KeyRing(folder)
    _seed(database, households, keys, clock)
    authority = x509.load_pem_x509_certificate(keys.ca_certificate.read_bytes())
    return Prepared(operator, database, secret, authority, clock, settings.keep_alive)


@dataclass(frozen=True, slots=True)
class Prepared:
    """What ``build`` needs besides the origin."""

    operator: Operator
    database: Database
    secret: ServiceSecret
    authority: x509.Certificate
    clock: Clock
    keep_alive: float

    def build(self, origin: str) -> Service:
        """The service as it is known to boxes: ``origin`` is audience and base of every URL."""
        origin = origin.rstrip("/")
        registry = Registry(self.database)
        dpop_nonces = DpopNonces(self.secret.key("dpop-nonce"), self.clock)
        challenges = ChallengeNonces(self.secret.key("challenge-nonce"), self.clock)
        dpop = DpopChecker(dpop_nonces, self.clock)
        changes = Changes(self.database, self.secret.key("idempotency-fingerprint"), self.clock)
        limits = Limits(
            FailureLimit(self.operator.box_limit, self.clock), FailureLimit(self.operator.address_limit, self.clock)
        )
        services = Services(
            operator=self.operator,
            origin=origin,
            clock=self.clock,
            database=self.database,
            registry=registry,
            challenges=challenges,
            dpop_nonces=dpop_nonces,
            sign_in=SignIn(
                audience=origin,
                store=registry,
                nonces=challenges,
                dpop=dpop,
                limits=limits,
                authorities=(self.authority,),
                clock=self.clock,
            ),
            guard=Guard(
                registry=registry,
                dpop=dpop,
                clock=self.clock,
                origin=origin,
                claimed_reads=self.operator.claimed_reads,
            ),
            changes=changes,
            hub=Hub(),
            metrics=Metrics(),
            keep_alive=self.keep_alive,
        )
        return Service(build_app(services), services, Housekeeper(registry, changes, self.clock))


def _names(asked: tuple[str, ...]) -> tuple[str, ...]:
    return household_names() if ALL in asked else asked


def _keys_beside(database: Database) -> Path:
    if not database.sqlite or not database.url.database:
        raise ConfigError("where the keys lie must be said for this database", remedy="give --keys DIR")
    return Path(database.url.database).absolute().parent / "keys"


def _seed(database: Database, households: tuple[Household, ...], keys: KeyRing, clock: Clock) -> None:
    for household in households:
        try:
            seed(database, household, keys, clock.now())
        except DBAPIError as error:
            reason = str(error.orig).strip().splitlines()[0]
            raise ConfigError(f"household {household.name} cannot be written: {reason}") from None
        except OSError as error:
            raise ConfigError(f"{keys.folder}: cannot be used: {error.strerror}") from None
