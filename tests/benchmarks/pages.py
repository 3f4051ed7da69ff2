"""A panel's queue and recording an outcome over HTTP, many at once, on a large record.

Twenty users without a pause measure throughput: each waits for the nineteen before them, whatever
the server. How long one waits shows when they ask at the pace of people. The floor of either is the
same server's smallest answer, asked in the same way.
"""

import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import cycle, islice

from kdt import clock
from kdt.cases.model import escalations
from kdt.panels.planning import plan
from kdt.store.embedded import Server
from kdt.store.engine import Store
from kdt.vocabulary import Phase
from tests.benchmarks import server
from tests.benchmarks.client import Ask, Seen, load
from tests.benchmarks.measuring import Result, percentile
from tests.benchmarks.serving import serving

USERS = 20
NATIONAL = ("secretary-national-1", "chair-national", "member-national-1")
REQUESTS = 1_000
# Requests of each user at a steady pace, and the seconds between two.
PACED, EVERY = 10, 1.0
PORT = 8732


def run(held: Server, size: int) -> Iterator[Result]:
    """Answers a second of each, and the 95th percentile in milliseconds, both ways."""
    with serving(held, server.large(held, size), PORT) as served:
        # The national queue holds the most.
        queue = [Ask("/queue", served.signed_in(person)) for person in NATIONAL]
        live = [Ask("/live", {})]
        outcomes = _outcomes(served.store)
        load(PORT, _many(queue, USERS), users=USERS)
        at_once = [load(PORT, _many(one, REQUESTS), users=USERS) for one in (queue, live)]
        paced = [
            load(PORT, _many(one, USERS * PACED), users=USERS, every=EVERY) for one in (queue, live)
        ]
        half = len(outcomes) // 2
        recorded = load(PORT, outcomes[:half], users=USERS)
        calmly = load(PORT, outcomes[half:], users=USERS, every=EVERY)
    yield from _results("queue page", size, at_once, paced, "60 ms")
    yield from _results(
        "recording an outcome", size, (recorded, at_once[1]), (calmly, paced[1]), "50 ms"
    )


def _many(asks: Sequence[Ask], number: int) -> list[Ask]:
    """So many of these in turn."""
    return list(islice(cycle(asks), number))


def _results(
    what: str, size: int, at_once: Sequence[Seen], paced: Sequence[Seen], aim: str
) -> Iterator[Result]:
    note = f"{size:,} escalations, {USERS} at once"
    rate, floor = (one.rate for one in at_once)
    yield Result(f"{what}, answers", rate, "/s", floor, "", note)
    p95, floor = (percentile(one.milliseconds, 0.95) for one in at_once)
    yield Result(f"{what}, p95", p95, "ms", floor, aim, note)
    note = f"{size:,} escalations, {USERS} users, each once a second"
    p95, floor = (percentile(one.milliseconds, 0.95) for one in paced)
    yield Result(f"{what}, p95 at a steady pace", p95, "ms", floor, aim, note)


def _outcomes(store: Store) -> list[Ask]:
    """Outcomes for what is queued nationally and at Den Bosch, each listed for today first."""
    today = clock.day(datetime.now(clock.AMSTERDAM)).isoformat()
    panels = ("kdt-national", "kdt-den-bosch")
    with store.engine.begin() as connection:
        plan(connection, [(panel, clock.day(datetime.now(clock.AMSTERDAM))) for panel in panels])
        found = connection.execute(
            escalations.select()
            .where(
                escalations.c.phase == Phase.QUEUED,
                (escalations.c.level == "national") | (escalations.c.location == "Den Bosch"),
            )
            .limit(2 * USERS * PACED)
        ).all()
    listings, outcomes = [], []
    for number, row in enumerate(found):
        national = row.level == "national"
        panel = panels[0] if national else panels[1]
        people = NATIONAL[:2] if national else ("secretary-den-bosch-1", "chair-den-bosch")
        path = f"/v1/escalations/{row.id}"

        def post(
            what: str,
            given: dict[str, str],
            version: int,
            person: str,
            path: str = path,
        ) -> Ask:
            who = {"Authorization": f"Bearer demo-{person}", "If-Match": f'"{version}"'}
            return Ask(f"{path}/{what}", who, json.dumps(given))

        # Both may record an outcome; the secretary alone lists.
        listings.append(post("listings", {"panel": panel, "meetingOn": today}, row.seq, people[0]))
        held_over = {"outcome": "held_over", "reasons": "Nog één vraag open."}
        outcomes.append(post("considerations", held_over, row.seq + 1, people[number % 2]))
    load(PORT, listings, users=4)
    return outcomes
