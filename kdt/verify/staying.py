"""Stays = log: the cells of lead times against the stays of each history as known at the end of a
day, less those of the day before.

A cell that says two things at once counts for both here: how they were put does not matter.
"""

from collections import Counter
from collections.abc import Iterator, Set
from datetime import date
from typing import NamedTuple

from sqlalchemy import Connection, text

from kdt import words
from kdt.procedure import State, Step, Walk
from kdt.register.stays import of_walk
from kdt.verify import folding
from kdt.verify.findings import Report
from kdt.verify.folding import Folded


class Stayed(NamedTuple):
    """That a stay began, or ended, as was recorded on a day; as a whole it is at level ""."""

    level: str
    location: str
    question: str
    ground: str
    begun_on: date
    ended_on: date | None
    ended_as: str | None
    recorded_on: date


_NAMES = ", ".join(Stayed._fields[1:])
# What is counted of a level, and of the whole.
_BOTH = " union all ".join(
    f"select {level}, {_NAMES}, amount from {table} where {where}"
    for table in ("stay_days", "stay_deltas")
    for level, where in (("level", "level <> ''"), ("''", "whole"))
)
_STREAMED = 10_000
_COUNTED = text(
    f"select level, {_NAMES}, sum(amount)::int from ({_BOTH}) as cells group by level, {_NAMES}"
)


class Stays:
    """Gathers what histories give."""

    def __init__(self) -> None:
        self.cells: Counter[Stayed] = Counter()

    def add(self, folded: Folded, missed: Set[int]) -> None:
        """Count one history, but for the entries (by number) of which none are counted yet."""
        before: set[Stayed] = set()
        for end in folded.days:
            after = set(_standing(end.steps, end.state))
            self._add(before, after, end.day, 1)
            before = after
        for seq in missed & {*folded.number.values()}:
            on = folded.entries[seq - 1].act.recorded_on
            self._add(_known(folded, seq - 1), _known(folded, seq), on, -1)

    def compare(self, connection: Connection, report: Report) -> None:
        """Every cell that is counted against what the log gives."""
        expected = self.cells
        found = connection.execute(_COUNTED, execution_options={"yield_per": _STREAMED})
        for *cell, amount in found:
            _differ(Stayed(*cell), expected.pop(Stayed(*cell), 0), amount, report)
        for one, amount in expected.items():
            _differ(one, amount, 0, report)

    def _add(self, before: set[Stayed], after: set[Stayed], day: date, amount: int) -> None:
        for one in after - before:
            self.cells[one._replace(recorded_on=day)] += amount
        for one in before - after:
            self.cells[one._replace(recorded_on=day)] -= amount


def _known(folded: Folded, upto: int) -> set[Stayed]:
    """What stood after so many entries."""
    if not upto:
        return set()
    then = folding.fold(folded.entries[:upto])
    return set(_standing(then.steps, then.state))


def _standing(steps: tuple[Step, ...], state: State | None) -> Iterator[Stayed]:
    """What stands, before it is known on which day it was recorded."""
    if state is None:
        return
    place = (state.location, state.question, state.ground)
    for by_level in (False, True):
        for stay in of_walk(Walk(steps, state), date.max, by_level=by_level):
            begun = (stay.level or "", *place, stay.begun_on)
            yield Stayed(*begun, None, None, date.min)
            if stay.end is not None:
                yield Stayed(*begun, stay.ended_on, stay.end, date.min)


def _differ(cell: Stayed, expected: int, found: int, report: Report) -> None:
    if expected != found:
        said = {name: value or "-" for name, value in cell._asdict().items()}
        where = words.say("verify.stay", **said)
        report.add("stay", where=where, expected=expected, found=found)
