"""KDT's own PostgreSQL, for those who have no server: nothing to install, nothing to run.

It starts with the first KDT process that needs it and stops with the last. Two locks in
the home folder hold that: every process keeps a shared one on `postgres.users` while it
uses the server, and the server itself carries one on `postgres.alive`. The kernel drops
both whatever way a process ends, so after a kill nothing stale is left to guess about.
"""

import fcntl
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO
from urllib.parse import quote

from kdt import words
from kdt.errors import Unavailable
from kdt.store import cluster
from kdt.store.cluster import Cluster

DATABASE = "kdt"
OWNER = "kdt_owner"
APPLICATION = "kdt_application"
# Long enough for recovery after a crash in the middle of a bulk load.
_READY_SECONDS = 300


@dataclass(frozen=True)
class Server:
    """A hold on the running server; release it, or end the process, to let it go."""

    cluster: Cluster
    _users: IO[bytes]

    def url(self, role: str = OWNER, database: str = DATABASE) -> str:
        """The SQLAlchemy URL for a role and a database."""
        socket = quote(str(self.cluster.socket))
        return f"postgresql+psycopg://{role}@/{database}?host={socket}&port={self.cluster.port}"

    def release(self) -> None:
        """Let go; the last one to do so stops the server."""
        with _locked(self.cluster.home / "postgres.lock"):
            fcntl.flock(self._users, fcntl.LOCK_UN)
            last = _try_lock(self._users)
            self._users.close()
            if last:
                self.cluster.stop()


def acquire(home: Path) -> Server:
    """Start the server under `home` or join the one running there.

    Raises Unavailable when it cannot start, or holds data of another version.
    """
    try:
        where = cluster.locate(home)
        with _locked(where.home / "postgres.lock"), ExitStack() as undo:
            users = undo.enter_context(_open(where.home / "postgres.users"))
            fcntl.flock(users, fcntl.LOCK_SH)
            where.create()
            _ensure_running(where)
            undo.pop_all()
    except OSError as error:
        raise Unavailable(f"KDT kan niet werken in {home}: {words.why(error)}.") from error
    return Server(where, users)


@contextmanager
def server(home: Path) -> Iterator[str]:
    """Hold the server for the length of a block; gives the owner's SQLAlchemy URL."""
    held = acquire(home)
    try:
        yield held.url()
    finally:
        held.release()


@contextmanager
def older(home: Path, version: int) -> Iterator[str]:
    """Run an earlier version's server over its data, alone, for the length of a block; gives the
    owner's SQLAlchemy URL. Raises Unavailable while another process uses them."""
    where = replace(cluster.locate(home), version=version)
    with (
        _locked(where.home / "postgres.lock"),
        _open(where.home / "postgres.users") as users,
        _open(where.home / "postgres.alive") as alive,
    ):
        if not (_try_lock(users) and _try_lock(alive)):
            raise Unavailable("Een ander KDT-proces gebruikt deze database; stop dat eerst.")
        where.start(alive.fileno())
        try:
            yield Server(where, users).url()
        finally:
            where.stop()


def _ensure_running(where: Cluster) -> None:
    """Adopt the running server, or start one; the start lock is held."""
    until = time.monotonic() + _READY_SECONDS
    while time.monotonic() < until:
        with _open(where.home / "postgres.alive") as alive:
            if _try_lock(alive):
                where.start(alive.fileno())
        # It may be recovering, or on its way out after its postmaster was killed.
        if where.answers():
            where.prepare(DATABASE, owner=OWNER, application=APPLICATION)
            return
        time.sleep(0.05)
    raise Unavailable(f"De eigen database van KDT geeft geen antwoord; zie {where.log}.")


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    with _open(path) as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _open(path: Path) -> IO[bytes]:
    file = path.open("ab")
    cluster.hand_over(path)
    return file


def _try_lock(file: IO[bytes]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
