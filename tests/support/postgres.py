"""One PostgreSQL a test process, and new databases in it: empty, or with the service's schema."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from tools.bench.postgres import PGBOUNCER_PEER, POSTGRES_PEER, PgBouncer, PostgresCluster
from tools.headend.storage.schema import open_database

__all__ = ["PGBOUNCER_PEER", "POSTGRES_PEER", "Postgres"]


class Postgres:
    """Started at first use; ``close`` ends everything."""

    def __init__(self) -> None:
        self._stack = ExitStack()
        self._cluster: PostgresCluster | None = None
        self._bouncer: PgBouncer | None = None
        self._template = ""

    def close(self) -> None:
        self._stack.close()
        self._cluster = self._bouncer = None

    @property
    def cluster(self) -> PostgresCluster:
        if self._cluster is None:
            self._cluster = self._stack.enter_context(PostgresCluster())
        return self._cluster

    @contextmanager
    def database(self, *, schema: bool = True, bouncer: bool = False) -> Iterator[str]:
        """The URL of a new database that goes again; ``schema``: the tables are there already; ``bouncer``: through
        pgbouncer in transaction mode."""
        cluster = self.cluster
        name = cluster.new_database(template=self._with_schema() if schema else "template1")
        try:
            yield self._bouncer_of(cluster).url(name) if bouncer else cluster.url(name)
        finally:
            cluster.drop(name)

    def _with_schema(self) -> str:
        """The migrations run once a test process, every further database is a copy."""
        if not self._template:
            made = self.cluster.new_database()
            open_database(self.cluster.url(made)).close()
            self._template = made
        return self._template

    def _bouncer_of(self, cluster: PostgresCluster) -> PgBouncer:
        if self._bouncer is None:
            self._bouncer = self._stack.enter_context(PgBouncer(cluster))
        return self._bouncer
