"""The composition root: wires database, identity and API into one service."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
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
from tools.headend.api.watching import EVERY_S, tell_changes
from tools.headend.background import Periodic
from tools.headend.ca.reference import ReferenceHeadEnd
from tools.headend.ca.refresher import EVERY_S as REFRESH_EVERY_S
from tools.headend.ca.refresher import Refresher
from tools.headend.clock import Clock
from tools.headend.delivery import ByChannel, Delivery
from tools.headend.delivery.courier import Courier
from tools.headend.delivery.folder import FolderDelivery
from tools.headend.delivery.sender import EVERY_S as SEND_EVERY_S
from tools.headend.delivery.sender import Sender
from tools.headend.delivery.smtp import SmtpDelivery, SmtpServer
from tools.headend.domain.catalogue import Operator
from tools.headend.households import Household, household_names, load_household
from tools.headend.housekeeping import Housekeeper
from tools.headend.identity.dpop import DpopChecker
from tools.headend.identity.limits import FailureLimit
from tools.headend.identity.nonces import ChallengeNonces, DpopNonces
from tools.headend.identity.pairing import PairingCodes
from tools.headend.identity.pins import PinHasher
from tools.headend.identity.sign_in import Limits, SignIn
from tools.headend.operators import load_operator
from tools.headend.payments import PaymentProvider
from tools.headend.payments.autopayer import EVERY_S as AUTOPAY_EVERY_S
from tools.headend.payments.autopayer import Autopayer
from tools.headend.payments.cashier import EVERY_S as ASK_EVERY_S
from tools.headend.payments.cashier import Cashier
from tools.headend.secrets_file import ServiceSecret
from tools.headend.seed import seed
from tools.headend.storage import orders, pairing, schema
from tools.headend.storage.changes import Changes
from tools.headend.storage.database import Database
from tools.headend.storage.registry import Registry
from tools.headend.transfer_post import EVERY_S as POST_EVERY_S
from tools.headend.transfer_post import TransferPost
from tools.headend.use_cases.codes import CodeMaker
from tools.headend.use_cases.lookup import Lookup
from tools.provisioning import KeyRing

KEEP_ALIVE_S = 10.0
REQUEST_THREADS = 32
"""As many requests may wait for the database at once; it is what the connections of its pool are enough for."""
ALL = "all"


@dataclass(frozen=True, slots=True)
class Settings:
    """``keys``: folder of the key ring and the service's secret; ``households``: names to seed, or ``all``."""

    database_url: str
    operator: str = "mts"
    keys: Path | None = None
    households: tuple[str, ...] = ()
    keep_alive: float = KEEP_ALIVE_S
    smtp: SmtpServer | None = None
    """The mail server; without one e-mails go to the developer's outbox."""
    sms: Delivery | None = None
    """The SMS gateway; the same."""
    payments: PaymentProvider | None = None
    """Who takes money; without one nothing can be paid from the TV."""


@dataclass(frozen=True, slots=True)
class Service:
    """A wired service: ``app`` is what an ASGI server runs."""

    app: ASGIApp
    services: Services
    housekeeper: Housekeeper
    sender: Sender
    workers: tuple[Periodic, ...]
    """What the service does beside answering."""

    def start(self) -> None:
        """Begin what is done beside answering."""
        self.housekeeper.start()
        for worker in self.workers:
            worker.start()

    def close(self) -> None:
        """End streams, tidying and connections."""
        self.services.hub.close()
        self.housekeeper.begin_to_stop()
        for worker in self.workers:
            worker.begin_to_stop()
        self.services.threads.shutdown()
        self.services.courier.stop()
        self.housekeeper.stop()
        for worker in self.workers:
            worker.stop()
        self.services.cashier.close()
        self.services.database.close()


def prepare(settings: Settings, clock: Clock) -> Prepared:
    """Everything that can fail before there is an address: operator, database, keys, households."""
    operator = load_operator(settings.operator)
    households = tuple(load_household(name, operator) for name in _names(settings.households))
    database = schema.open_database(settings.database_url)
    schema.claim_for_operator(database, operator.name)
    folder = settings.keys or _keys_beside(database)
    secret = ServiceSecret(folder / "service.key")
    keys = KeyRing(folder, now=clock.now)
    _seed(database, households, keys, _pins(secret), clock)
    authority = x509.load_pem_x509_certificate(keys.ca_certificate.read_bytes())
    delivery = _delivery(settings, folder)
    return Prepared(operator, database, secret, authority, clock, settings.keep_alive, delivery, settings.payments)


