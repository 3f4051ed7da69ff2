"""Figures asked of one invented history after another, in an empty record each: the tallies, the
log and the oracle must give the same."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from random import Random

from kdt.cases.importing import import_history
from kdt.register.figures import Query
from kdt.store import migrate
from kdt.store.embedded import APPLICATION, OWNER, Server
from kdt.store.engine import Store, connect
from kdt.store.transaction import reading
from tests.databases import Databases, connected
from tests.oracle.generator import encode, generate
from tests.oracle.history import History, read
from tests.oracle.moments import parse_date
from tests.register.agreeing import checks

_TEMPLATE = "kdt_counted"
# Of one history so many questions, so many of them at one reference date, and so many escalations
# in it.
QUESTIONS, TOGETHER, ESCALATIONS = 200, 10, 10


@dataclass
class Tally:
    """What was checked, of how many histories and entries (of those: corrections, and recorded on a
    later day than they happened), and the questions of which the answers differ, with the seed."""

    checks: int = 0
    histories: int = 0
    entries: int = 0
    corrections: int = 0
    late: int = 0
    differing: list[tuple[int, Query]] = field(default_factory=list)


def run(server: Server, folder: Path, times: int) -> Tally:
    """Check until there were so many."""
    with connected(server) as connection:
        connection.execute(f"create database {_TEMPLATE} owner {OWNER}")
    migrate.upgrade(server.url(OWNER, _TEMPLATE))
    databases, tally = Databases(server, _TEMPLATE), Tally()
    for seed in count():
        if tally.checks >= times:
            return tally
        with _record(server, databases) as store:
            _check(
                store, folder / "history.jsonl", seed, min(QUESTIONS, times - tally.checks), tally
            )
    raise AssertionError


@contextmanager
def _record(server: Server, databases: Databases) -> Iterator[Store]:
    name = databases.take()
    url = server.url(APPLICATION, name)
    engine = connect(url)
    with Store(engine, url, engine.dispose) as store:
        yield store
    databases.give_back(name)


def _check(store: Store, file: Path, seed: int, times: int, tally: Tally) -> None:
    data = encode(generate(seed, ESCALATIONS))
    file.write_bytes(data)
    if bad := import_history(store, file, by="beheer").bad:
        raise AssertionError(f"seed {seed} is no history: {bad[0]}")
    now = datetime.now(UTC)
    history = read(data, now)
    _describe(history, tally)
    with reading(store) as connection:
        for one in checks(connection, history, Random(seed), times, now, TOGETHER):
            tally.checks += 1
            if not one.agrees:
                tally.differing.append((seed, one.asked))


def _describe(history: History, tally: Tally) -> None:
    every = [*history.entries.values()]
    tally.histories += 1
    tally.entries += len(every)
    tally.corrections += sum(one.fields["action"] == "correct" for one in every)
    tally.late += sum(one.day > parse_date(one.fields["occurredOn"]) for one in every)
