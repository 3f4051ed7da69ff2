"""`python -m tests.benchmarks [--escalations N] [only ...]`: measure, print, and keep as JSON."""

import argparse
import json
import os
import platform
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from kdt.procedure.render import table
from kdt.store.embedded import Server
from tests.benchmarks import (
    agendas,
    bulk,
    durable,
    growth,
    pages,
    publications,
    reading,
    rising,
    server,
    similar,
    starting,
)
from tests.benchmarks.measuring import Result, seconds

RESULTS = server.HOME / "results.json"
DOCUMENT = Path("docs/performance.md")
_PARTS = (
    "starting", "durable", "bulk", "reading", "similar", "agendas", "pages", "publications",
    "rising", "growth",
)  # fmt: skip


def main() -> None:
    """Run the benchmarks asked for (all, when none are named)."""
    parser = argparse.ArgumentParser(description="KDT's benchmarks: ratios, taken in one run.")
    parser.add_argument("--escalations", type=int, default=100_000, help="the size of the record")
    parser.add_argument("only", nargs="*", help=", ".join(_PARTS))
    parser.add_argument(
        "--document", action="store_true", help="only write docs/performance.md from the last run"
    )
    asked = parser.parse_args()
    if asked.document:
        _document(json.loads(RESULTS.read_text()))
        return
    size = asked.escalations
    console = Console()
    with server.running() as held:
        parts: dict[str, Callable[[Server], Iterator[Result]]] = {
            "starting": starting.run,
            "durable": durable.run,
            "bulk": lambda one: bulk.run(one, size),
            "reading": lambda one: reading.run(one, size),
            "similar": lambda one: similar.run(one, size),
            "agendas": lambda one: agendas.run(one, size),
            "pages": lambda one: pages.run(one, size),
            "publications": publications.run,
            "rising": rising.run,
            "growth": lambda one: growth.run(one, size),
        }
        results = [_probe_processor(), _probe_disk()]
        for name, part in parts.items():
            if asked.only and name not in asked.only:
                continue
            for result in part(held):
                results.append(result)
                floor = f", floor {result.floor:,.1f}" if result.floor else ""
                console.print(f"{result.what}: {result.value:,.1f} {result.unit}{floor}")
                _keep(results)
    _print(console, results)


def _keep(results: list[Result]) -> None:
    """Write what was measured; of what was not measured this time the last figure stays."""
    known = json.loads(RESULTS.read_text())["results"] if RESULTS.exists() else []
    newest = {one["what"]: one for one in known} | {one.what: one.as_json() for one in results}
    machine = {"cores": os.cpu_count(), "python": platform.python_version()}
    RESULTS.write_text(json.dumps({"machine": machine, "results": [*newest.values()]}, indent=2))


def _document(run: dict[str, Any]) -> None:
    """The table in the documentation, from the results of a run."""
    rows = [
        (
            one["what"],
            f"{one['value']:,.1f} {one['unit']}",
            f"{one['floor']:,.1f} {one['unit']}" if one["floor"] else "",
            f"{one['ratio']:.2f}" if one["ratio"] else "",
            one["aim"],
            one["note"],
        )
        for one in run["results"]
    ]
    head = ("what", "value", "floor", "ratio", "aim", "note")
    machine = f"{run['machine']['cores']} cores, Python {run['machine']['python']}"
    text = f"{_ABOUT}\n\nLast run on {machine}.\n\n{table(head, rows)}\n"
    DOCUMENT.write_text(text, "utf-8")


_ABOUT = """# How fast, against what

Made by `make bench`, which keeps its results as JSON, and `python -m tests.benchmarks --document`,
which writes this table. Every figure is a ratio against a floor taken in the same run on the same
machine: the least any program could do for the same effect. Absolute times are aims for a quiet
machine with two cores; no test fails on them.

- durable actions: the whole service (permission, locks, chain, texts, tallies, outbox) against
  plain statements that read a state, append a row, update a row, add to two tallies and commit;
  who acts is a thread of a serving process, four to each, and has a process of its own in the floor
- import: every line through the procedure, against reading the same JSON and COPY of the same rows
- figures: from the tallies, against counting considerations with a covering index
- similar cases: the product's whole search, with who may know of what, against the index alone; and
  the share of the five most similar that have the same theme, against chance
- rising themes: the weekly scan on cases from a generator it knows nothing of, in bursts, with
  seasons and busy weeks: how often it rings without a rise, and how many rises it finds in time
- pages and outcomes over HTTP: a server on the same two cores as the database and a light client in
  a process of its own, against the server's smallest answer asked the same way. Twenty users who
  ask without a pause measure throughput: the 95th percentile is then about twenty times what one
  answer costs. How long one waits is measured at a steady pace, each of the twenty once a second
- ten times the record: pages of a record of 1,000,000 escalations in one year against those of
  100,000, asked in turn; what still grows, and why, is in decision 0067"""


def _probe_processor() -> Result:
    def work() -> None:
        sum(number * number for number in range(2_000_000))

    return Result("probe: two million squares", seconds(work) * 1000, "ms")


def _probe_disk() -> Result:
    path: Path = server.HOME / "probe"

    def work() -> None:
        with path.open("wb") as file:
            for _ in range(100):
                file.write(b"x" * 4096)
                file.flush()
                os.fsync(file.fileno())

    taken = seconds(work)
    path.unlink()
    return Result("probe: a page written and synced", taken * 10, "ms")


def _print(console: Console, results: list[Result]) -> None:
    shown = Table("what", "value", "floor", "ratio", "aim", "note")
    for one in results:
        shown.add_row(
            one.what,
            f"{one.value:,.1f} {one.unit}",
            f"{one.floor:,.1f} {one.unit}" if one.floor else "",
            f"{one.ratio:.2f}" if one.ratio else "",
            one.aim,
            one.note,
        )
    console.print(shown)


if __name__ == "__main__":
    main()
