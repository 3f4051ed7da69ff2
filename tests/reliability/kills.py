"""No acknowledged write is lost, whatever is killed: the journal against the record."""

import json
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import text

from kdt.store import embedded
from kdt.store.embedded import Server
from kdt.store.engine import Store
from kdt.store.transaction import reading
from kdt.verify import verify
from tests.reliability.killed import BACKEND, CLIENT, CLIENTS, CLOCK, SERVER, Plan, arguments

ROOT = Path(__file__).parents[2]
KILLS: Mapping[str, int] = {CLIENT: 7, CLOCK: 2, BACKEND: 1}
RESTARTS: Mapping[str, int] = {SERVER: 1}
# What PostgreSQL must hold to, or a kill proves little.
DURABLE = ("fsync", "full_page_writes", "synchronous_commit")


@dataclass(frozen=True)
class Found:
    """What stood in the record after the kills; `unknown` was recorded and not acknowledged."""

    killed: Mapping[str, int]
    acknowledged: int
    lost: int
    unknown: int
    findings: tuple[str, ...]


def kill(
    held: Server, store: Store, journal: Path, times: int, weights: Mapping[str, int]
) -> Found:
    """Let clients work on a prepared record, kill by `weights` so many `times`, and compare."""
    plan = Plan(str(held.cluster.home), store.url, str(journal), times, weights)
    done = subprocess.run(arguments(plan), check=True, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    killed = json.loads(done.stdout)
    # Whatever was killed last, the database may still be coming back.
    embedded.acquire(held.cluster.home).release()
    acknowledged = journal.read_text().split()
    assert len(set(acknowledged)) == len(acknowledged), "one ref acknowledged twice"
    with reading(store) as connection:
        for name in DURABLE:
            assert connection.scalar(text(f"show {name}")) == "on", name
        recorded = set(connection.scalars(text("select ref from entries")))
        drafts = connection.scalar(text("select count(*) from escalations where phase = 'draft'"))
    # Opening and submitting were asked together.
    assert drafts == 0
    return Found(
        killed,
        len(acknowledged),
        len(set(acknowledged) - recorded),
        len(recorded - set(acknowledged)),
        tuple(one.sentence for one in verify(store).findings),
    )


def at_most_unknown(found: Found) -> int:
    """A client killed in the middle of one request leaves two entries nobody heard of, at most."""
    return 2 * (found.killed.get(CLIENT, 0) + CLIENTS)
