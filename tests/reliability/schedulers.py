"""Many clocks at once: each meeting planned and its agenda drawn up exactly once, however they are
paused, killed or set.

Every scheduler is a process with a clock of its own, up to two hours from the others'; all live
through the same years, many days a second.
"""

import os
import signal
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random

from sqlalchemy import text

from kdt.errors import Unavailable
from kdt.meetings.keeping import keep
from kdt.meetings.service import create_location
from kdt.panels.planning import plan_ahead
from kdt.store.engine import Store, connect
from kdt.store.transaction import reading
from kdt.workdays import PROPOSED
from tests.service.test_together import ADMINISTRATOR

SCHEDULERS = 6
# How far the clocks stand apart at most.
APART = timedelta(hours=2)
BEGIN = datetime(2027, 1, 4, 8, tzinfo=UTC)
DAYS_A_SECOND = 5.0


@dataclass(frozen=True)
class Planned:
    """What stood planned against what should: slots in all, doubled and missing, and those whose
    agenda was not drawn up, or more than once."""

    slots: int
    double: int
    missing: int
    undrawn: int
    paused: int
    killed: int


def furnish(store: Store, locations: int) -> list[str]:
    """So many locations, open since before the years begin; their panels."""
    for number in range(locations):
        create_location(store, ADMINISTRATOR, f"Plaats {number:02}", on=BEGIN.date())
    with reading(store) as connection:
        return list(connection.scalars(text("select id from panels order by id")))


def run(store: Store, panels: list[str], slots: int, seed: int = 1) -> Planned:
    """Let the schedulers plan until `slots` were due, pausing and killing them all the while."""
    random = Random(seed)
    days = list(PROPOSED.working_days(BEGIN.date(), BEGIN.date() + timedelta(days=365 * 60)))
    last = days[-(-slots // len(panels)) - 1]
    began = time.monotonic()
    ends = (datetime.combine(last, BEGIN.timetz()) - BEGIN) / timedelta(days=1) / DAYS_A_SECOND
    children = [_begin(store.url, began, random) for _ in range(SCHEDULERS)]
    paused, counts = set[int](), {"paused": 0, "killed": 0}
    while time.monotonic() < began + ends + 1:
        time.sleep(0.05 + random.random() * 0.2)
        which = random.randrange(SCHEDULERS)
        child = children[which]
        if child in paused:
            os.kill(child, signal.SIGCONT)
            paused.discard(child)
        elif random.random() < 0.5:
            os.kill(child, signal.SIGSTOP)
            paused.add(child)
            counts["paused"] += 1
        else:
            _end(child)
            children[which] = _begin(store.url, began, random)
            counts["killed"] += 1
    for child in children:
        _end(child)
    # One clock that lives on plans what was missed, as a scheduler does when it starts.
    plan_ahead(store, datetime.combine(last, BEGIN.timetz()))
    keep(store, datetime.combine(last + timedelta(days=1), BEGIN.timetz()))
    with reading(store) as connection:
        rows = connection.execute(
            text("select panel, held_on, count(*) from meetings group by 1, 2")
        ).all()
        drawn = connection.execute(
            text("""
                select panel, held_on from meetings join agenda_versions on meeting = meetings.id
                group by 1, 2 having count(*) = 1
            """)
        ).all()
    found = {(panel, day): count for panel, day, count in rows}
    due = {(panel, day) for panel in panels for day in PROPOSED.working_days(BEGIN.date(), last)}
    return Planned(
        len(due),
        sum(count - 1 for count in found.values()),
        len(due - found.keys()),
        len(due - {(panel, day) for panel, day in drawn}),
        counts["paused"],
        counts["killed"],
    )


def _begin(url: str, began: float, random: Random) -> int:
    skew = APART * (random.random() - 0.5)
    child = os.fork()
    if child == 0:
        _live(url, began, skew)
    return child


def _end(child: int) -> None:
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)


def _live(url: str, began: float, skew: timedelta) -> None:
    engine = connect(url)
    store = Store(engine, url, engine.dispose)
    while True:
        passed = timedelta(days=(time.monotonic() - began) * DAYS_A_SECOND)
        try:
            plan_ahead(store, BEGIN + passed + skew)
            keep(store, BEGIN + passed + skew)
        except Unavailable:
            time.sleep(0.05)
        time.sleep(0.02)
