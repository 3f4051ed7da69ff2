"""Durable actions a second, through the whole service, against the least any program could do for
the same effect: read the state, append an entry, update a row, add to two tallies, commit.

Those who act through the service are threads of processes, as many to each as `kdt serve` has for
requests; those of the floor have a process each, which is the fastest for them.
"""

import gc
import itertools
import multiprocessing
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from multiprocessing.synchronize import Barrier
from typing import Any

import psycopg

from api.app import THREADS
from kdt import clock
from kdt.access.permissions import Actor
from kdt.cases.inputs import Inputs, read
from kdt.cases.service import Command, perform
from kdt.ledger.service import By
from kdt.panels.desk import enter_imported
from kdt.procedure import Panel
from kdt.store.embedded import APPLICATION, Server
from kdt.store.engine import Store, connect
from kdt.vocabulary import Action, Role
from tests.benchmarks import server
from tests.benchmarks.measuring import Result, alternating

WRITERS = (1, 4, 16)
SECONDS = 2.0
ROUNDS = 5
# Escalations a writer goes round; each is listed and held over in turn.
EACH = 200
# Actions a writer does before it is timed: a process that serves has its connections and its
# statements ready, and 16 that begin at once would be timed on that alone.
WARM = 20

# The escalations of some writers of one process; it says when it is ready, and how much it did.
Work = Callable[[str, Sequence[list[str]], Barrier, "multiprocessing.Queue[int]"], None]

_FLOOR = """
    create table floor_state (id bigint primary key, phase text, seq int);
    create table floor_log (position bigint generated always as identity primary key,
        id bigint, seq int, content bytea, hash bytea, unique (id, seq));
    create table floor_tally (cell int primary key, amount int);
    insert into floor_tally select n, 0 from generate_series(1, 400) n;
"""


def run(held: Server) -> Iterator[Result]:
    """A line for each number of writers, and how they hold up as their number grows."""
    with server.database(held) as name:
        url = held.url(APPLICATION, name)
        with server.store(held, name) as store:
            ids = {number: _escalations(store, number) for number in range(max(WRITERS))}
        with psycopg.connect(server.plain(held.url(database=name))) as connection:
            connection.execute(_FLOOR.encode())
            connection.execute(b"grant all on floor_state, floor_log, floor_tally to kdt_app")
        rates: dict[int, float] = {}
        for writers in WRITERS:
            ours, floor = alternating(
                ROUNDS,
                lambda w=writers: _rate(w, THREADS, _service, url, ids),  # type: ignore[misc]
                lambda w=writers: _rate(w, 1, _floor, url, ids),  # type: ignore[misc]
            )
            rates[writers] = ours
            yield Result(
                f"durable actions, {writers} writers", ours, "/s", floor, aim="0.5 x floor A"
            )
        yield Result("16 writers against 4", rates[16], "/s", rates[4], aim="0.8 x")
        yield Result("16 writers against 1", rates[16], "/s", rates[1], aim="1.5 x")


def _escalations(store: Store, number: int) -> list[str]:
    """Submitted escalations, all of one location, so that all writers work for one panel."""
    now = datetime.now(clock.AMSTERDAM)
    panels = {"kdt-bench": Panel("kdt-bench", "local", "Bench")}
    with store.engine.begin() as connection:
        held = [("kdt-bench", clock.day(now))]
        enter_imported(connection, ["Bench"], panels, (), held, by=By("bench"), at=now)
    officer = Actor(f"officer-{number}", Role.OFFICER, "Bench")
    made = []
    for each in range(EACH):
        given: dict[str, object] = {
            "case": f"B-{number}-{each}-{time.time_ns()}",
            "location": "Bench",
            "question": "decision",
            "ground": "complex",
            "summary": "Een verzonnen dilemma van gewone lengte. " * 10,
        }
        commands = [Command(Action.OPEN, _read(Action.OPEN, given)), _command(Action.SUBMIT)]
        made.append(perform(store, officer, None, commands).escalation)
    return made


def _rate(writers: int, each: int, work: Work, url: str, ids: dict[int, list[str]]) -> float:
    """What so many writers do a second, `each` of them to a process."""
    context = multiprocessing.get_context("spawn")
    groups = [range(first, min(first + each, writers)) for first in range(0, writers, each)]
    start, done = context.Barrier(writers), context.Queue()
    running = [
        context.Process(target=work, args=(url, [ids[one] for one in group], start, done))
        for group in groups
    ]
    for one in running:
        one.start()
    total: int = sum(done.get() for _ in running)
    for one in running:
        one.join()
    return total / SECONDS


def _service(
    url: str, ids: Sequence[list[str]], start: Barrier, done: "multiprocessing.Queue[int]"
) -> None:
    engine = connect(url)
    store = Store(engine, url, engine.dispose)
    secretary = Actor("secretary", Role.SECRETARY, "Bench")
    today = clock.day(datetime.now(clock.AMSTERDAM)).isoformat()
    listing = _command(Action.LIST, panel="kdt-bench", meetingOn=today)
    outcome = _command(Action.CONSIDER, outcome="held_over", reasons="Nog één vraag open.")

    def write(mine: list[str]) -> int:
        places = itertools.cycle(mine)

        def both() -> None:
            escalation = next(places)
            perform(store, secretary, escalation, [listing])
            perform(store, secretary, escalation, [outcome])

        return 2 * _timed(both, WARM // 2, start)

    # As a server does once it has started.
    gc.freeze()
    with ThreadPoolExecutor(len(ids)) as threads:
        done.put(sum(threads.map(write, ids)))
    engine.dispose()


def _floor(
    url: str, ids: Sequence[list[str]], start: Barrier, done: "multiprocessing.Queue[int]"
) -> None:
    (mine,) = ids
    own = hash(mine[0]) % 1_000_000_007
    with psycopg.connect(server.plain(url)) as connection:
        connection.execute(
            "insert into floor_state select %s + n, 'queued', 0 from generate_series(1, %s) n "
            "on conflict do nothing",
            (own * 1_000, len(mine)),
        )
        connection.commit()
        counts = itertools.count()
        done.put(
            _timed(lambda: _floor_action(connection, own, len(mine), next(counts)), WARM, start)
        )


def _floor_action(
    connection: psycopg.Connection[tuple[Any, ...]], own: int, each: int, count: int
) -> None:
    content = b"x" * 420
    one = own * 1_000 + 1 + count % each
    found = connection.execute(
        "select phase, seq from floor_state where id = %s for update", (one,)
    ).fetchone()
    assert found is not None
    connection.execute(
        "insert into floor_log (id, seq, content, hash) values (%s, %s, %s, %s)",
        (one, found[1] + 1, content, content[:32]),
    )
    connection.execute(
        "update floor_state set seq = seq + 1, phase = 'listed' where id = %s", (one,)
    )
    for cell in sorted((1 + (own + count) % 400, 1 + (own + count * 7) % 400)):
        connection.execute("update floor_tally set amount = amount + 1 where cell = %s", (cell,))
    connection.commit()


def _timed(work: Callable[[], None], warm: int, start: Barrier) -> int:
    """How often it was done in the time given, once it is warm and all others are too."""
    for _ in range(warm):
        work()
    start.wait()
    count, until = 0, time.perf_counter() + SECONDS
    while time.perf_counter() < until:
        work()
        count += 1
    return count


def _command(action: Action, **given: object) -> Command:
    return Command(action, _read(action, given))


def _read(action: Action, given: dict[str, object]) -> Inputs:
    inputs = read(action, given)
    assert isinstance(inputs, Inputs)
    return inputs
