"""Similar cases: how often what is found is about the same, on real Dutch texts through the search
of the product, and how long finding takes on a large record against what the index alone takes."""

import csv
import gzip
import io
import json
import resource
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import psycopg
from sqlalchemy import select

from kdt import clock
from kdt.access.permissions import Actor, scope
from kdt.cases.model import entry_texts
from kdt.similar import keeping
from kdt.similar.queries import Described, similar
from kdt.store.embedded import OWNER, Server
from kdt.store.engine import Store
from kdt.store.transaction import reading
from kdt.vocabulary import Role
from tests.benchmarks import server
from tests.benchmarks.measuring import Result, percentile, seconds

# Questions to ministers with their themes; tests/data/README.md says whence.
QUESTIONS = Path("tests/data/dutch-questions.csv.gz")
FIRST = 5
SEARCHES = 200
EVERYTHING = Actor("toezicht", Role.AUDITOR)
_PLACE = "Den Bosch"


def run(held: Server, size: int) -> Iterator[Result]:
    """How good, and how fast on `size` escalations for who may know of all and of one location."""
    yield from _quality(held)
    template = server.large(held, size)
    with server.database(held, template) as name, server.store(held, name) as store:
        taken = seconds(lambda: keeping.keep_up(store))
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        note = f"{1000 * taken / size:,.1f} ms each; peak {peak:,.0f} MiB"
        yield Result(f"similar: learning, and {size:,} made findable", taken, "s", note=note)
        described = _descriptions(store)
        member = Actor("lid", Role.MEMBER, _PLACE)
        for who, actor in (("all", EVERYTHING), ("one location", member)):
            ours = _searched(store, actor, described)
            floor = _index_alone(held, name, store, described)
            yield Result(
                f"similar cases of {who}, p95",
                1000 * percentile(ours, 0.95),
                "ms",
                1000 * percentile(floor, 0.95),
                aim="300 ms at 1,000,000",
                note=f"{size:,} escalations; against the index alone",
            )


def _quality(held: Server) -> Iterator[Result]:
    """Each question in turn is looked for among all others."""
    rows = list(csv.DictReader(io.StringIO(gzip.decompress(QUESTIONS.read_bytes()).decode())))
    themes = {f"V-{number}": row["theme"] for number, row in enumerate(rows)}
    same = found = 0
    with server.database(held) as name, server.store(held, name) as store:
        server.imported(store, _as_history([row["text"] for row in rows]))
        keeping.keep_up(store)
        for number, row in enumerate(rows):
            with reading(store.within(scope([EVERYTHING]))) as connection:
                asked = Described(row["text"], besides=f"V-{number}")
                items = similar(connection, [EVERYTHING], asked, FIRST).items
            found += FIRST
            same += sum(themes[one.escalation.id] == row["theme"] for one in items)
    amounts = Counter(themes.values())
    chance = sum((amount / len(rows)) ** 2 for amount in amounts.values())
    yield Result(
        f"similar: of the {FIRST} most similar, about the same theme",
        100 * same / found,
        "%",
        100 * chance,
        aim="55.5 %",
        note=f"{len(rows):,} parliamentary questions; the floor is chance",
    )


def _as_history(texts: Sequence[str]) -> Path:
    path = server.HOME / "questions.jsonl"
    began = datetime.now(clock.AMSTERDAM) - timedelta(days=60)
    with path.open("w", encoding="utf-8") as out:
        for number, text in enumerate(texts):
            at = began + timedelta(seconds=number * 40)
            opening = {
                "ref": f"{number}-1",
                "action": "open",
                "escalation": f"V-{number}",
                "recordedAt": at.isoformat(timespec="seconds"),
                "occurredOn": clock.day(at).isoformat(),
                "actor": "officer-1",
                "role": "officer",
                "case": f"Z-{number}",
                "location": _PLACE,
                "question": "decision",
                "ground": "complex",
                "summary": text,
            }
            out.write(json.dumps(opening, ensure_ascii=False) + "\n")
    return path


def _descriptions(store: Store) -> list[str]:
    """Texts of the record, as somebody would have typed them half."""
    tells = select(entry_texts.c.content).where(keeping.TELLS)
    with reading(store) as connection:
        found = connection.scalars(tells.order_by(entry_texts.c.escalation_id).limit(SEARCHES))
        return [str(one)[: len(str(one)) * 2 // 3] for one in found]


def _searched(store: Store, actor: Actor, described: Sequence[str]) -> list[float]:
    taken = []
    within = store.within(scope([actor]))
    for text in described:
        began = time.perf_counter()
        with reading(within) as connection:
            found = similar(connection, [actor], Described(text, "decision", "complex"), FIRST)
        taken.append(time.perf_counter() - began)
        assert len(found.items) == FIRST
    return taken


def _index_alone(held: Server, name: str, store: Store, described: Sequence[str]) -> list[float]:
    """The least: as many of the nearest points as the product weighs, for points that are known."""
    learnt, points = keeping.in_use(store)
    taken = []
    with psycopg.connect(server.plain(held.url(OWNER, name))) as connection:
        connection.execute("set hnsw.ef_search = 100")
        nearest = f"select escalation_id from {points} order by point <#> %s::halfvec limit 40"
        for text in described:
            at = keeping.written(learnt.point(text))
            taken.append(seconds(lambda: connection.execute(nearest.encode(), (at,)).fetchall()))  # noqa: B023
    return taken
