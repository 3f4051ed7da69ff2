"""Rounds, medians and the table they end up in."""

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Result:
    """One line: what was measured, against what, and the aim for their ratio or for the value."""

    what: str
    value: float
    unit: str
    floor: float | None = None
    aim: str = ""
    note: str = ""

    @property
    def ratio(self) -> float | None:
        """The value against its floor."""
        return self.value / self.floor if self.floor else None

    def as_json(self) -> dict[str, object]:
        """For the file from which the table in the documentation is made."""
        return {**asdict(self), "ratio": self.ratio}


def alternating(rounds: int, *ways: Callable[[], float]) -> list[float]:
    """The median of each way, measured in turn, so that a slow moment hits all alike."""
    seen: list[list[float]] = [[] for _ in ways]
    for _ in range(rounds):
        for values, way in zip(seen, ways, strict=True):
            values.append(way())
    return [statistics.median(values) for values in seen]


def seconds(work: Callable[[], object]) -> float:
    """How long it takes, by the wall clock."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def percentile(values: Sequence[float], share: float) -> float:
    """The value that `share` of them do not exceed."""
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]
