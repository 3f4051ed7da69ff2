"""Clients, clocks and servers that are killed again and again, run as a process of its own.

A client brings cases through the service and writes down, on disk before it goes on, what was
acknowledged. A clock folds the tallies. Both are begun anew after each kill.
"""

import json
import os
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import psycopg
from sqlalchemy import make_url

from kdt import clockwork
from kdt.cases import service
from kdt.cases.service import Command, Receipt
from kdt.errors import Unavailable
from kdt.store import cluster, embedded
from kdt.store.engine import Store, connect
from tests.service.test_together import PLACES, command, officer

# How a life can end: the process that records, the clock, the database's process for one
# connection (PostgreSQL then restarts all of them), and the whole database, as in a power cut.
CLIENT, CLOCK, BACKEND, SERVER = "client", "clock", "backend", "server"
CLIENTS = 2


@dataclass(frozen=True)
class Plan:
    """What to kill: how often each kind, by weight, `times` in all."""

    home: str
    url: str
    journal: str
    times: int
    weights: Mapping[str, int]
    seed: int = 1


def bring_and_withdraw(url: str, journal: int, life: int) -> None:
    """Bring cases and withdraw them, until killed."""
    store = _store(url)
    for number in range(10**9):
        place = PLACES[number % 2]
        opening = {"case": f"Z-{number % 7}", "location": place, "ground": "other"}
        wishes = [command("open", **opening, question="decision"), command("submit")]
        done = _insist(store, place, None, wishes, f"a-{life}-{number}")
        _write(journal, *done.refs)
        withdraw = [command("withdraw", reason="Verzonnen.")]
        done = _insist(store, place, done.escalation, withdraw, f"b-{life}-{number}")
        _write(journal, *done.refs)


def fold(url: str, _journal: int, _life: int) -> None:
    """Fold the tallies, until killed."""
    store = _store(url)
    while True:
        with suppress(Unavailable):
            clockwork.fold_tallies(store, datetime.now(UTC))
        time.sleep(0.01)


def _insist(
    store: Store, place: str, escalation: str | None, wishes: list[Command], key: str
) -> Receipt:
    """Ask until it is answered; the key sees to it that it is done once."""
    while True:
        try:
            return service.perform(store, officer(place), escalation, wishes, key=key)
        except Unavailable:
            time.sleep(0.02)


def _store(url: str) -> Store:
    engine = connect(url)
    return Store(engine, url, engine.dispose)


def _write(journal: int, *refs: str) -> None:
    """Write down what was acknowledged, and wait until it is on disk."""
    os.write(journal, "".join(f"{ref}\n" for ref in refs).encode())
    os.fsync(journal)


class Killer:
    """Keeps clients and a clock going, and kills what the plan says."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._random = Random(plan.seed)
        self._journal = os.open(plan.journal, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        self._lives = 0
        self._where = cluster.locate(Path(plan.home))
        self._clients = [self._begin(bring_and_withdraw) for _ in range(CLIENTS)]
        self._clock = self._begin(fold)
        self._kill: Mapping[str, Callable[[], bool]] = {
            CLIENT: self._kill_client,
            CLOCK: self._kill_clock,
            BACKEND: self._kill_backend,
            SERVER: self._kill_server,
        }

    def run(self) -> dict[str, int]:
        """Kill as planned; how often each was."""
        done: Counter[str] = Counter()
        kinds, weights = zip(*self._plan.weights.items(), strict=True)
        while done.total() < self._plan.times:
            time.sleep(0.05 + self._random.random() * 0.35)
            kind = self._random.choices(kinds, weights)[0]
            done[kind] += self._kill[kind]()
        for child in (*self._clients, self._clock):
            self._end(child)
        return dict(done)

    def _begin(self, work: Callable[[str, int, int], None]) -> int:
        self._lives += 1
        child = os.fork()
        if child == 0:
            work(self._plan.url, self._journal, self._lives)
        return child

    def _end(self, child: int) -> None:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)

    def _kill_client(self) -> bool:
        which = self._random.randrange(CLIENTS)
        self._end(self._clients[which])
        self._clients[which] = self._begin(bring_and_withdraw)
        return True

    def _kill_clock(self) -> bool:
        self._end(self._clock)
        self._clock = self._begin(fold)
        return True

    def _kill_backend(self) -> bool:
        """Kill the database's process of a client; not, when it is just being restarted."""
        try:
            with psycopg.connect(self._administrator(), autocommit=True) as connection:
                found = connection.execute(_BACKENDS).fetchall()
        except psycopg.OperationalError:
            return False
        if not found:
            return False
        try:
            os.kill(self._random.choice(found)[0], signal.SIGKILL)
        except ProcessLookupError:
            return False
        return True

    def _kill_server(self) -> bool:
        data = self._where.data
        self._where._run("pg_ctl", "stop", "-m", "immediate", "-w", "-D", data)
        embedded.acquire(self._where.home).release()
        return True

    def _administrator(self) -> str:
        url = make_url(self._plan.url).set(
            drivername="postgresql", username=cluster.SUPERUSER, database=cluster.SUPERUSER
        )
        return url.render_as_string(hide_password=False)


_BACKENDS = (
    "select pid from pg_stat_activity "
    "where backend_type = 'client backend' and usename = 'kdt_application'"
)


def main(plan: str) -> None:
    """Kill by a plan, as JSON; says what was killed, as JSON."""
    print(json.dumps(Killer(Plan(**json.loads(plan))).run()))  # noqa: T201


def arguments(plan: Plan) -> list[str]:
    """The command that carries out a plan."""
    return [sys.executable, "-m", __name__, json.dumps(asdict(plan))]


if __name__ == "__main__":
    main(sys.argv[1])
