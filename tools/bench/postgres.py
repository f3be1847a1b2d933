"""A PostgreSQL of one's own from Debian's binaries, and a pgbouncer in front of it: for tests and benchmarks.

Data, socket and log lie in a folder of their own that goes with it; no port is taken, so that any number of them run
side by side. Root may not run either program: then they run as the package's user.
"""

from __future__ import annotations

import getpass
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from device.api.waiting import wait_until

PORT = 5432
"""Names the socket's file; nothing listens on it."""
_SETTINGS = {
    "listen_addresses": "",
    "max_connections": "200",
    "shared_buffers": "256MB",
    "max_wal_size": "4GB",
    "autovacuum": "off",
    "log_min_messages": "fatal",
}
_UNSAFE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
"""Nothing here outlives a crash of the machine, and nobody needs it to."""


def binaries() -> Path:
    """The folder of the newest installed server's programs; where Debian 12 would put them if there is none."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda path: int(path.parents[1].name))
    return found[-1].parent if found else Path("/usr/lib/postgresql/15/bin")


SERVER = binaries() / "postgres"
POSTGRES_PEER = f"postgresql:{SERVER}"
"""For ``needs_peer``."""


class PostgresCluster:
    """A server and its databases; a context manager. ``durable``: it flushes to disk as a real one does."""

    def __init__(self, *, durable: bool = False) -> None:
        self._durable = durable
        self._count = 0
        self._process: subprocess.Popen[bytes] | None = None
        self.folder = Path()

    def __enter__(self) -> PostgresCluster:
        self.folder = private_folder("postgres-")
        self._run("initdb", "-D", str(self._data), "-A", "trust", "-U", "postgres", "-N", "-E", "UTF8", "--locale=C")
        settings = {**_SETTINGS, **({} if self._durable else _UNSAFE)}
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        command = [str(SERVER), "-D", str(self._data), "-k", str(self.folder), "-p", str(PORT), *options]
        self._process = start(command, self.folder)
        wait_until(self._answers, limit=30, what="PostgreSQL to answer", every=0.02)
        return self

    def __exit__(self, *_error: object) -> None:
        if self._process is not None:
            # an immediate shutdown: what it has not written yet is thrown away a line below
            end(self._process, signal.SIGQUIT)
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def _data(self) -> Path:
        return self.folder / "data"

    def url(self, database: str) -> str:
        """The address of one of its databases, as ``--database`` takes it."""
        return _url(self.folder, database)

    def new_database(self, *, template: str = "template1") -> str:
        """Make a database, empty or as ``template`` is now, and give its name; nobody may be in the template."""
        self._count += 1
        name = f"d{self._count}"
        self._admin("CREATE DATABASE {} TEMPLATE {}", name, template)
        return name

    def drop(self, database: str) -> None:
        """Take a database away, whoever is still in it."""
        self._admin("DROP DATABASE {} WITH (FORCE)", database)

    def _admin(self, statement: str, *names: str) -> None:
        with psycopg.connect(f"host={self.folder} port={PORT} user=postgres", autocommit=True) as connection:
            connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))

    def _answers(self) -> bool:
        if self._process is not None and self._process.poll() is not None:
            raise RuntimeError(f"PostgreSQL ended at once: {log_of(self.folder)}")
        with suppress(psycopg.OperationalError):
            self._admin("SELECT 1")
            return True
        return False

    def _run(self, program: str, *arguments: str) -> None:
        answer = subprocess.run(
            [str(binaries() / program), *arguments], cwd="/", capture_output=True, text=True, check=False, **_as_user()
        )
        if answer.returncode != 0:
            raise RuntimeError(f"{program}: {answer.stderr.strip()}")


class PgBouncer:
    """pgbouncer in transaction mode before a cluster; a context manager. Few server connections, so that consecutive
    transactions of one client really meet different ones."""

    def __init__(self, cluster: PostgresCluster, *, connections: int = 4) -> None:
        self._cluster = cluster
        self._connections = connections
        self._process: subprocess.Popen[bytes] | None = None
        self.folder = Path()

    def __enter__(self) -> PgBouncer:
        self.folder = private_folder("pgbouncer-")
        configuration = self.folder / "pgbouncer.ini"
        configuration.write_text(
            f"[databases]\n* = host={self._cluster.folder} port={PORT} user=postgres\n"
            f"[pgbouncer]\nlisten_port = {PORT}\nunix_socket_dir = {self.folder}\nauth_type = any\n"
            f"pool_mode = transaction\ndefault_pool_size = {self._connections}\nmax_client_conn = 500\n"
            "server_round_robin = 1\n"
        )
        self._process = start([pgbouncer(), str(configuration)], self.folder)
        socket = self.folder / f".s.PGSQL.{PORT}"
        wait_until(socket.exists, limit=10, what="pgbouncer to listen", every=0.02)
        return self

    def __exit__(self, *_error: object) -> None:
        if self._process is not None:
            end(self._process, signal.SIGTERM)
        shutil.rmtree(self.folder, ignore_errors=True)

    def url(self, database: str) -> str:
        return _url(self.folder, database)


def pgbouncer() -> str:
    """The program; Debian puts it where a user's PATH does not look."""
    return shutil.which("pgbouncer", path=f"{os.environ.get('PATH', '')}:/usr/sbin") or "/usr/sbin/pgbouncer"


PGBOUNCER_PEER = f"pgbouncer:{pgbouncer()}"
"""For ``needs_peer``."""


def private_folder(prefix: str) -> Path:
    """A folder for a server of ours that its user may use, and others may not."""
    folder = Path(tempfile.mkdtemp(prefix=prefix, dir="/tmp"))
    user = _as_user().get("user")
    if user is not None:
        entry = pwd.getpwnam(user)
        os.chown(folder, entry.pw_uid, entry.pw_gid)
    return folder


def start(command: list[str], folder: Path) -> subprocess.Popen[bytes]:
    """Start a server whose words go to a log in ``folder``."""
    with (folder / "log").open("ab") as log:
        return subprocess.Popen(command, cwd="/", stdout=log, stderr=log, **_as_user())


def end(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    process.send_signal(number)
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(5)


def log_of(folder: Path) -> str:
    return (folder / "log").read_text("utf-8", "replace").strip()


def _url(folder: Path, database: str) -> str:
    return f"postgresql+psycopg://postgres@/{database}?host={folder}&port={PORT}"


def _as_user() -> dict[str, Any]:
    """Arguments of subprocess for running it as somebody who may."""
    if os.geteuid() != 0:
        return {}
    names = {entry.pw_name for entry in pwd.getpwall()}
    name = next((name for name in ("postgres", "nobody") if name in names), getpass.getuser())
    return {"user": name, "group": pwd.getpwnam(name).pw_gid, "extra_groups": []}
