"""Large histories: volumes of the example year, played one at a time and merged in the order of
recording. Memory holds one volume, however many there are."""

import heapq
import json
import tempfile
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from datetime import UTC, date, datetime
from functools import partial
from itertools import count, dropwhile, takewhile
from pathlib import Path
from typing import Any

from kdt.demo.generator import generate
from kdt.demo.openings import USUAL_SIZE

SEED = 7
# How the line of an action begins in the file of a volume: the moment it was recorded, in UTC.
_MOMENT = len("2026-11-23T09:05:00+00:00")

Line = dict[str, Any]


def write(path: Path, end: date, now: datetime, escalations: int, size: int = USUAL_SIZE) -> None:
    """A history of that many escalations in the year that ends on `end`, at `path`; each volume
    holds `size` of them."""
    rest = range(escalations, 0, -size)
    with tempfile.TemporaryDirectory(dir=path.parent) as folder:
        volumes = [Path(folder, f"{volume}.txt") for volume in range(len(rest))]
        with ProcessPoolExecutor() as processes:
            told = partial(_volume, end, now)
            sizes = [min(size, left) for left in rest]
            for _ in processes.map(told, count(), sizes, volumes):
                pass
        unfinished = path.with_suffix(".part")
        with unfinished.open("w", encoding="utf-8") as out, ExitStack() as opened:
            first = generate(end, now, SEED, escalations=1)
            out.writelines(map(_encoded, takewhile(_before, first)))
            files = [opened.enter_context(one.open(encoding="utf-8")) for one in volumes]
            merged: Iterable[str] = heapq.merge(*files, key=lambda line: line[:_MOMENT])
            out.writelines(line[_MOMENT:] for line in merged)
        unfinished.rename(path)


def _volume(end: date, now: datetime, volume: int, size: int, path: Path) -> None:
    with path.open("w", encoding="utf-8") as out:
        out.writelines(_timed(generate(end, now, SEED, escalations=size, volume=volume)))


def _timed(lines: Iterator[Line]) -> Iterator[str]:
    for line in dropwhile(_before, lines):
        recorded = datetime.fromisoformat(line["recordedAt"]).astimezone(UTC)
        yield recorded.isoformat(timespec="seconds") + _encoded(line)


def _before(line: Line) -> bool:
    """Whether it stands before all that is recorded: the same in every volume."""
    return "kind" in line


def _encoded(line: Line) -> str:
    return json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n"
