"""The whole service with pgbouncer in transaction mode between it and PostgreSQL."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.support.headend_server import running_headend
from tests.support.postgres import PGBOUNCER_PEER, POSTGRES_PEER, Postgres
from tests.support.shopper import Shopper, connect


@pytest.mark.needs_peer(POSTGRES_PEER, PGBOUNCER_PEER)
def test_sign_in_read_and_order_behind_pgbouncer(tmp_path: Path, postgres: Postgres) -> None:
    with (
        postgres.database(bouncer=True) as url,
        running_headend(tmp_path, households=("family",), database_url=url) as headend,
    ):
        shopper = Shopper(headend)
        before = shopper.balance()
        for _ in range(8):
            order = shopper.order(connect("cinema"))
            assert shopper.balance() < before
            shopper.undo(order)
        assert shopper.balance() == before

        def read(_number: int) -> int:
            return shopper.box.request("GET", "/v1/account").status_code

        with ThreadPoolExecutor(20) as pool:
            assert Counter(pool.map(read, range(200))) == {200: 200}
