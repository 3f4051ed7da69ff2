"""`python -m tests.reliability [--kills N] [--restarts N] [--slots N] [--tamperings N] [--checks N]
[only ...]`: the long runs, kept as JSON; `--document` writes docs/reliability.md from the last."""

import argparse
import json
import shutil
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from rich.console import Console

from kdt import clock
from kdt.procedure.render import table
from kdt.settings import Settings
from kdt.store import cluster, embedded
from kdt.store.embedded import Server
from kdt.store.engine import Store, open_store
from tests.reliability import counting, kills, schedulers
from tests.service.test_together import prepare
from tests.verify import soak

HOME = Path("var/reliability")
RESULTS = HOME / "results.json"
DOCUMENT = Path("docs/reliability.md")
LOCATIONS = 50


@dataclass(frozen=True)
class Result:
    """One line: what was done how often, against the aim, and what was found wrong."""

    what: str
    done: int
    aim: int
    wrong: int
    note: str
    seconds: float
    on: str


def main() -> None:
    """Run what is asked for (all, when nothing is named)."""
    parser = argparse.ArgumentParser(description="KDT's long runs: kill, pause, restart, compare.")
    parser.add_argument("--kills", type=int, default=10_000)
    parser.add_argument("--restarts", type=int, default=1_000)
    parser.add_argument("--slots", type=int, default=100_000)
    parser.add_argument("--tamperings", type=int, default=10_000)
    parser.add_argument("--checks", type=int, default=100_000)
    parser.add_argument("only", nargs="*", help="kills, restarts, schedulers, tampering, figures")
    parser.add_argument(
        "--document", action="store_true", help="only write docs/reliability.md from the last run"
    )
    asked = parser.parse_args()
    if asked.document:
        DOCUMENT.write_text(document(json.loads(RESULTS.read_text())), "utf-8")
        return
    parts: dict[str, Callable[[], Result]] = {
        "kills": lambda: _killing(
            "kills of a client, a clock or a process of the database", asked.kills, 10_000,
            kills.KILLS,
        ),
        "restarts": lambda: _killing(
            "immediate restarts of the database", asked.restarts, 1_000, kills.RESTARTS
        ),
        "schedulers": lambda: _scheduling(asked.slots),
        "tampering": lambda: _tampering(asked.tamperings),
        "figures": lambda: _counting(asked.checks),
    }  # fmt: skip
    wrong = 0
    for name, part in parts.items():
        if not asked.only or name in asked.only:
            result = part()
            Console().print(result)
            _keep(result)
            wrong += result.wrong
    if wrong:
        raise SystemExit(1)


@contextmanager
def _fresh() -> Iterator[tuple[Server, Store]]:
    """An empty record with a server of its own."""
    home = HOME / "kdt"
    shutil.rmtree(home, ignore_errors=True)
    with open_store(Settings(home=home)) as store:
        held = embedded.acquire(home)
        yield held, store
        held.release()


def _killing(what: str, times: int, aim: int, weights: Mapping[str, int]) -> Result:
    began = time.monotonic()
    with _fresh() as (held, store):
        prepare(store)
        journal = HOME / "journal"
        journal.unlink(missing_ok=True)
        found = kills.kill(held, store, journal, times, weights)
        half = max(0, found.unknown - kills.at_most_unknown(found))
    parts = ", ".join(f"{number:,} {kind}" for kind, number in sorted(found.killed.items()))
    note = (
        f"{found.acknowledged:,} acknowledged entries, {found.lost} lost, "
        f"{len(found.findings)} findings of kdt verify ({parts})"
    )
    wrong = found.lost + len(found.findings) + half
    return Result(what, sum(found.killed.values()), aim, wrong, note, *_ended(began))


def _scheduling(slots: int) -> Result:
    began = time.monotonic()
    with _fresh() as (_, store):
        panels = schedulers.furnish(store, LOCATIONS)
        planned = schedulers.run(store, panels, slots)
    note = (
        f"{planned.double} double, {planned.missing} missing, {planned.undrawn} undrawn; "
        f"{schedulers.SCHEDULERS} schedulers, "
        f"paused {planned.paused:,} times, killed {planned.killed:,} times"
    )
    wrong = planned.double + planned.missing + planned.undrawn
    return Result(
        "meetings planned by many schedulers", planned.slots, 100_000, wrong, note, *_ended(began)
    )


