"""The one place where the service is put together: the real adapters behind the ports, threads behind the loop.

What is heavy (requests, cryptography, joserfc) is imported by the worker that needs it first, so that the local API
answers before.
"""

from __future__ import annotations

import concurrent.futures
import logging
import random
import ssl
import threading
from dataclasses import dataclass
from typing import Any

from device.account.exchange import Exchange
from device.account.gateway import AccountGateway, GatewayParts
from device.account.journal import VERSION as JOURNAL_VERSION
from device.account.journal import Journal
from device.account.known import LastKnown
from device.account.resender import Resender
from device.adapters.chip_id_files import ChipIdFiles
from device.adapters.saved_time import VERSION as TIME_VERSION
from device.adapters.saved_time import SavedTime
from device.adapters.smart_card import SmartCard
from device.adapters.tls_context import client_context
from device.api.methods import METHODS
from device.api.state_file import StateFile
from device.config import Config
from device.domain.service_time import ServiceTime
from device.domain.sign_in import SignIn
from device.handlers import HandlerParts, make_handlers
from device.lazily import Lazily
from device.ports.account_service import AccountService, Grant
from device.ports.card import CardEvidence, CardFacts, CardFailure
from device.ports.chip_identity import ChipIdMissing
from device.ports.clock import Clock
from device.ports.key_store import KeyStore
from device.rpc.server import RpcServer
from device.service import Service, ServiceParts, run
from device.signin.keeper import KeeperParts, SessionKeeper
from device.signin.procedure import SignInProcedure
from device.workers import Workers
from smartcard.reader import CardReader

__all__ = ["build", "run"]

logger = logging.getLogger(__name__)

CARD_SECONDS = 15.0
"""For a card to sign; a good one takes less than one."""
SIGN_IN_WORKERS = 2
REQUEST_WORKERS = 4


def build(config: Config, *, reader: CardReader, clock: Clock) -> Service:
    """The service on ``reader``, which it closes at its end. ConfigError where the CA file cannot be used."""
    tls = None if config.ca is None else client_context(config.ca)
    return Service(config, reader, lambda: _wire(config, reader, clock, tls))


@dataclass(frozen=True)
class _Network:
    keys: KeyStore
    service: AccountService


def _wire(config: Config, reader: CardReader, clock: Clock, tls: ssl.SSLContext | None) -> ServiceParts:
    """Everything that lives on the loop; called on it."""
    saved_time = SavedTime(StateFile(config.state / "service-time.json", TIME_VERSION))
    service_time = ServiceTime(clock, saved=saved_time.load())
    chip = ChipIdFiles(config.identity_root)
    network = Lazily(lambda: _network(config, tls, service_time, clock))
    card, card_worker, storage_worker = SmartCard(reader), Workers("card", 1), Workers("storage", 1)
    sign_in_workers, request_workers = Workers("sign-in", SIGN_IN_WORKERS), Workers("request", REQUEST_WORKERS)

    def prove(facts: CardFacts, *, audience: str, nonce: str, chip_id: str, jkt: str) -> CardEvidence:
        job = card_worker.submit(card.prove, facts, audience=audience, nonce=nonce, chip_id=chip_id, jkt=jkt)
        try:
            return job.result(CARD_SECONDS)
        except concurrent.futures.TimeoutError:
            raise CardFailure(f"the card did not sign within {CARD_SECONDS:g} s", code="card_mute") from None
        except concurrent.futures.CancelledError:
            raise CardFailure("the service ends", code="card_removed") from None

    saving = threading.Lock()

    def sign_in(facts: CardFacts) -> Grant:
        parts = network()
        grant = SignInProcedure(
            chip=chip, keys=parts.keys, service=parts.service, service_time=service_time, prove=prove
        ).run(facts)
        with saving:
            saved_time.save(service_time.best())
        return grant

    def notify(event: str, params: dict[str, Any]) -> None:
        server.notify(event, params)

    def service() -> AccountService:
        return network().service

    keeper = SessionKeeper(
        KeeperParts(
            machine=SignIn(random.SystemRandom().random),
            clock=clock,
            service_time=service_time,
            service=service,
            card=card,
            card_worker=card_worker,
            workers=sign_in_workers,
            sign_in=sign_in,
            reader_name=reader.name,
            notify=notify,
        )
    )
    journal = Journal(StateFile(config.state / "journal.json", JOURNAL_VERSION))
    exchange = Exchange(service, journal, LastKnown(config.state / "known"), service_time)
    gateway = AccountGateway(GatewayParts(keeper, exchange, journal, request_workers, storage_worker, clock))
    resender = Resender(
        keeper=keeper,
        exchange=exchange,
        journal=journal,
        workers=request_workers,
        storage=storage_worker,
        service_time=service_time,
        notify=notify,
    )
    handlers = make_handlers(
        HandlerParts(
            config=config,
            clock=clock,
            chip_id=_chip_id(chip),
            hardware_version=_hardware_version(config),
            software_version=Lazily(_software_version),
            keeper=keeper,
            gateway=gateway,
        )
    )
    server = RpcServer(METHODS, handlers, config.roles.get)
    return ServiceParts(server, keeper, resender, (card_worker, sign_in_workers, request_workers, storage_worker))


def _network(config: Config, tls: ssl.SSLContext | None, service_time: ServiceTime, clock: Clock) -> _Network:
    from device.adapters.account_http import AccountHttp
    from device.adapters.file_key_store import FileKeyStore
    from device.adapters.http_transport import HttpTransport
    from device.adapters.tls import PinnedAdapter

    keys = FileKeyStore(config.device_key)
    transport = HttpTransport(config.service, PinnedAdapter(tls, service_time), f"stb-device/{_software_version()}")
    return _Network(keys, AccountHttp(transport, keys, service_time, clock))


def _chip_id(chip: ChipIdFiles) -> str:
    try:
        return chip.read().value
    except ChipIdMissing as error:
        logger.error("%s", error)
        return ""


def _hardware_version(config: Config) -> str:
    """The SoC's revision as the kernel tells it; empty where it does not."""
    try:
        return (config.identity_root / "sys/devices/soc0/revision").read_text("ascii", "replace").strip()[:64]
    except OSError:
        return ""


def _software_version() -> str:
    from importlib import metadata  # 37 ms that the way to the first answer does not need

    try:
        return metadata.version("stb-account")
    except metadata.PackageNotFoundError:
        return "0"