@dataclass(frozen=True, slots=True)
class Prepared:
    """What ``build`` needs besides the origin."""

    operator: Operator
    database: Database
    secret: ServiceSecret
    authority: x509.Certificate
    clock: Clock
    keep_alive: float
    delivery: Delivery
    payments: PaymentProvider | None = None

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
        hub = Hub()
        post = TransferPost(self.database, self.operator, self.clock, hub.tell)
        courier = Courier(self.delivery)
        cashier = Cashier(self.database, self.operator, self.clock, self.payments, courier, hub.saw, origin)
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
            pairing_codes=PairingCodes(self.secret.key("pairing-code")),
            guard=Guard(
                registry=registry,
                dpop=dpop,
                clock=self.clock,
                origin=origin,
                claimed_reads=self.operator.claimed_reads,
                first_only=self.operator.rooms.extra_box_refused,
            ),
            changes=changes,
            pins=_pins(self.secret),
            codes=CodeMaker(self.secret.key("one-time-codes")),
            delivery=self.delivery,
            courier=courier,
            lookup=Lookup(self.operator, registry, self.database, self.clock),
            hub=hub,
            transfers=post,
            cashier=cashier,
            metrics=Metrics(),
            keep_alive=self.keep_alive,
            threads=ThreadPoolExecutor(REQUEST_THREADS, "request"),
        )
        sender = Sender(self.database, self.operator, self.delivery, self.clock)
        sending = Periodic("sending", SEND_EVERY_S, sender.send_due)
        posting = Periodic("posting transfers", POST_EVERY_S, post.deliver_waiting)
        watching = Periodic("watching", EVERY_S, partial(tell_changes, self.database, services.hub))
        access = ReferenceHeadEnd(self.database, self.clock)
        refresher = Refresher(self.database, self.operator, access, self.clock, hub.tell)
        refreshing = Periodic("refreshing cards", REFRESH_EVERY_S, refresher.run)
        tidying = (partial(pairing.tidy, self.database), partial(orders.tidy, self.database), post.forget_quotes)
        housekeeper = Housekeeper(registry, changes, self.clock, also=tidying)
        asking = Periodic("asking about payments", ASK_EVERY_S, cashier.ask_due)
        autopaying = Periodic("autopayment", AUTOPAY_EVERY_S, Autopayer(cashier).run)
        workers = (watching, sending, posting, refreshing, asking, autopaying)
        return Service(build_app(services), services, housekeeper, sender, workers)


def _delivery(settings: Settings, keys: Path) -> Delivery:
    """What was chosen for each channel, else files in ``outbox`` beside the keys."""
    outbox = FolderDelivery(keys.absolute().parent / "outbox")
    mail = SmtpDelivery(settings.smtp) if settings.smtp else outbox
    return ByChannel({"sms": settings.sms or outbox, "email": mail})


def _pins(secret: ServiceSecret) -> PinHasher:
    return PinHasher(secret.key("pin-pepper"))


def _names(asked: tuple[str, ...]) -> tuple[str, ...]:
    return household_names() if ALL in asked else asked


def _keys_beside(database: Database) -> Path:
    if not database.sqlite or not database.url.database:
        raise ConfigError("where the keys lie must be said for this database", remedy="give --keys DIR")
    return Path(database.url.database).absolute().parent / "keys"


def _seed(database: Database, households: tuple[Household, ...], keys: KeyRing, pins: PinHasher, clock: Clock) -> None:
    for household in households:
        try:
            seed(database, household, keys, pins, clock.now())
        except DBAPIError as error:
            reason = str(error.orig).strip().splitlines()[0]
            raise ConfigError(f"household {household.name} cannot be written: {reason}") from None
        except OSError as error:
            raise ConfigError(f"{keys.folder}: cannot be used: {error.strerror}") from None
