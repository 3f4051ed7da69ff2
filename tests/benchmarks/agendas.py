"""An agenda of two hundred drawn up from a very long queue, against the least any program could do
for the same effect: take the first of the queue, and for each read its state, append an entry and
move it, in one transaction."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import func, select

from kdt import clock
from kdt.access.permissions import Actor
from kdt.meetings import settings
from kdt.meetings.keeping import keep
from kdt.panels.model import agenda_items
from kdt.panels.patterns import Pattern
from kdt.store.embedded import OWNER, Server
from kdt.store.engine import Store
from kdt.store.transaction import reading
from kdt.vocabulary import Role
from tests.benchmarks import server
from tests.benchmarks.measuring import Result, seconds
from tests.benchmarks.server import plain

ITEMS = 200
PANEL, LOCATION = "kdt-lang", "Lang"
# Every working day; its agenda is drawn up a week before, so that several are due at once.
_PATTERN = Pattern(
    weekdays=(1, 2, 3, 4, 5),
    starts_at=time(9),
    place="",
    cut_off_days=5,
    cut_off_hours=0,
    capacity=2 * ITEMS,
    item_minutes=2,
    attendance=1,
)

_FLOOR = """
    create table floor_queue as
        select n as id, 'queued' as phase, 0 as seq, random() as place
        from generate_series(1, {size}) n;
    alter table floor_queue add primary key (id);
    create index on floor_queue (place) where phase = 'queued';
    create table floor_log (position bigint generated always as identity primary key,
        id bigint, seq int, content bytea, unique (id, seq));
    analyze floor_queue;
"""


def run(held: Server, size: int) -> Iterator[Result]:
    """One line: milliseconds for an agenda from a queue of `size`."""
    template = server.template(held, f"waiting_{size}", lambda: _waiting(size))
    with server.database(held, template) as name, server.store(held, name) as store:
        boss = Actor("beheer", Role.ADMINISTRATOR)
        settings.set_pattern(store, boss, PANEL, _PATTERN)
        settings.go_live(store, boss, LOCATION, clock.day(datetime.now(UTC)))
        ours = seconds(lambda: keep(store, datetime.now(UTC)))
        made = _agendas(store)
        with psycopg.connect(plain(held.url(OWNER, name))) as connection:
            connection.execute(_FLOOR.format(size=size).encode())
            connection.commit()
            floor = seconds(lambda: _floor(connection, made))
    yield Result(
        f"an agenda of {ITEMS} from a queue of {size:,}",
        1000 * ours / made,
        "ms",
        1000 * floor / made,
        aim="1,000 ms",
        note=f"{made} in turn",
    )


def _agendas(store: Store) -> int:
    """How many were drawn up, each of them full."""
    with reading(store) as connection:
        drawn = select(func.count(agenda_items.c.escalation_id)).group_by(agenda_items.c.meeting)
        counts = list(connection.scalars(drawn))
    assert counts
    assert set(counts) == {ITEMS}
    return len(counts)


def _floor(connection: psycopg.Connection[tuple[Any, ...]], times: int) -> None:
    """Take the first of the queue, and for each append an entry and move it."""
    content = b"x" * 420
    for _ in range(times):
        first = connection.execute(
            "select id, seq from floor_queue where phase = 'queued' order by place limit %s "
            "for update skip locked",
            (ITEMS,),
        ).fetchall()
        for one, seq in first:
            connection.execute(
                "insert into floor_log (id, seq, content) values (%s, %s, %s)",
                (one, seq + 1, content),
            )
            connection.execute(
                "update floor_queue set seq = seq + 1, phase = 'listed' where id = %s", (one,)
            )
        connection.commit()


def _waiting(size: int) -> Path:
    """A history in which so many escalations wait for one panel."""
    path = server.HOME / f"waiting-{size}.jsonl"
    began = datetime.now(clock.AMSTERDAM) - timedelta(days=60)
    with path.open("w", encoding="utf-8") as out:
        panel = {"kind": "panel", "id": PANEL, "level": "local", "location": LOCATION}
        out.write(json.dumps(panel) + "\n")
        for number in range(size):
            at = began + timedelta(seconds=number * 40)
            line = {
                "recordedAt": at.isoformat(timespec="seconds"),
                "occurredOn": clock.day(at).isoformat(),
                "actor": f"officer-{number % 300}",
                "role": "officer",
                "escalation": f"V-{number}",
            }
            opens = {
                "case": f"W-{number}",
                "location": LOCATION,
                "question": "decision",
                "ground": "complex",
                "summary": "Een verzonnen dilemma van gewone lengte. " * 10,
            }
            if number % 3:
                due = clock.day(began) + timedelta(days=90 + number * 7919 % 200)
                opens["decideBy"] = due.isoformat()
            for each in (
                {"ref": f"{number}-1", "action": "open", **line, **opens},
                {"ref": f"{number}-2", "action": "submit", **line},
            ):
                out.write(json.dumps(each, ensure_ascii=False) + "\n")
    return path
