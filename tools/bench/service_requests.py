"""Rows ``sign_in``, ``balance_read``, ``balance_read_p99`` and ``purchase``: requests to one service process."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tools.bench.rows import Row
from tools.bench.service_client import BenchBox, Connection, encoded_part, sign_jws
from tools.bench.service_load import Ask, Client, Measured, ask_for, repeat_for
from tools.bench.service_world import World, processor, source_account

SIGN_IN_LIMIT, READ_LIMIT, P99_LIMIT = 0.12, 0.60, 3.0
ROUNDS, SLICE_S = 4, 0.6
SIGNATURES = 4
"""Of a sign-in: assertion, DPoP proof, card's proof, card's certificate."""
PIN = "4071"


def request_rows(world: World, *, full: bool) -> list[Row]:
    """All of them against the same service and database."""
    url, _ = world.seeded("requests")
    port = world.serve(url)
    rounds = ROUNDS * (4 if full else 1)
    return [
        _sign_in(world, port, rounds),
        *_reads(world, port, url, rounds),
        _purchase(world, port, rounds),
    ]


def _sign_in(world: World, port: int, rounds: int) -> Row:
    key, message = ec.generate_private_key(ec.SECP256R1()), bytes(200)
    algorithm = ec.ECDSA(hashes.SHA256())
    verify = partial(key.public_key().verify, key.sign(message, algorithm), message, algorithm)

    def signatures() -> None:
        for _ in range(SIGNATURES):
            verify()

    @contextmanager
    def client() -> Iterator[Ask]:
        with Connection(port) as connection:
            yield world.box(connection).sign_in

    ours, alone = Measured(), Measured()
    for _ in range(rounds):
        repeat_for(SLICE_S / 3, signatures, alone)
        ask_for(SLICE_S, client, ours)
    reference = f"{SIGNATURES} signature checks alone"
    return Row("sign_in", ours.rate, "1/s", reference, alone.rate, SIGN_IN_LIMIT, at_least=True)


def _reads(world: World, port: int, url: str, rounds: int) -> list[Row]:
    key = ec.generate_private_key(ec.SECP256R1())
    public = world.folder / "bare.pem"
    public.write_bytes(key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    bare_port = world.start("tools.bench.bare_service", url, str(public), processor())
    token = sign_jws(key, encoded_part({"alg": "ES256", "typ": "JWT"}), {"sub": str(source_account())})

    @contextmanager
    def client() -> Iterator[Ask]:
        with Connection(port) as connection:
            box = world.box(connection)
            box.sign_in()
            yield partial(box.get, "/v1/account")

    @contextmanager
    def bare() -> Iterator[Ask]:
        with Connection(bare_port) as connection:
            yield partial(connection.request, "GET", "/balance", f"Authorization: Bearer {token}\r\n")

    ours, reference = Measured(), Measured()
    ways: tuple[tuple[Client, Measured], ...] = ((client, ours), (bare, reference))
    for turn in range(rounds):
        for way, measured in ways if turn % 2 else ways[::-1]:
            ask_for(SLICE_S, way, measured)
    what = "bare endpoint: one JWT, one SELECT"
    p99 = Row("balance_read_p99", ours.percentile(0.99), "ms", what, reference.percentile(0.99), P99_LIMIT)
    return [Row("balance_read", ours.rate, "1/s", what, reference.rate, READ_LIMIT, at_least=True), p99]


def _purchase(world: World, port: int, rounds: int) -> Row:
    """Quote, confirmation and undo of a package, one after another: no target, beside the balance read."""
    bought, read = Measured(), Measured()
    with Connection(port) as connection:
        box = world.box(connection)
        _with_pin(box)
        for _ in range(rounds):
            repeat_for(SLICE_S / 3, partial(_buy, box), bought)
            repeat_for(SLICE_S / 3, partial(box.get, "/v1/account"), read)
    return Row("purchase", bought.rate, "1/s", "balance read by the same client", read.rate, None)


def _with_pin(box: BenchBox) -> None:
    box.sign_in()
    box.request("POST", "/v1/pin", {"first_name": "Иван", "last_name": "Петров", "pin": PIN})
    box.step_up(PIN)


def _buy(box: BenchBox) -> None:
    quote = box.post("/v1/subscriptions/quotes", {"changes": [{"op": "connect", "item": "cinema"}]})
    order = box.post("/v1/subscriptions", {"quote_id": quote["id"]})
    box.post("/v1/subscriptions/undo", {"order_id": order["id"]})