def _tampering(times: int) -> Result:
    began = time.monotonic()
    with _fresh() as (held, store), TemporaryDirectory() as folder:
        tally = soak.run(store, held.url(cluster.SUPERUSER), Path(folder), times)
    parts = ", ".join(f"{number:,} {kind}" for kind, number in sorted(tally.done.items()))
    note = f"{len(tally.missed)} not named, {len(tally.false)} named without reason ({parts})"
    wrong = len(tally.missed) + len(tally.false)
    what = "tamperings with the record, the ledger and what is read of them"
    return Result(what, tally.done.total(), 10_000, wrong, note, *_ended(began))


def _counting(times: int) -> Result:
    began = time.monotonic()
    with _fresh() as (held, _), TemporaryDirectory() as folder:
        tally = counting.run(held, Path(folder), times)
    for seed, asked in tally.differing:
        Console().print(f"history {seed}: {asked}")
    note = (
        f"{len(tally.differing)} differ; {tally.histories:,} histories of {tally.entries:,} entries"
        f" ({tally.corrections:,} corrections, {tally.late:,} recorded late)"
    )
    wrong = len(tally.differing)
    what = "figures asked of the tallies, the log and a program written apart"
    return Result(what, tally.checks, 100_000, wrong, note, *_ended(began))


def _ended(began: float) -> tuple[float, str]:
    return time.monotonic() - began, clock.day(datetime.now(UTC)).isoformat()


def _keep(result: Result) -> None:
    """Write what was found; of what was not run this time the last result stays."""
    known = json.loads(RESULTS.read_text()) if RESULTS.exists() else []
    newest = {one["what"]: one for one in known} | {result.what: asdict(result)}
    RESULTS.write_text(json.dumps([*newest.values()], indent=2))


def document(results: list[dict[str, Any]]) -> str:
    """The table in the documentation, from the results of a run."""
    rows = [
        (
            one["what"],
            f"{one['done']:,}",
            f"{one['aim']:,}",
            str(one["wrong"]),
            one["note"],
            f"{one['seconds'] / 60:.1f}",
            one["on"],
        )
        for one in results
    ]
    head = ("what", "done", "aim", "wrong", "found", "minutes", "on")
    return f"{_ABOUT}\n\n{table(head, rows)}\n"


_ABOUT = """# What was tried, and what broke

Made by `make chaos`, which keeps its results as JSON, and `python -m tests.reliability --document`,
which writes this table. Short versions of all of it are among the tests (`tests/reliability`).

- kills: two clients bring and withdraw cases through the service and write every acknowledgement to
  a journal of their own, on disk before they go on; a clock folds the tallies. At a random moment
  one of them, or the database's process behind a connection (upon which PostgreSQL restarts all its
  processes), gets SIGKILL. Whoever was cut off asks again with the same key. Afterwards every
  acknowledged entry must be in the record, of each killed client at most one request may be there
  that nobody heard of, and `kdt verify` must find nothing. `fsync`, `full_page_writes` and
  `synchronous_commit` are asserted to be on.
- restarts: the same, with the whole database stopped as by a power cut (`pg_ctl -m immediate`).
- schedulers: processes whose clocks stand up to two hours apart plan the meetings of fifty panels,
  several days a second, while they are stopped, resumed and killed. Every working day must be there
  once for every panel.
- tampering: somebody with full rights over the database flips, deletes, truncates, swaps, slips in
  and invents entries of either log, every hash after them made right again, and rewrites and cuts
  whole histories until digests, salts, state, considerations and tallies agree again, so that the
  record by itself is found sound. Held against a checkpoint kept elsewhere, both `kdt verify` and
  the verifier that stands alone must name every one and nothing else. And they add, take away and
  change what is read of the ledger (roles, people, mappings, KDTs, recusals, hand-overs): `kdt
  verify` must name every one by itself.
- figures: of one invented history after another, with late entries and corrections, figures are
  asked over random periods, at random reference dates, by random dimensions. One question is one
  check: the tallies, the log and the oracle of `tests/oracle`, which shares no code with the
  product, must answer it with the same rows and numbers. The tests make 800 checks, `make soak`
  20,000."""


if __name__ == "__main__":
    main()
